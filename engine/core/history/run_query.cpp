// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/run_query.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

namespace descent {

namespace {

constexpr std::size_t longest = 10'000, deepest = 100; // characters; brackets within brackets

enum class Relation { equal, unequal, less, lessOrEqual, greater, greaterOrEqual, holds };

char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text)
{
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lowered(c); });
    return result;
}

/// pattern and text in lower case; * stands for anything. Whether some part of the text is so.
bool holds(std::string_view text, std::string_view pattern)
{
    std::size_t at = 0;
    for (std::size_t start = 0; start <= pattern.size();) {
        const std::size_t star = std::min(pattern.find('*', start), pattern.size());
        const std::size_t found = text.find(pattern.substr(start, star - start), at);
        if (found == std::string_view::npos)
            return false;
        at = found + (star - start);
        start = star + 1;
    }
    return true;
}

struct Token {
    enum class Kind { word, quoted, relation, open, close, end } kind = Kind::end;
    std::string text; // of a word; a quoted one without its quotes
    Relation relation = Relation::equal;
    std::size_t from = 0, to = 0;
    bool isCut = false; // a quote that does not end
};

constexpr std::array<std::pair<std::string_view, Relation>, 8> relations{{{"!=", Relation::unequal},
                                                                         {"<=", Relation::lessOrEqual},
                                                                         {">=", Relation::greaterOrEqual},
                                                                         {"==", Relation::equal},
                                                                         {"=", Relation::equal},
                                                                         {"<", Relation::less},
                                                                         {">", Relation::greater},
                                                                         {"~", Relation::holds}}};

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

Token tokenAt(std::string_view text, std::size_t at)
{
    while (at < text.size() && isSpace(text[at]))
        ++at;
    Token token{.from = at, .to = at};
    if (at == text.size())
        return token;
    const char first = text[at];
    if (first == '(' || first == ')') {
        token.kind = first == '(' ? Token::Kind::open : Token::Kind::close;
        token.to = at + 1;
        return token;
    }
    for (const auto& [written, relation] : relations)
        if (text.substr(at).starts_with(written)) {
            token.kind = Token::Kind::relation;
            token.relation = relation;
            token.to = at + written.size();
            return token;
        }
    if (first == '"') {
        token.kind = Token::Kind::quoted;
        std::size_t end = at + 1;
        for (; end < text.size() && text[end] != '"'; ++end) {
            if (text[end] == '\\' && end + 1 < text.size())
                ++end;
            token.text += text[end];
        }
        token.isCut = end == text.size();
        token.to = std::min(end + 1, text.size());
        return token;
    }
    token.kind = Token::Kind::word;
    std::size_t end = at;
    while (end < text.size() && !isSpace(text[end]) && std::string_view{"()=<>~\"!"}.find(text[end]) == std::string_view::npos)
        ++end;
    if (end == at)
        ++end; // a lone "!"
    token.text = text.substr(at, end - at);
    token.to = end;
    return token;
}

bool isKeyword(const Token& token, std::string_view keyword)
{
    return token.kind == Token::Kind::word && lowered(token.text) == keyword;
}

/// "0.9", "95%", "10k", "1.5M", "2h": nothing when it is no such number.
std::optional<double> numberFrom(std::string_view text)
{
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || text.empty())
        return std::nullopt;
    const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    constexpr std::array<std::pair<std::string_view, double>, 10> units{
        {{"", 1}, {"%", 0.01}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}, {"w", 604'800}}};
    for (const auto& [name, factor] : units)
        if (unit == name)
            return number * factor;
    return std::nullopt;
}

/// "2026-11-28" as seconds since 1970, UTC.
std::optional<double> dayFrom(std::string_view text)
{
    int year = 0;
    unsigned month = 0, day = 0;
    const auto part = [&](std::size_t from, std::size_t size, auto& into) {
        const std::string_view digits = text.substr(from, size);
        return std::from_chars(digits.data(), digits.data() + digits.size(), into).ptr == digits.data() + digits.size();
    };
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !part(0, 4, year) || !part(5, 2, month) || !part(8, 2, day))
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::duration<double>(std::chrono::sys_days{date}.time_since_epoch()).count();
}

Problem problemAt(std::size_t position, Text message, Text hint = {})
{
    return {std::to_string(position), std::move(message), std::move(hint)};
}

}

struct RunQuery::Node {
    enum class Kind { all, any, none, compare } kind = Kind::all; // none: not the only child
    std::vector<std::shared_ptr<const Node>> children;
    std::size_t field = 0;
    Relation relation = Relation::equal;
    bool isNone = false;
    std::string text; // in lower case
    std::optional<double> number;

    bool fitsText(std::string_view written) const
    {
        const std::string low = lowered(written);
        return relation == Relation::holds ? holds(low, text)
            : relation == Relation::equal || relation == Relation::unequal ? low == text
            : compares(low.compare(text));
    }
    bool compares(double sign) const
    {
        switch (relation) {
        case Relation::equal: return sign == 0;
        case Relation::unequal: return sign != 0;
        case Relation::less: return sign < 0;
        case Relation::lessOrEqual: return sign <= 0;
        case Relation::greater: return sign > 0;
        case Relation::greaterOrEqual: return sign >= 0;
        case Relation::holds: return false;
        }
        return false;
    }
    static bool isNothing(const RunValue& value)
    {
        const auto* text = std::get_if<std::string>(&value);
        const auto* several = std::get_if<std::vector<std::string>>(&value);
        return std::holds_alternative<std::monostate>(value) || (text && text->empty()) || (several && several->empty());
    }
    bool fitsValue(const RunValue& value) const
    {
        if (isNone)
            return (relation == Relation::equal) == isNothing(value);
        if (const auto* one = std::get_if<double>(&value)) {
            if (!number)
                return false;
            if (std::isnan(*one) || std::isnan(*number)) {
                const bool alike = std::isnan(*one) && std::isnan(*number);
                return relation == Relation::equal ? alike : relation == Relation::unequal && !alike;
            }
            return compares(*one < *number ? -1 : *one > *number ? 1 : 0);
        }
        if (const auto* one = std::get_if<std::string>(&value))
            return fitsText(*one) != (relation == Relation::unequal);
        if (const auto* several = std::get_if<std::vector<std::string>>(&value))
            return std::any_of(several->begin(), several->end(), [this](const std::string& one) { return fitsText(one); }) != (relation == Relation::unequal);
        return false;
    }
    bool fits(const std::function<const RunValue&(std::size_t)>& value) const
    {
        const auto child = [&](const std::shared_ptr<const Node>& one) { return one->fits(value); };
        switch (kind) {
        case Kind::all: return std::all_of(children.begin(), children.end(), child);
        case Kind::any: return std::any_of(children.begin(), children.end(), child);
        case Kind::none: return !children.front()->fits(value);
        case Kind::compare: return fitsValue(value(field));
        }
        return false;
    }
};

namespace {

/// A recursive descent: or, and, not, what stands alone.
class Parser {
public:
    using Node = RunQuery::Node;
    using NodePointer = std::shared_ptr<const Node>;

    explicit Parser(std::string_view text) : m_text{text}, m_token{tokenAt(text, 0)} {}

    Result<NodePointer> query()
    {
        NodePointer root;
        if (m_token.kind != Token::Kind::end)
            root = disjunction(0);
        if (!m_problem && m_token.kind == Token::Kind::close)
            refuse(m_token, text("there is no \"(\" to this \")\""));
        if (m_problem)
            return {std::nullopt, {*m_problem}};
        return {root, {}};
    }
    std::vector<std::string> fields() { return std::move(m_fields); }

private:
    Token taken()
    {
        Token token = std::move(m_token);
        m_token = tokenAt(m_text, token.to);
        return token;
    }
    void refuse(const Token& token, Text message, Text hint = {})
    {
        if (!m_problem)
            m_problem = problemAt(token.from, std::move(message), std::move(hint));
    }
    std::size_t fieldNumber(std::string name)
    {
        const auto known = std::find(m_fields.begin(), m_fields.end(), name);
        if (known != m_fields.end())
            return static_cast<std::size_t>(known - m_fields.begin());
        m_fields.push_back(std::move(name));
        return m_fields.size() - 1;
    }

    NodePointer several(Node::Kind kind, std::vector<NodePointer> children)
    {
        if (children.size() == 1)
            return children.front();
        auto node = std::make_shared<Node>();
        node->kind = kind;
        node->children = std::move(children);
        return node;
    }
    NodePointer disjunction(std::size_t depth)
    {
        std::vector<NodePointer> children{conjunction(depth)};
        while (!m_problem && isKeyword(m_token, "or")) {
            taken();
            children.push_back(conjunction(depth));
        }
        return several(Node::Kind::any, std::move(children));
    }
    NodePointer conjunction(std::size_t depth)
    {
        std::vector<NodePointer> children{negation(depth)};
        while (!m_problem && m_token.kind != Token::Kind::end && m_token.kind != Token::Kind::close && !isKeyword(m_token, "or")) {
            if (isKeyword(m_token, "and"))
                taken();
            children.push_back(negation(depth));
        }
        return several(Node::Kind::all, std::move(children));
    }
    NodePointer negation(std::size_t depth)
    {
        if (depth > deepest) {
            refuse(m_token, text("the brackets are too deep"));
            return {};
        }
        if (isKeyword(m_token, "not")) {
            taken();
            auto node = std::make_shared<Node>();
            node->kind = Node::Kind::none;
            node->children = {negation(depth + 1)};
            return node;
        }
        if (m_token.kind == Token::Kind::open) {
            const Token open = taken();
            NodePointer inner = disjunction(depth + 1);
            if (m_token.kind == Token::Kind::close)
                taken();
            else
                refuse(open, text("this \"(\" has no \")\""));
            return inner;
        }
        return comparison();
    }
    NodePointer comparison()
    {
        const Token name = taken();
        const bool isName = name.kind == Token::Kind::word || name.kind == Token::Kind::quoted;
        if (!isName || isKeyword(name, "and") || isKeyword(name, "or")) {
            refuse(name, name.kind == Token::Kind::end ? text("something is missing at the end") : text("a name or a word is missing here"),
                   text("as in accuracy > 0.9"));
            return {};
        }
        if (name.isCut)
            refuse(name, text("this quote does not end"));
        auto node = std::make_shared<Node>();
        node->kind = Node::Kind::compare;
        if (m_token.kind != Token::Kind::relation) {
            node->field = fieldNumber({});
            node->relation = Relation::holds;
            node->text = lowered(name.text);
            return node;
        }
        node->field = fieldNumber(name.text);
        node->relation = taken().relation;
        const Token value = taken();
        if (value.kind != Token::Kind::word && value.kind != Token::Kind::quoted) {
            refuse(value, text("a value is missing behind \"%1\"", name.text), text("as in accuracy > 0.9, or = none where there is none"));
            return {};
        }
        if (value.isCut)
            refuse(value, text("this quote does not end"));
        node->text = lowered(value.text);
        if (value.kind == Token::Kind::word) {
            node->isNone = node->text == "none";
            node->number = numberFrom(value.text);
            if (!node->number)
                node->number = dayFrom(value.text);
        }
        if (node->isNone && node->relation != Relation::equal && node->relation != Relation::unequal)
            refuse(value, text("\"none\" is neither more nor less than anything"), text("write = none or != none"));
        return node;
    }

    std::string_view m_text;
    Token m_token;
    std::vector<std::string> m_fields;
    std::optional<Problem> m_problem;
};

}

RunQuery::RunQuery() = default;

Result<RunQuery> RunQuery::parse(std::string_view text_)
{
    if (text_.size() > longest)
        return {std::nullopt, {problemAt(longest, text("the query is longer than %1 characters", longest))}};
    Parser parser{text_};
    auto root = parser.query();
    if (!root)
        return {std::nullopt, std::move(root.problems)};
    RunQuery query;
    query.m_root = std::move(*root.value);
    query.m_fields = parser.fields();
    return {std::move(query), {}};
}

bool RunQuery::fits(const std::function<const RunValue&(std::size_t)>& value) const
{
    return !m_root || m_root->fits(value);
}

std::string quotedForQuery(std::string_view text)
{
    const std::string low = lowered(text);
    const bool isPlain = !text.empty() && text.find_first_of(" \t\r\n()=<>~\"!\\") == std::string_view::npos && low != "and" && low != "or" && low != "not" && low != "none";
    if (isPlain)
        return std::string{text};
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

std::vector<QueryCompletion> completionsAt(std::string_view text, std::size_t cursor, const std::vector<QueryField>& fields, std::size_t most)
{
    cursor = std::min(cursor, text.size());
    std::vector<Token> before; // whole ones
    Token current{.from = cursor, .to = cursor};
    for (Token token = tokenAt(text, 0); token.kind != Token::Kind::end && token.from < cursor; token = tokenAt(text, token.to)) {
        const bool isWord = token.kind == Token::Kind::word || token.kind == Token::Kind::quoted;
        if (isWord && token.to >= cursor && (token.kind == Token::Kind::word || token.isCut || token.to > cursor)) {
            current = token;
            break;
        }
        before.push_back(std::move(token));
    }
    const std::size_t offset = current.kind == Token::Kind::quoted ? 1 : 0;
    const std::string typed = lowered(text.substr(std::min(current.from + offset, cursor), cursor - std::min(current.from + offset, cursor)));
    std::vector<std::string> candidates;
    const bool afterRelation = !before.empty() && before.back().kind == Token::Kind::relation;
    const auto isOperand = [&](std::size_t back) {
        if (before.size() < back)
            return false;
        const Token& token = before[before.size() - back];
        return (token.kind == Token::Kind::word || token.kind == Token::Kind::quoted) && !isKeyword(token, "and") && !isKeyword(token, "or") && !isKeyword(token, "not");
    };
    const bool afterValue = isOperand(1) && before.size() >= 2 && before[before.size() - 2].kind == Token::Kind::relation;
    const bool afterBracket = !before.empty() && before.back().kind == Token::Kind::close;
    if (afterRelation && isOperand(2)) {
        const auto field = std::find_if(fields.begin(), fields.end(), [&](const QueryField& one) { return lowered(one.name) == lowered(before[before.size() - 2].text); });
        if (field != fields.end())
            candidates = field->values;
        candidates.push_back("none");
    } else if (afterValue || afterBracket) {
        candidates = {"and", "or"};
    } else if (isOperand(1) && current.kind == Token::Kind::end) {
        candidates = {"=", "!=", "<", "<=", ">", ">=", "~"};
    } else {
        for (const QueryField& field : fields)
            candidates.push_back(field.name);
        candidates.push_back("not");
    }
    std::vector<QueryCompletion> first, second;
    for (const std::string& candidate : candidates) {
        const std::string low = lowered(candidate);
        const bool isOperator = !low.empty() && std::string_view{"=!<>~"}.find(low.front()) != std::string_view::npos;
        const bool isKeywordItself = low == "none" || low == "and" || low == "or" || low == "not";
        QueryCompletion completion{isOperator || isKeywordItself ? candidate : quotedForQuery(candidate), current.from, current.to};
        if (low.starts_with(typed))
            first.push_back(std::move(completion));
        else if (low.find(typed) != std::string::npos)
            second.push_back(std::move(completion));
    }
    first.insert(first.end(), std::make_move_iterator(second.begin()), std::make_move_iterator(second.end()));
    if (first.size() > most)
        first.resize(most);
    return first;
}

}

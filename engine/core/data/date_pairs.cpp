// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/dataset.h"

#include <array>
#include <cctype>
#include <chrono>
#include <unordered_set>

namespace descent {

namespace {

namespace chrono = std::chrono;

constexpr std::array<const char*, 12> englishMonths{"January", "February", "March",     "April",   "May",      "June",
                                                    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<const char*, 12> germanMonths{"Januar", "Februar", "März",      "April",   "Mai",      "Juni",
                                                   "Juli",   "August",  "September", "Oktober", "November", "Dezember"};
constexpr std::array<const char*, 12> englishShort{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 12> germanShort{"Jan.", "Feb.", "Mrz.", "Apr.", "Mai", "Jun.", "Jul.", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."};
constexpr std::array<const char*, 7> englishDays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array<const char*, 7> germanDays{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"};

constexpr int firstYear = 1970, lastYear = 2029; // two digits of a year have one meaning
constexpr std::int64_t mostPairs = 100'000;      // well below the ways there are to write these days

struct Date {
    int year = 0, month = 0, day = 0, weekday = 0;
    explicit Date(Random& random)
    {
        const chrono::sys_days first = chrono::year{firstYear} / 1 / 1, end = chrono::year{lastYear + 1} / 1 / 1;
        const chrono::sys_days at =
            first + chrono::days{static_cast<int>(random.below(static_cast<std::uint64_t>((end - first).count())))};
        const chrono::year_month_day date{at};
        year = static_cast<int>(date.year());
        month = static_cast<int>(static_cast<unsigned>(date.month()));
        day = static_cast<int>(static_cast<unsigned>(date.day()));
        weekday = static_cast<int>(chrono::weekday{at}.c_encoding());
    }
    template <std::size_t N>
    static const char* of(const std::array<const char*, N>& names, int i) { return names[static_cast<std::size_t>(i)]; }
};

const char* ordinalEnding(int day)
{
    if (day >= 11 && day <= 13)
        return "th";
    return day % 10 == 1 ? "st" : day % 10 == 2 ? "nd" : day % 10 == 3 ? "rd" : "th";
}

/// As people in the United States and Britain write it; numbers between slashes are month, day, year.
std::string english(const Date& d, Random& random)
{
    const char* month = Date::of(englishMonths, d.month - 1);
    const char* brief = Date::of(englishShort, d.month - 1);
    const char* weekday = Date::of(englishDays, d.weekday);
    switch (random.below(11)) {
    case 0: return fmt::format("{} {}, {}", month, d.day, d.year);
    case 1: return fmt::format("{} {}, {}", brief, d.day, d.year);
    case 2: return fmt::format("{} {} {}", d.day, month, d.year);
    case 3: return fmt::format("{} {} {:02}", d.day, brief, d.year % 100);
    case 4: return fmt::format("{}, {} {}, {}", weekday, month, d.day, d.year);
    case 5: return fmt::format("{}{} of {} {}", d.day, ordinalEnding(d.day), month, d.year);
    case 6: return fmt::format("{} {}{}, {}", month, d.day, ordinalEnding(d.day), d.year);
    case 7: return fmt::format("{}/{}/{}", d.month, d.day, d.year);
    case 8: return fmt::format("{:02}/{:02}/{:02}", d.month, d.day, d.year % 100);
    case 9: return fmt::format("{} {} {} '{:02}", weekday, d.day, brief, d.year % 100);
    default: return fmt::format("the {}{} of {}, {}", d.day, ordinalEnding(d.day), month, d.year);
    }
}

std::string german(const Date& d, Random& random)
{
    const char* month = Date::of(germanMonths, d.month - 1);
    const char* brief = Date::of(germanShort, d.month - 1);
    const char* weekday = Date::of(germanDays, d.weekday);
    switch (random.below(9)) {
    case 0: return fmt::format("{}. {} {}", d.day, month, d.year);
    case 1: return fmt::format("{}, den {}. {} {}", weekday, d.day, month, d.year);
    case 2: return fmt::format("{}. {} {}", d.day, brief, d.year);
    case 3: return fmt::format("{}.{}.{}", d.day, d.month, d.year);
    case 4: return fmt::format("{:02}.{:02}.{:02}", d.day, d.month, d.year % 100);
    case 5: return fmt::format("{}, {}.{}.{}", weekday, d.day, d.month, d.year);
    case 6: return fmt::format("am {}. {} {}", d.day, month, d.year);
    case 7: return fmt::format("{}. {} '{:02}", d.day, month, d.year % 100);
    default: return fmt::format("{:.2}, {}. {} {:02}", weekday, d.day, brief, d.year % 100);
    }
}

std::string inOneCase(std::string written, Random& random)
{
    const auto hand = random.below(6);
    if (hand > 1)
        return written;
    for (char& c : written) // letters beyond ASCII stay: a small "ä" among capitals is read all the same
        c = static_cast<char>(hand == 0 ? std::tolower(static_cast<unsigned char>(c)) : std::toupper(static_cast<unsigned char>(c)));
    return written;
}

enum class Languages { english, german, both };

std::string written(const Date& date, Languages languages, Random& random)
{
    const bool isGerman = languages == Languages::german || (languages == Languages::both && random.below(2) == 1);
    return inOneCase(isGerman ? german(date, random) : english(date, random), random);
}

}

/// Dates as people write them and as machines do, the known first exercise in translating: short, and every answer can be
/// checked. No text occurs twice, so none of the test was learnt.
DatasetKind datePairsKind()
{
    const Schema schema{
        {.name = "samples",
         .label = "Pairs",
         .help = "How many are made to learn from; a sixth as many more are kept as test.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{12000},
         .minimum = 100,
         .maximum = static_cast<double>(mostPairs),
         .logarithmic = true,
         .common = true},
        {.name = "languages",
         .label = "Languages",
         .help = "Whose way of writing a date.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"both"},
         .common = true,
         .choices = {{"both", "English and German", ""}, {"english", "English", ""}, {"german", "German", ""}}},
        {.name = "seed",
         .label = "Data seed",
         .help = "Another number makes other dates.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 0,
         .maximum = 1e15},
    };
    return {.id = "date-pairs",
            .label = "Dates",
            .help = "Dates as people write them, to be written as 2016-11-05: translation that is learnt in a minute.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) -> Result<Dataset> {
                const std::int64_t count = integerOf(schema, parameters, "samples");
                const std::string chosen = textOf(schema, parameters, "languages");
                const Languages languages = chosen == "both" ? Languages::both
                    : chosen == "english"                    ? Languages::english
                                                             : Languages::german;
                Random random{derivedSeed(static_cast<std::uint64_t>(integerOf(schema, parameters, "seed")), "dates")};
                Dataset dataset{.name = "Dates"};
                dataset.train = {.inputs = Texts{}, .targets = {.name = "ISO 8601"}};
                dataset.test = dataset.train;
                std::unordered_set<std::string> seen;
                for (const std::int64_t all = count + std::max<std::int64_t>(count / 6, 20); std::ssize(seen) < all;) {
                    if (control.stop.stop_requested())
                        throw Cancelled{};
                    const Date date{random};
                    std::string text = written(date, languages, random);
                    if (!seen.insert(text).second)
                        continue;
                    Samples& part = std::ssize(seen) <= count ? dataset.train : *dataset.test;
                    std::get<Texts>(part.inputs).texts.push_back(std::move(text));
                    part.targets.texts.push_back(fmt::format("{}-{:02}-{:02}", date.year, date.month, date.day));
                }
                return {std::move(dataset), {}};
            }};
}

}

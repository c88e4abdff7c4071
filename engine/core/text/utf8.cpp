// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text/utf8.h"

#include <algorithm>

namespace descent {

namespace {

/// Bytes that a character beginning with `first` takes; 0 where none begins so.
std::size_t lengthBy(unsigned char first)
{
    return first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

bool within(char32_t character, char32_t first, char32_t last)
{
    return character >= first && character <= last;
}

}

Character firstCharacter(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = lengthBy(first);
    if (length == 1)
        return {first, 1};
    if (length == 0 || text.size() < length)
        return {replacementCharacter, 1};
    char32_t value = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0) != 0x80)
            return {replacementCharacter, 1};
        value = value << 6 | (byte & 0x3F);
    }
    constexpr char32_t shortest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < shortest[length] || within(value, 0xD800, 0xDFFF) || value > 0x10FFFF)
        return {replacementCharacter, 1};
    return {value, length};
}

void appendUtf8(std::string& text, char32_t character)
{
    const auto add = [&](char32_t byte) { text += static_cast<char>(byte); };
    if (character < 0x80) {
        add(character);
    } else if (character < 0x800) {
        add(0xC0 | character >> 6);
        add(0x80 | (character & 0x3F));
    } else if (character < 0x10000) {
        add(0xE0 | character >> 12);
        add(0x80 | (character >> 6 & 0x3F));
        add(0x80 | (character & 0x3F));
    } else {
        add(0xF0 | character >> 18);
        add(0x80 | (character >> 12 & 0x3F));
        add(0x80 | (character >> 6 & 0x3F));
        add(0x80 | (character & 0x3F));
    }
}

bool isUtf8(std::string_view text)
{
    while (!text.empty()) {
        const Character character = firstCharacter(text);
        if (character.value == replacementCharacter && character.bytes == 1)
            return false;
        text.remove_prefix(character.bytes);
    }
    return true;
}

std::int64_t countCharacters(std::string_view text)
{
    std::int64_t count = 0;
    for (; !text.empty(); text.remove_prefix(firstCharacter(text).bytes))
        ++count;
    return count;
}

std::size_t wholeCharacters(std::string_view text)
{
    // The last character begins at most four bytes before the end.
    for (std::size_t back = 1; back <= std::min<std::size_t>(4, text.size()); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xC0) == 0x80)
            continue;
        return lengthBy(byte) > back ? text.size() - back : text.size();
    }
    return text.size();
}

CharacterClass classOf(char32_t character)
{
    using enum CharacterClass;
    if (character < 0x80) {
        if (character == ' ' || within(character, '\t', '\r'))
            return space;
        if (within(character, '0', '9'))
            return digit;
        return within(character | 0x20, 'a', 'z') ? letter : punctuation;
    }
    if (character == 0xA0 || character == 0x85 || character == 0x3000 || within(character, 0x2000, 0x200A)
        || character == 0x2028 || character == 0x2029 || character == 0x202F)
        return space;
    if (character == 0xAA || character == 0xB5 || character == 0xBA)
        return letter;
    if (within(character, 0x80, 0xBF) || character == 0xD7 || character == 0xF7 || within(character, 0x200B, 0x2BFF)
        || within(character, 0x3001, 0x303F) || within(character, 0xFF01, 0xFF0F) || within(character, 0xFF1A, 0xFF20)
        || within(character, 0xFF3B, 0xFF40) || within(character, 0xFF5B, 0xFF65) || within(character, 0x1F000, 0x1FAFF)
        || character == replacementCharacter)
        return punctuation;
    if (within(character, 0xFF10, 0xFF19) || within(character, 0x660, 0x669))
        return digit;
    if (within(character, 0x3040, 0x30FF) || within(character, 0x3400, 0x9FFF) || within(character, 0xF900, 0xFAFF)
        || within(character, 0x20000, 0x3FFFF))
        return ideograph;
    return letter;
}

char32_t lowered(char32_t character)
{
    if (within(character, 'A', 'Z') || (within(character, 0xC0, 0xDE) && character != 0xD7)
        || (within(character, 0x391, 0x3A9) && character != 0x3A2) || within(character, 0x410, 0x42F))
        return character + 32;
    if (within(character, 0x400, 0x40F))
        return character + 80;
    if (character == 0x178)
        return 0xFF;
    // Latin Extended-A goes in pairs, upper before lower; U+0130 and U+0131, I with and without its dot, are no pair.
    const bool upperIsEven = within(character, 0x100, 0x12F) || within(character, 0x132, 0x137) || within(character, 0x14A, 0x177)
        || within(character, 0x460, 0x481) || within(character, 0x48A, 0x4BF) || within(character, 0x1E00, 0x1E95)
        || within(character, 0x1EA0, 0x1EFF);
    const bool upperIsOdd = within(character, 0x139, 0x148) || within(character, 0x179, 0x17E);
    if ((upperIsEven && character % 2 == 0) || (upperIsOdd && character % 2 == 1))
        return character + 1;
    return character;
}

std::string lowered(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const Character character = firstCharacter(text);
        if (character.value == replacementCharacter)
            result += text.substr(0, character.bytes); // what is not UTF-8 stays as it is
        else
            appendUtf8(result, lowered(character.value));
        text.remove_prefix(character.bytes);
    }
    return result;
}

}

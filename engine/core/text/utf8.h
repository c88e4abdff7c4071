// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace descent {

/// One character (Unicode code point) of a text, and the bytes it takes there.
struct Character {
    char32_t value = 0;
    std::size_t bytes = 0;
};
inline constexpr char32_t replacementCharacter = 0xFFFD;

/// The first character of a text that is not empty. A byte that begins no valid UTF-8 (RFC 3629: no overlong forms, no
/// surrogates, at most U+10FFFF) is a replacement character of one byte.
Character firstCharacter(std::string_view text);

void appendUtf8(std::string& text, char32_t character);
bool isUtf8(std::string_view text);
std::int64_t countCharacters(std::string_view text); ///< a byte that is not UTF-8 counts as one

/// Bytes of `text` up to its last whole character: what of a stream may be shown already. Only a character that is still
/// incomplete is held back, not bytes that can never become one.
std::size_t wholeCharacters(std::string_view text);

/// What a tokenizer must tell apart. `ideograph`: Chinese characters and kana, written without blanks between words.
enum class CharacterClass { space, letter, digit, ideograph, punctuation };
CharacterClass classOf(char32_t character);

/// Lower case of Latin, Greek and Cyrillic letters, one character for one; everything else stays. The same on every machine,
/// which towlower is not.
char32_t lowered(char32_t character);
std::string lowered(std::string_view text);

}

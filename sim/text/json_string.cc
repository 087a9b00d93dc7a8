#include "sim/text/json_string.h"

#include <cstdint>
#include <cstring>
#include <optional>

namespace ddpsim {
namespace {

void AppendUtf8(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

std::optional<uint32_t> Hex4(TextCursor& cursor) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    if (cursor.at_end()) return std::nullopt;
    static constexpr char kDigits[] = "0123456789abcdefABCDEF";
    const char* digit = cursor.peek() == '\0' ? nullptr : std::strchr(kDigits, cursor.peek());
    if (digit == nullptr) return std::nullopt;
    const uint32_t index = static_cast<uint32_t>(digit - kDigits);
    value = value * 16 + (index < 16 ? index : index - 6);
    cursor.Advance();
  }
  return value;
}

// Behind "\u". False: not four digits, or half of a surrogate pair.
bool UnicodeEscape(TextCursor& cursor, std::string& out) {
  const std::optional<uint32_t> first = Hex4(cursor);
  if (!first || (*first >= 0xDC00 && *first <= 0xDFFF)) return false;
  if (*first < 0xD800 || *first > 0xDBFF) {
    AppendUtf8(*first, out);
    return true;
  }
  if (!cursor.Accept('\\') || !cursor.Accept('u')) return false;
  const std::optional<uint32_t> second = Hex4(cursor);
  if (!second || *second < 0xDC00 || *second > 0xDFFF) return false;
  AppendUtf8(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), out);
  return true;
}

bool Escape(TextCursor& cursor, std::string& out) {
  static constexpr char kFrom[] = "\"\\/bfnrt";
  static constexpr char kTo[] = "\"\\/\b\f\n\r\t";
  cursor.Advance();
  if (cursor.at_end()) return false;
  const char c = cursor.peek();
  if (c == 'u') {
    cursor.Advance();
    return UnicodeEscape(cursor, out);
  }
  const char* found = c == '\0' ? nullptr : std::strchr(kFrom, c);
  if (found == nullptr) return false;
  out += kTo[found - kFrom];
  cursor.Advance();
  return true;
}

}  // namespace

StringError ReadJsonString(TextCursor& cursor, std::string& out) {
  const Place opening = cursor.place();
  cursor.Advance();
  while (true) {
    if (cursor.at_end()) return {opening, "the string that begins here does not end"};
    if (cursor.Accept('"')) return {};
    const Place here = cursor.place();
    if (cursor.peek() == '\\') {
      if (!Escape(cursor, out))
        return {here, "bad escape; accepted: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"};
      continue;
    }
    if (cursor.peek() == '\n')
      return {opening, "the string that begins here does not end on its line"};
    if (static_cast<uint8_t>(cursor.peek()) < 0x20)
      return {here, cursor.Shown() + " in a string; accepted: \\uXXXX"};
    const size_t length = Utf8Length(cursor.text(), cursor.offset());
    if (length == 0) return {here, cursor.Shown() + " is not UTF-8"};
    out.append(cursor.text(), cursor.offset(), length);
    cursor.Advance(length);
  }
}

}  // namespace ddpsim

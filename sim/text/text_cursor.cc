#include "sim/text/text_cursor.h"

#include <cctype>
#include <cstdint>
#include <cstdio>

namespace ddpsim {

void TextCursor::Advance() {
  const uint8_t c = static_cast<uint8_t>(text_[at_++]);
  if (c == '\n') {
    ++place_.line;
    place_.column = 1;
  } else if ((c & 0xC0) != 0x80) {
    ++place_.column;
  }
}

void TextCursor::Advance(size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) Advance();
}

bool TextCursor::Accept(char c) {
  if (at_end() || peek() != c) return false;
  Advance();
  return true;
}

std::string TextCursor::Word() {
  const size_t begin = at_;
  while (!at_end() && (std::isalnum(static_cast<unsigned char>(peek())) || peek() == '_' ||
                       peek() == '+' || peek() == '-' || peek() == '.')) {
    Advance();
  }
  return text_.substr(begin, at_ - begin);
}

std::string TextCursor::Shown() const {
  if (at_end()) return "end of file";
  const uint8_t c = static_cast<uint8_t>(peek());
  const size_t length = Utf8Length(text_, at_);
  if (c >= 0x20 && c != 0x7F && length > 0) return "\"" + text_.substr(at_, length) + "\"";
  char hex[16];
  std::snprintf(hex, sizeof(hex), "byte 0x%02x", c);
  return hex;
}

size_t Utf8Length(const std::string& text, size_t at) {
  const auto byte = [&](size_t i) {
    return at + i < text.size() ? static_cast<uint8_t>(text[at + i]) : uint8_t{0};
  };
  const auto more = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const uint8_t c = byte(0);
  if (at >= text.size()) return 0;
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return more(1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    // Overlong forms (E0 80..9F) and surrogates (ED A0..BF) are not UTF-8.
    if ((c == 0xE0 && byte(1) < 0xA0) || (c == 0xED && byte(1) > 0x9F)) return 0;
    return more(1) && more(2) ? 3 : 0;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    if ((c == 0xF0 && byte(1) < 0x90) || (c == 0xF4 && byte(1) > 0x8F)) return 0;
    return more(1) && more(2) && more(3) ? 4 : 0;
  }
  return 0;
}

bool IsUtf8(const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = Utf8Length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

}  // namespace ddpsim

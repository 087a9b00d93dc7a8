#include "sim/text/visible.h"

#include <cstdint>
#include <cstdio>

namespace ddpsim {
namespace {

struct CodePoint {
  uint32_t value = 0;
  size_t bytes = 0;  // 0: no UTF-8 begins here
};

// RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF.
CodePoint Decode(const std::string& text, size_t at) {
  const auto byte = [&](size_t i) -> uint32_t {
    return i < text.size() ? static_cast<uint8_t>(text[i]) : 0u;
  };
  const uint32_t first = byte(at);
  if (first < 0x80) return {first, 1};
  const size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return {};
  uint32_t value = first & (0xffu >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(at + i) & 0x3f);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xd800 && value < 0xe000;
  if (value < kLeast[bytes] || value > 0x10ffff || surrogate) return {};
  return {value, bytes};
}

// C0, DEL and C1 (ECMA-48), line and paragraph separators, the marks that turn the direction of
// writing (Unicode Bidirectional Algorithm, table 4).
bool Controls(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200e && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

std::string Shown(const std::string& text, bool lines) {
  std::string out;
  char escape[12];
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = Decode(text, at);
    if (c.bytes == 0) {
      std::snprintf(escape, sizeof(escape), "\\x%02x", static_cast<uint8_t>(text[at++]));
      out += escape;
      continue;
    }
    const bool meant = lines && (c.value == '\n' || c.value == '\t');
    if (meant || !Controls(c.value)) {
      out.append(text, at, c.bytes);
    } else if (c.value == '\n') {
      out += "\\n";
    } else if (c.value == '\t') {
      out += "\\t";
    } else {
      std::snprintf(escape, sizeof(escape), "\\u%04x", c.value);
      out += escape;
    }
    at += c.bytes;
  }
  return out;
}

}  // namespace

std::string Visible(const std::string& text) { return Shown(text, false); }

std::string VisibleLines(const std::string& text) { return Shown(text, true); }

}  // namespace ddpsim

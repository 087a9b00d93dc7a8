#include "sim/text/json_number.h"

#include <cctype>
#include <charconv>
#include <cmath>

namespace ddpsim {
namespace {

size_t Digits(const std::string& s, size_t at) {
  size_t n = 0;
  while (at + n < s.size() && std::isdigit(static_cast<unsigned char>(s[at + n]))) ++n;
  return n;
}

// RFC 8259 section 6: [ minus ] int [ frac ] [ exp ]. *integer: neither frac nor exp.
bool IsNumber(const std::string& s, bool* integer) {
  size_t at = s[0] == '-' ? 1 : 0;
  const size_t whole = Digits(s, at);
  if (whole == 0 || (whole > 1 && s[at] == '0')) return false;
  at += whole;
  *integer = at == s.size();
  if (at < s.size() && s[at] == '.') {
    const size_t fraction = Digits(s, at + 1);
    if (fraction == 0) return false;
    at += 1 + fraction;
  }
  if (at < s.size() && (s[at] == 'e' || s[at] == 'E')) {
    ++at;
    if (at < s.size() && (s[at] == '+' || s[at] == '-')) ++at;
    const size_t exponent = Digits(s, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == s.size();
}

}  // namespace

std::string ReadJsonNumber(TextCursor& cursor, JsonNode& node) {
  node.text = cursor.Word();
  const char* begin = node.text.data();
  const char* end = begin + node.text.size();
  bool integer = false;
  if (!IsNumber(node.text, &integer)) {
    return "\"" + node.text +
           "\" is not a JSON number (no leading zeros, no suffix; sizes with a suffix are strings: "
           "\"64k\")";
  }
  node.kind = JsonNode::Kind::kReal;
  const auto result = std::from_chars(begin, end, node.real);
  if (result.ec != std::errc() || !std::isfinite(node.real))
    return node.text + " does not fit a double";
  if (integer && std::from_chars(begin, end, node.integer).ec == std::errc())
    node.kind = JsonNode::Kind::kInteger;
  return "";
}

}  // namespace ddpsim

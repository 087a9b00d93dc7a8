#include "sim/text/byte_size.h"

#include <cctype>

namespace ddpsim {
namespace {
constexpr char kSuffixes[] = "kmgt";
}  // namespace

std::optional<int64_t> ParseByteSize(const std::string& text) {
  size_t i = 0;
  int64_t value = 0;
  for (; i < text.size() && std::isdigit(static_cast<unsigned char>(text[i])); ++i) {
    if (__builtin_mul_overflow(value, int64_t{10}, &value) ||
        __builtin_add_overflow(value, int64_t{text[i] - '0'}, &value)) {
      return std::nullopt;
    }
  }
  if (i == 0) return std::nullopt;
  if (i == text.size()) return value;
  if (i + 1 != text.size()) return std::nullopt;
  const char suffix = static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
  for (int power = 0; kSuffixes[power] != '\0'; ++power) {
    if (kSuffixes[power] != suffix) continue;
    if (__builtin_mul_overflow(value, int64_t{1} << (10 * (power + 1)), &value))
      return std::nullopt;
    return value;
  }
  return std::nullopt;
}

std::string FormatByteSize(int64_t bytes) {
  int power = 0;
  while (bytes != 0 && bytes % 1024 == 0 && kSuffixes[power] != '\0') {
    bytes /= 1024;
    ++power;
  }
  std::string out = std::to_string(bytes);
  if (power > 0) out += kSuffixes[power - 1];
  return out;
}

}  // namespace ddpsim

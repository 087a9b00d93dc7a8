#include "sim/sweep/csv_field.h"

#include <cstring>

#include "absl/strings/numbers.h"

namespace ddpsim::sweep {
namespace {

bool IsNumber(const std::string& text) {
  double value = 0;
  return text.find_first_not_of("0123456789+-.eE") == std::string::npos &&
         absl::SimpleAtod(text, &value);
}

bool IsFormula(const std::string& text) {
  return !text.empty() && std::strchr("=+-@\t\r\n", text[0]) != nullptr && !IsNumber(text);
}

}  // namespace

std::string CsvField(const std::string& text) {
  const bool formula = IsFormula(text);
  if (!formula && text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = formula ? "\"'" : "\"";
  for (char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace ddpsim::sweep

#include "sim/text/shell_quoted.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace ddpsim {

std::string ShellQuoted(const std::string& text) {
  static constexpr char kBare[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!text.empty() && text.find_first_not_of(kBare) == std::string::npos) return text;
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

}  // namespace ddpsim

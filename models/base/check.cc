#include "ddpsim/base/check.h"

#include <cstdio>

namespace ddpsim {

void FailCheck(const char* file, int line, const char* condition, const std::string& detail) {
  std::string text = std::string(file) + ":" + std::to_string(line) + ": model bug: " + condition;
  if (!detail.empty()) text += ": " + detail;
  std::fprintf(stderr, "ddpsim: %s\n", text.c_str());
  throw ModelBug(text);
}

}  // namespace ddpsim

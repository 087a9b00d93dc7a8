#include "sim/cli/progress_line.h"

#include <unistd.h>

#include <cstdio>

#include "sim/text/visible.h"

namespace ddpsim {

ProgressLine::ProgressLine(bool quiet) : wanted_(!quiet && isatty(STDERR_FILENO) == 1) {}

void ProgressLine::Show(const std::string& text) const {
  if (!wanted_) return;
  // ECMA-48 EL: erase what an earlier, longer line left.
  std::fprintf(stderr, "\r%s\033[K", Visible(text).c_str());
  std::fflush(stderr);
}

void ProgressLine::Clear() const {
  if (wanted_) std::fputs("\r\033[K", stderr);
}

}  // namespace ddpsim

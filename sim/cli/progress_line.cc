#include "sim/cli/progress_line.h"

#include <unistd.h>

#include <cstdio>

#include "sim/cli/wall_time.h"
#include "sim/text/visible.h"

namespace ddpsim {

namespace {
constexpr double kPeriod = 0.1;  // seconds
}  // namespace

ProgressLine::ProgressLine(bool quiet) : wanted_(!quiet && isatty(STDERR_FILENO) == 1) {}

bool ProgressLine::Due() const { return wanted_ && SteadySeconds() - shown_ >= kPeriod; }

void ProgressLine::Show(const std::string& text) {
  if (!Due()) return;
  shown_ = SteadySeconds();
  // ECMA-48 EL: erase what an earlier, longer line left.
  std::fprintf(stderr, "\r%s\033[K", Visible(text).c_str());
  std::fflush(stderr);
}

void ProgressLine::Clear() const {
  if (wanted_) std::fputs("\r\033[K", stderr);
}

}  // namespace ddpsim

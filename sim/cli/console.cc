#include "sim/cli/console.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "sim/cli/exit_status.h"
#include "sim/text/visible.h"

namespace ddpsim {

void Complain(const std::string& text) {
  std::fprintf(stderr, "ddpsim: %s\n", VisibleLines(text).c_str());
}

bool WantsColor(ColorChoice choice) {
  if (choice != ColorChoice::kAuto) return choice == ColorChoice::kAlways;
  // https://no-color.org: present and not empty.
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && isatty(STDOUT_FILENO) == 1;
}

int StatusOf(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kInvalidArgument) return kExitBadData;
  return status.code() == absl::StatusCode::kNotFound ? kExitNoInput : kExitIoError;
}

}  // namespace ddpsim

#include "sim/check/conservation_law.h"

#include "absl/strings/str_cat.h"

namespace ddpsim {

void ConservationLaw::Balance(const char* what, int64_t left, int64_t right, SimTime now) {
  Looked();
  if (left != right) Violate(now, absl::StrCat(what, ": ", left, " against ", right));
}

}  // namespace ddpsim

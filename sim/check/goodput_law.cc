#include "sim/check/goodput_law.h"

#include "absl/strings/str_cat.h"

namespace ddpsim {

void GoodputLaw::OnWindow(uint64_t bytes, SimTime window, double rate_gbps, SimTime now) {
  Looked();
  const double could = window.seconds() * rate_gbps * 1e9 / 8;
  if (static_cast<double>(bytes) <= could) return;
  Violate(now, absl::StrCat(bytes, " bytes in ", window.ns(), " ns: a line of ", rate_gbps,
                            " Gb/s carries ", static_cast<uint64_t>(could)));
}

}  // namespace ddpsim

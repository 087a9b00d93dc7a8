#include "sim/check/run_completes_law.h"

namespace ddpsim {

void RunCompletesLaw::OnEnd(const std::string& cut_short, uint64_t bytes, SimTime now) {
  Looked();
  if (!cut_short.empty()) Violate(now, "the run was cut short: " + cut_short);
  if (bytes == 0) Violate(now, "no data moved");
}

}  // namespace ddpsim

// Law: a run comes to its end and moves data. Broken by a run that is cut short, and by one in
// which no I/O of the measured window brought a byte: whatever the other laws saw then, it shows
// nothing.
#ifndef DDPSIM_SIM_CHECK_RUN_COMPLETES_LAW_H_
#define DDPSIM_SIM_CHECK_RUN_COMPLETES_LAW_H_

#include <cstdint>
#include <string>

#include "sim/check/law.h"

namespace ddpsim {

class RunCompletesLaw : public Law {
 public:
  RunCompletesLaw() : Law("run_completes") {}

  // `cut_short`: why, empty if the run came to its end; `bytes`: of good I/Os of the window.
  void OnEnd(const std::string& cut_short, uint64_t bytes, SimTime now);
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_RUN_COMPLETES_LAW_H_

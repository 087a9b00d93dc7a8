// Conservation: whatever went into a box came out of it or was counted as dropped. Each equation is
// a balance of counters that two different boxes keep, closed at the end of the run.
#ifndef DDPSIM_SIM_CHECK_CONSERVATION_LAW_H_
#define DDPSIM_SIM_CHECK_CONSERVATION_LAW_H_

#include <cstdint>

#include "sim/check/law.h"

namespace ddpsim {

class ConservationLaw : public Law {
 public:
  ConservationLaw() : Law("conservation") {}

  // `what` names the balance, as in "frames offered = delivered + dropped".
  void Balance(const char* what, int64_t left, int64_t right, SimTime now);
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_CONSERVATION_LAW_H_

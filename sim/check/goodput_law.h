// Goodput never exceeds the line's rate: what was counted in the measured window must have come
// over the cable in that time.
#ifndef DDPSIM_SIM_CHECK_GOODPUT_LAW_H_
#define DDPSIM_SIM_CHECK_GOODPUT_LAW_H_

#include <cstdint>

#include "sim/check/law.h"

namespace ddpsim {

class GoodputLaw : public Law {
 public:
  GoodputLaw() : Law("goodput_below_line_rate") {}

  // `bytes` of one direction, counted in a window of that length.
  void OnWindow(uint64_t bytes, SimTime window, double rate_gbps, SimTime now);
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_GOODPUT_LAW_H_

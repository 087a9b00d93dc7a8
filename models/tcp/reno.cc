#include "models/tcp/reno.h"

#include <algorithm>

namespace ddpsim {

uint32_t Reno::Ssthresh(const CwndState& cwnd) { return std::max(cwnd.cwnd / 2, 2u); }

void Reno::CongAvoid(CwndState* cwnd, const CcView& view, uint32_t acked) {
  if (!cwnd->IsCwndLimited()) return;
  if (cwnd->InSlowStart()) {
    acked = cwnd->SlowStart(acked);
    if (acked == 0) return;
  }
  cwnd->AdditiveIncrease(cwnd->cwnd, acked);
}

}  // namespace ddpsim

// Reno (RFC 5681) as Linux counts it: segments, appropriate byte counting through `acked`
// (tcp_cong.c tcp_reno_*).
#ifndef DDPSIM_MODELS_TCP_RENO_H_
#define DDPSIM_MODELS_TCP_RENO_H_

#include "models/tcp/congestion_control.h"

namespace ddpsim {

class Reno : public CongestionControl {
 public:
  uint32_t Ssthresh(const CwndState& cwnd) override;
  void CongAvoid(CwndState* cwnd, const CcView& view, uint32_t acked) override;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_RENO_H_

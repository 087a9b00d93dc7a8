// CUBIC (RFC 9438) with Linux's integers (tcp_cubic.c): time in 1/1024 s, beta = 717/1024, C =
// 410/1024 segments/s^3, the Reno-friendly region, fast convergence, and HyStart (delay increase
// and ACK train) to leave slow start. Left out: the BIC mode of early versions, module parameters.
#ifndef DDPSIM_MODELS_TCP_CUBIC_H_
#define DDPSIM_MODELS_TCP_CUBIC_H_

#include "models/tcp/congestion_control.h"

namespace ddpsim {

// Exact integer cube root, rounded down (Linux's cubic_root() is a table and one Newton step, 0.2 %
// off on average).
uint32_t CubicRoot(uint64_t a);

class Cubic : public CongestionControl {
 public:
  explicit Cubic(bool hystart) : hystart_(hystart) {}

  void Init(const CwndState& cwnd, const CcView& view) override;
  uint32_t Ssthresh(const CwndState& cwnd) override;
  void CongAvoid(CwndState* cwnd, const CcView& view, uint32_t acked) override;
  void OnStateChange(CaState state, const CcView& view) override;
  void OnTransmitStart(const CcView& view) override;
  void OnPacketsAcked(CwndState* cwnd, const CcView& view, int64_t rtt_us) override;

 private:
  void StartEpoch(const TcpClock& clock, uint32_t cwnd, uint32_t acked);
  // How many ACKed segments one more segment of cwnd costs, by the cubic function.
  void FollowCubic(const TcpClock& clock, uint32_t cwnd);
  // At least as fast as Reno with the same beta (RFC 9438 section 4.3).
  void FollowReno(uint32_t cwnd);
  void Update(const TcpClock& clock, uint32_t cwnd, uint32_t acked);
  void HystartReset(const CcView& view);
  void HystartUpdate(CwndState* cwnd, const CcView& view, uint32_t delay_us);
  bool AckTrainTooLong(const CcView& view);

  bool hystart_;
  bool found_ = false;  // HyStart has found the exit point
  uint8_t sample_cnt_ = 0;
  uint32_t cnt_ = 0;
  uint32_t last_max_cwnd_ = 0;
  uint32_t last_cwnd_ = 0;
  int64_t last_time_ = 0;  // jiffies
  uint32_t origin_point_ = 0;
  uint32_t k_ = 0;  // 1/1024 s to the origin point
  uint32_t delay_min_us_ = 0;
  int64_t epoch_start_ = 0;  // jiffies, 0: none
  uint32_t ack_cnt_ = 0;
  uint32_t tcp_cwnd_ = 0;
  int64_t round_start_us_ = 0;
  SeqNum end_seq_;
  int64_t last_ack_us_ = 0;
  uint32_t curr_rtt_us_ = ~0u;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_CUBIC_H_

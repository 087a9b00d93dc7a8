// The door for congestion controls, shaped like struct tcp_congestion_ops: one object per
// connection, called on the events below. Reno and CUBIC stand behind it; a new one is a file of
// its own and one line in the table of congestion_control.cc. Left out: cong_control() (rate-based
// controls such as BBR), ECN. Invariant: only Ssthresh(), CongAvoid() and the hooks change
// CwndState through this door; loss recovery owns it otherwise.
#ifndef DDPSIM_MODELS_TCP_CONGESTION_CONTROL_H_
#define DDPSIM_MODELS_TCP_CONGESTION_CONTROL_H_

#include <cstdint>
#include <memory>

#include "ddpsim/base/seq_num.h"
#include "models/tcp/config.h"
#include "models/tcp/tcp_clock.h"
#include "models/tcp/tcp_info.h"

namespace ddpsim {

// The window's state, in segments (tp->snd_cwnd and friends).
struct CwndState {
  uint32_t cwnd = 10;
  uint32_t ssthresh = kInfiniteSsthresh;
  uint32_t cwnd_cnt = 0;  // acked segments since the last increase
  uint32_t clamp = ~0u;
  uint32_t prior_cwnd = 0;       // before the last reduction, for undo
  uint32_t max_packets_out = 0;  // largest number in flight in the last window
  bool is_cwnd_limited = false;

  bool InSlowStart() const { return cwnd < ssthresh; }
  // RFC 7661 in Linux's form: in slow start half a used window is enough to grow.
  bool IsCwndLimited() const {
    return is_cwnd_limited || (InSlowStart() && cwnd < 2 * max_packets_out);
  }
  // Grows by `acked` up to ssthresh; returns what is left over for congestion avoidance.
  uint32_t SlowStart(uint32_t acked);
  // One segment more per `per` acked ones.
  void AdditiveIncrease(uint32_t per, uint32_t acked);
};

// What a congestion control sees of the connection besides its window.
struct CcView {
  const TcpClock& clock;
  SeqNum snd_una;
  SeqNum snd_nxt;
  uint64_t pacing_rate = 0;  // bytes per second
  int64_t last_sent_jiffies = 0;
};

class CongestionControl {
 public:
  virtual ~CongestionControl() = default;

  virtual void Init(const CwndState& cwnd, const CcView& view) {}
  // The slow-start threshold after a loss now.
  virtual uint32_t Ssthresh(const CwndState& cwnd) = 0;
  // `acked` segments were delivered outside of recovery.
  virtual void CongAvoid(CwndState* cwnd, const CcView& view, uint32_t acked) = 0;
  virtual uint32_t UndoCwnd(const CwndState& cwnd) const {
    return cwnd.cwnd > cwnd.prior_cwnd ? cwnd.cwnd : cwnd.prior_cwnd;
  }
  virtual void OnStateChange(CaState state, const CcView& view) {}
  // First transmission with nothing in flight.
  virtual void OnTransmitStart(const CcView& view) {}
  // Segments were acknowledged; rtt_us < 0: no sample.
  virtual void OnPacketsAcked(CwndState* cwnd, const CcView& view, int64_t rtt_us) {}
};

std::unique_ptr<CongestionControl> MakeCongestionControl(const TcpConfig& config);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_CONGESTION_CONTROL_H_

#include "models/tcp/prr.h"

#include <algorithm>

namespace ddpsim {

void InitCwndReduction(Tcb& t) {
  t.rec.high_seq = t.snd_nxt;
  t.rec.tlp_outstanding = false;
  t.cwnd.cwnd_cnt = 0;
  t.cwnd.prior_cwnd = t.cwnd.cwnd;
  t.rec.prr_delivered = 0;
  t.rec.prr_out = 0;
  t.cwnd.ssthresh = t.cc->Ssthresh(t.cwnd);
  t.ecn.queue_cwr = t.ecn.ok;
}

void ReduceCwnd(Tcb& t, int32_t delivered, uint32_t lost, bool snd_una_advanced) {
  if (delivered <= 0 || t.cwnd.prior_cwnd == 0) return;
  const auto in_flight = static_cast<int64_t>(t.InFlight());
  const int64_t room = static_cast<int64_t>(t.cwnd.ssthresh) - in_flight;
  t.rec.prr_delivered += static_cast<uint32_t>(delivered);
  const int64_t out = t.rec.prr_out;
  int64_t send;
  if (room < 0) {
    const uint64_t scaled =
        static_cast<uint64_t>(t.cwnd.ssthresh) * t.rec.prr_delivered + t.cwnd.prior_cwnd - 1;
    send = static_cast<int64_t>(scaled / t.cwnd.prior_cwnd) - out;
  } else {
    send = std::max<int64_t>(static_cast<int64_t>(t.rec.prr_delivered) - out, delivered);
    if (t.config.linux_3_11 || (snd_una_advanced && lost == 0)) ++send;
    send = std::min(room, send);
  }
  // The fast retransmit itself always leaves.
  send = std::max<int64_t>(send, out != 0 ? 0 : 1);
  t.cwnd.cwnd = static_cast<uint32_t>(in_flight + send);
}

void EndCwndReduction(Tcb& t) {
  if (t.cwnd.ssthresh < kInfiniteSsthresh && (t.rec.state == CaState::kCwr || t.rec.undo_armed)) {
    t.cwnd.cwnd = t.cwnd.ssthresh;
    t.cwnd_stamp = t.clock.jiffies();
  }
}

}  // namespace ddpsim

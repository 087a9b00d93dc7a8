#include "models/tcp/tcb.h"

namespace ddpsim {

Tcb::Tcb(const TcpConfig& c, uint16_t local, uint16_t peer, uint32_t initial_seq)
    : config(c),
      clock(c.hz),
      local_port(local),
      peer_port(peer),
      iss(initial_seq),
      queue(static_cast<uint32_t>(c.tx_skb_overhead)),
      cc(MakeCongestionControl(c)),
      rtt(clock, c.rto_min_us, c.rto_max_us, c.rto_init_us) {
  snd_una = snd_nxt = write_seq = pushed_seq = snd_sml = iss;
  cwnd.cwnd = static_cast<uint32_t>(c.init_cwnd);
  rec.reordering = static_cast<uint32_t>(c.reordering);
  // Linux offsets each connection's clock by a hash of its addresses; the random ISS stands in for
  // it.
  ts_offset = initial_seq * 2654435761u;
  sndbuf_locked = c.sndbuf != 0;
  sndbuf = sndbuf_locked ? c.sndbuf : c.wmem_default;
  win.locked = c.rcvbuf != 0;
  win.rcvbuf = win.locked ? c.rcvbuf : c.rmem_default;
}

void SetState(Tcb& t, TcpState state) {
  if (t.state == state) return;
  t.state = state;
  if (t.out != nullptr) t.out->state_changed = true;
}

void SetCaState(Tcb& t, CaState state) {
  t.cc->OnStateChange(state, t.View());
  t.rec.state = state;
}

}  // namespace ddpsim

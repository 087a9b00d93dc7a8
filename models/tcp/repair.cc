#include "models/tcp/repair.h"

#include "ddpsim/base/check.h"
#include "models/tcp/ack_policy.h"
#include "models/tcp/output.h"
#include "models/tcp/receive_window.h"

namespace ddpsim {
namespace {

constexpr uint32_t kLargestWindow = uint32_t{65535} << 14;  // RFC 7323 section 2.3

}  // namespace

void TakeOver(Tcb& t, SeqNum snd_nxt, SeqNum rcv_nxt) {
  SIM_CHECK(t.state == TcpState::kClosed);
  t.opt.advmss = static_cast<uint32_t>(t.config.mtu) - 40;
  t.opt.sack = t.config.sack;
  t.opt.window_scaling = true;
  InitReceiveWindow(t);
  t.irs = rcv_nxt - 1;
  t.rcv_nxt = t.copied_seq = t.win.rcv_wup = rcv_nxt;
  t.iss = snd_nxt - 1;
  t.snd_una = t.snd_nxt = t.write_seq = snd_nxt;
  t.snd_sml = t.pushed_seq = t.cwnd_usage_seq = t.rec.high_seq = snd_nxt;
  // The window of the peer, that nobody has written down: a late segment's old ACK is none too old
  // (RFC 5961 section 5.2).
  t.snd_wnd = t.max_window = kLargestWindow;
  t.stats.bytes_acked = kLargestWindow;
  t.last_sent = t.ack.last_received = t.cwnd_stamp = t.clock.jiffies();
  InitRcvMss(t);
  InitBufferSpace(t);
  t.cc->Init(t.cwnd, t.View());
  SetState(t, TcpState::kEstablished);
}

void AssumeSent(Tcb& t, SeqNum seq) {
  // Far back is a number from nowhere, or one that follows such a number.
  const bool far_back = seq < t.snd_una - kLargestWindow;
  if ((seq <= t.snd_nxt && !far_back) || !t.queue.empty()) return;
  if (!far_back) t.stats.bytes_acked += static_cast<uint32_t>(seq - t.snd_una);
  t.snd_una = t.snd_nxt = t.write_seq = seq;
  t.snd_sml = t.pushed_seq = seq;
}

}  // namespace ddpsim

#include "models/tcp/handshake.h"

#include <algorithm>

#include "models/tcp/ack_policy.h"
#include "models/tcp/close.h"
#include "models/tcp/ecn.h"
#include "models/tcp/output.h"
#include "models/tcp/receive_window.h"
#include "models/tcp/receiver.h"
#include "models/tcp/sender.h"
#include "models/tcp/timers.h"
#include "models/tcp/transmit.h"

namespace ddpsim {
namespace {

constexpr uint32_t kTimestampSpace = 12;

void SetAdvertisedMss(Tcb& t, bool timestamps) {
  uint32_t mss = static_cast<uint32_t>(t.config.mtu) - 40;
  if (t.config.max_seg != 0) mss = std::min(mss, static_cast<uint32_t>(t.config.max_seg));
  t.opt.advmss = mss - (timestamps ? kTimestampSpace : 0);
}

void Negotiate(Tcb& t, const TcpOptions& peer) {
  t.opt.sack = t.config.sack && peer.sack_permitted;
  t.opt.timestamps = t.config.timestamps && peer.has_timestamps;
  t.opt.window_scaling = t.config.window_scaling && peer.window_scale.has_value();
  t.opt.snd_wscale = t.opt.window_scaling ? std::min<uint8_t>(*peer.window_scale, 14) : 0;
  t.opt.peer_mss = peer.mss.value_or(536);
  if (t.config.max_seg != 0)
    t.opt.peer_mss = std::min(t.opt.peer_mss, static_cast<uint32_t>(t.config.max_seg));
  if (t.opt.timestamps) {
    t.ts_recent = peer.ts_val;
    t.ts_recent_stamp_us = t.clock.us();
  }
}

// tcp_in_window() of tcp_check_req(). A SYN+ACK of a simultaneous open begins one to the left.
bool InSynWindow(const Tcb& t, const Skb& skb) {
  const SeqNum end = SkbEnd(skb) + ((skb.tcp.flags & kTcpSyn) != 0 ? 1 : 0);
  const SeqNum right = t.rcv_nxt + t.win.rcv_wnd;
  if (skb.tcp.seq == t.rcv_nxt || (end > t.rcv_nxt && skb.tcp.seq < right)) return true;
  return end == t.rcv_nxt && t.syn_options.has_value();
}

// A time stamp that no SYN of ours had (LINUX_MIB_PAWSACTIVEREJECTED).
bool EchoesNoSyn(const Tcb& t, const TcpOptions& options) {
  if (!t.config.timestamps || !options.has_timestamps || options.ts_ecr == 0) return false;
  const uint32_t since_first = options.ts_ecr - t.ts_offset - t.handshake_stamp;
  return since_first > t.clock.ts_ms() - t.handshake_stamp;
}

// The peer's SYN has arrived.
void TakePeerSequence(Tcb& t, const Skb& skb) {
  t.irs = skb.tcp.seq;
  t.rcv_nxt = t.copied_seq = t.win.rcv_wup = t.irs + 1;
}

void ArmHandshake(Tcb& t) {
  const int64_t init = t.clock.UsToJiffies(t.config.rto_init_us);
  uint32_t doublings = t.handshake_retries;
  const auto linear = static_cast<uint32_t>(t.config.syn_linear_timeouts);
  if (t.state == TcpState::kSynSent) doublings -= std::min(doublings, linear);
  ArmXmitTimer(t, XmitTimer::kHandshake, init << std::min(doublings, 20u), t.rtt.rto_max_jiffies());
}

// Karn: a SYN or SYN+ACK that was sent again gives no sample, save by its time stamp
// (tcp_ack_update_rtt()). Without any the RTO is that of RFC 6298 section 5.7 (tcp_init_metrics()).
void TakeHandshakeRtt(Tcb& t) {
  const bool once = t.handshake_retries == 0;
  const int64_t rtt = once ? t.clock.us() - t.handshake_sent_us : TimestampRttUs(t);
  if (rtt < 0) {
    t.rtt.FallBack(t.clock);
    return;
  }
  t.rtt.AddMinSample(rtt, t.clock);
  t.rtt.AddSample(std::max<int64_t>(rtt, 1), t.snd_una, t.snd_nxt, t.clock);
}

void Establish(Tcb& t, const Skb& skb, uint32_t window) {
  t.snd_una = t.iss + 1;
  t.snd_nxt = SeqMax(t.snd_nxt, t.snd_una);
  t.snd_wl1 = skb.seq;
  t.snd_wnd = window;
  t.max_window = window;
  SyncMss(t);
  TakeHandshakeRtt(t);
  // Sent again twice, the network is congested (RFC 6298 section 5), unless the answer is to the
  // first (tcp_try_undo_spurious_syn()).
  const bool spurious = t.saw_tstamp && t.rcv_tsecr == t.handshake_stamp;
  if (t.handshake_retries > 1 && !spurious) t.cwnd.cwnd = 1;
  ClearXmitTimer(t);
  t.rec.high_seq = t.snd_una;
  t.snd_sml = t.pushed_seq = t.snd_una;
  t.cwnd_usage_seq = t.snd_una;
  t.last_sent = t.ack.last_received = t.cwnd_stamp = t.clock.jiffies();
  t.last_xmit_us = t.clock.us();
  InitRcvMss(t);
  InitBufferSpace(t);
  ExpandSendBuffer(t);
  t.cc->Init(t.cwnd, t.View());
  UpdatePacingRate(t);
  SetState(t, TcpState::kEstablished);
  t.out->write_space = true;
}

}  // namespace

void StartConnect(Tcb& t) {
  // The window is sized before anything is known of the peer's timestamps (tcp_connect_init()).
  SetAdvertisedMss(t, false);
  t.opt.window_scaling = t.config.window_scaling;
  InitReceiveWindow(t);
  SetAdvertisedMss(t, t.config.timestamps);
  SetState(t, TcpState::kSynSent);
  t.write_seq = t.snd_nxt = t.iss + 1;
  t.handshake_stamp = t.clock.ts_ms();
  SendSyn(t);
  ArmHandshake(t);
}

void OnSegmentInListen(Tcb& t, const Skb& skb) {
  if ((skb.tcp.flags & kTcpRst) != 0) return;
  if ((skb.tcp.flags & kTcpAck) != 0) {
    SendReset(t, skb.tcp.ack, false);
    return;
  }
  // tcp_rcv_state_process() drops a SYN that ends the stream as well.
  if ((skb.tcp.flags & (kTcpSyn | kTcpFin)) != kTcpSyn) return;
  t.peer_port = skb.tcp.source_port;
  Negotiate(t, skb.tcp.options);
  TakePeerSequence(t, skb);
  EcnOnSyn(t, skb);
  SetAdvertisedMss(t, t.opt.timestamps);
  InitReceiveWindow(t);
  t.snd_wnd = skb.tcp.window;
  t.write_seq = t.snd_nxt = t.iss + 1;
  SetState(t, TcpState::kSynReceived);
  t.handshake_stamp = t.clock.ts_ms();
  SendSynAck(t);
  ArmHandshake(t);
}

bool OnSegmentInSynSent(Tcb& t, const Skb& skb) {
  const bool has_ack = (skb.tcp.flags & kTcpAck) != 0;
  if (has_ack && (skb.tcp.ack != t.iss + 1 || EchoesNoSyn(t, skb.tcp.options))) {
    if ((skb.tcp.flags & kTcpRst) == 0) SendReset(t, skb.tcp.ack, false);
    return false;
  }
  if ((skb.tcp.flags & kTcpRst) != 0) {
    if (has_ack) ResetConnection(t);
    return false;
  }
  if ((skb.tcp.flags & kTcpSyn) == 0) return false;
  Negotiate(t, skb.tcp.options);
  ReadTimestamps(t, skb.tcp.options);
  if (has_ack) EcnOnSynAck(t, skb);
  TakePeerSequence(t, skb);
  SetAdvertisedMss(t, t.opt.timestamps);
  if (!t.opt.window_scaling) {
    t.opt.rcv_wscale = 0;
    t.win.window_clamp = std::min(t.win.window_clamp, 65535u);
  }
  if (!has_ack) {
    // Simultaneous open.
    SetState(t, TcpState::kSynReceived);
    SendSynAck(t);
    return false;
  }
  Establish(t, skb, skb.tcp.window);
  SendAck(t);
  return true;
}

bool OnSegmentInSynReceived(Tcb& t, const Skb& skb) {
  const uint8_t flags = skb.tcp.flags;
  if ((flags & kTcpRst) != 0) {
    if (skb.tcp.seq == t.rcv_nxt) {
      ResetConnection(t);
    } else if (InSynWindow(t, skb)) {
      SendChallengeAck(t);  // RFC 5961 section 3.2
    }
    return false;
  }
  if ((flags & kTcpSyn) != 0 && skb.tcp.seq == t.irs) {
    // The peer's SYN again: our SYN+ACK was lost.
    if (OowRateLimited(t, true)) return false;
    SendSynAck(t);
    ArmHandshake(t);
    return false;
  }
  if ((flags & kTcpAck) == 0) return false;
  if (skb.tcp.ack != t.iss + 1) {
    SendReset(t, skb.tcp.ack, false);
    return false;
  }
  if (!InSynWindow(t, skb)) {
    SendChallengeAck(t);
    return false;
  }
  ReadTimestamps(t, skb.tcp.options);
  t.ack.last_oow_ack = 0;
  Establish(t, skb, static_cast<uint32_t>(skb.tcp.window) << t.opt.snd_wscale);
  return true;
}

void OnHandshakeTimer(Tcb& t) {
  const bool active = t.state == TcpState::kSynSent;
  const int64_t limit = active ? t.config.syn_retries : t.config.synack_retries;
  if (t.handshake_retries >= static_cast<uint32_t>(limit)) {
    GiveUpConnection(t);
    return;
  }
  ++t.handshake_retries;
  ++t.stats.timeouts;
  ++t.stats.retransmits;
  if (active) {
    SendSyn(t);
  } else {
    SendSynAck(t);
  }
  ArmHandshake(t);
}

}  // namespace ddpsim

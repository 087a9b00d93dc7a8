#include "models/tcp/ack_policy.h"

#include <algorithm>

#include "models/tcp/ecn.h"
#include "models/tcp/receive_window.h"
#include "models/tcp/timers.h"
#include "models/tcp/transmit.h"

namespace ddpsim {
namespace {

constexpr uint32_t kMssDefault = 536;    // TCP_MSS_DEFAULT
constexpr uint32_t kMinMss = 88;         // TCP_MIN_MSS
constexpr uint8_t kDupAckThreshold = 3;  // TCP_FASTRETRANS_THRESH

// TCP_ATO_MIN, which is TCP_DELACK_MIN: 40 ms.
int64_t AtoMin(const Tcb& t) { return t.clock.UsToJiffies(t.config.delack_min_us); }

void IncreaseQuickAcks(Tcb& t, uint32_t max) {
  uint32_t quick = t.win.rcv_wnd / (2 * t.ack.rcv_mss);
  if (quick == 0) quick = 2;
  quick = std::min(quick, max);
  if (quick > t.ack.quick) t.ack.quick = static_cast<uint8_t>(quick);
}

void MeasureFullSegment(Tcb& t, const Skb& skb, uint32_t length) {
  if (length != t.ack.rcv_mss) UpdateScalingRatio(t, skb);
  t.ack.rcv_mss = std::min(length, t.opt.advmss);
  if ((skb.tcp.flags & kTcpPsh) != 0) t.ack.pending |= kAckPushed;
}

// A short segment: either the end of a write, or the peer's MSS is smaller than thought (seen twice
// in a row).
void MeasureShortSegment(Tcb& t, const Skb& skb, uint32_t length, uint32_t last) {
  constexpr uint8_t kRemnant = kTcpFin | kTcpUrg | kTcpSyn | kTcpPsh;  // TCP_REMNANT
  const uint32_t header =
      20 + (skb.tcp.options.has_timestamps ? 12 : 0) +
      (skb.tcp.options.sack_count != 0 ? 4 + 8 * skb.tcp.options.sack_count : 0);
  const uint32_t with_header = length + header;
  if (with_header >= kMssDefault + 20 ||
      (with_header >= kMinMss + 20 && (skb.tcp.flags & kRemnant) == 0)) {
    const uint32_t size = with_header - 20 - (t.opt.timestamps ? 12 : 0);
    t.ack.last_seg_size = size;
    if (size == last) {
      t.ack.rcv_mss = size;
      return;
    }
  }
  if ((t.ack.pending & kAckPushed) != 0) t.ack.pending |= kAckPushed2;
  t.ack.pending |= kAckPushed;
}

void UpdateAto(Tcb& t) {
  const int64_t now = t.clock.jiffies();
  if (t.ack.ato == 0) {
    IncreaseQuickAcks(t, kMaxQuickAcks);
    t.ack.ato = AtoMin(t);
  } else {
    const int64_t gap = now - t.ack.last_received;
    if (gap <= AtoMin(t) / 2) {
      t.ack.ato = (t.ack.ato >> 1) + AtoMin(t) / 2;
    } else if (gap < t.ack.ato) {
      t.ack.ato = std::min((t.ack.ato >> 1) + gap, t.rtt.rto_jiffies());
    } else if (gap > t.rtt.rto_jiffies()) {
      // A long silence: the sender restarts with a small window and needs its ACKs.
      IncreaseQuickAcks(t, kMaxQuickAcks);
    }
  }
  t.ack.last_received = now;
}

bool InQuickAckMode(const Tcb& t) { return t.ack.quick != 0 && !t.ack.pingpong; }

void SendDelayedAck(Tcb& t) {
  const int64_t delack_min = t.clock.UsToJiffies(t.config.delack_min_us);
  const int64_t delack_max = t.clock.UsToJiffies(t.config.delack_max_us);
  int64_t ato = t.ack.ato;
  if (ato > delack_min) {
    int64_t max_ato = t.clock.hz() / 2;
    if (t.ack.pingpong || (t.ack.pending & kAckPushed) != 0) max_ato = delack_max;
    if (t.rtt.has_sample()) {
      max_ato = std::min(max_ato, std::max(t.clock.UsToJiffies(t.rtt.srtt_us()), delack_min));
    }
    ato = std::min(ato, max_ato);
  }
  // tcp_delack_max(): never as long as the peer's shortest RTO.
  ato = std::min({ato, delack_max, std::max<int64_t>(t.rtt.rto_min_jiffies(), 2) - 1});
  int64_t expires = t.clock.jiffies() + ato;
  if ((t.ack.pending & kAckTimer) != 0) {
    if (t.timers.delack_expires <= t.clock.jiffies() + (ato >> 2)) {
      SendAck(t);
      return;
    }
    expires = std::min(expires, t.timers.delack_expires);
  }
  t.ack.pending |= kAckSched | kAckTimer;
  ArmDelackTimer(t, expires);
}

bool MustAckNow(Tcb& t) {
  const bool second_segment = static_cast<uint32_t>(t.rcv_nxt - t.win.rcv_wup) > t.ack.rcv_mss;
  // sk_rcvlowat is 1: "nothing unread", or the window's right edge moves on.
  if (second_segment && (t.rcv_nxt == t.copied_seq || WindowToOffer(t) >= t.win.rcv_wnd))
    return true;
  return InQuickAckMode(t) || (t.ack.pending & kAckNow) != 0;
}

void StartCompressedAckTimer(Tcb& t) {
  if (!t.timers.compressed_ack_fire.is_never()) return;
  int64_t rtt8 = t.win.rtt8_us;
  if (t.rtt.has_sample() && t.rtt.srtt8() < rtt8) rtt8 = t.rtt.srtt8();
  // 5 % of the RTT, in ns: rtt8 is in 1/8 us.
  const int64_t delay_ns = std::min(t.config.comp_sack_delay_us * 1000, rtt8 * 125 / 20);
  t.timers.compressed_ack_fire =
      t.clock.now() + SimTime::Ns(delay_ns) + SimTime::Us(t.config.comp_sack_slack_us);
}

}  // namespace

void InitRcvMss(Tcb& t) {
  uint32_t hint = std::min(t.opt.advmss, t.opt.mss);
  hint = std::min({hint, t.win.rcv_wnd / 2, kMssDefault});
  t.ack.rcv_mss = std::max(hint, kMinMss);
}

void MeasureRcvMss(Tcb& t, const Skb& skb) {
  const uint32_t last = t.ack.last_seg_size;
  t.ack.last_seg_size = 0;
  const uint32_t length = skb.gso_size != 0 ? skb.gso_size : skb.size;
  if (length >= t.ack.rcv_mss) {
    MeasureFullSegment(t, skb, length);
  } else {
    MeasureShortSegment(t, skb, length, last);
  }
}

void OnDataReceived(Tcb& t, const Skb& skb) {
  ScheduleAck(t);
  MeasureRcvMss(t, skb);
  MeasureRcvRtt(t);
  UpdateAto(t);
  CheckCongestionMark(t, skb);
  if (skb.size >= 128) GrowWindow(t, skb.size, skb.truesize);
}

void EnterQuickAckMode(Tcb& t, uint32_t max_quick_acks) {
  IncreaseQuickAcks(t, max_quick_acks);
  t.ack.pingpong = false;
  t.ack.ato = AtoMin(t);
}

void MaybeSendAck(Tcb& t) {
  if (!AckScheduled(t)) return;
  if (MustAckNow(t)) {
    SendAck(t);
    return;
  }
  if (t.ofo.skbs.empty()) {
    SendDelayedAck(t);
    return;
  }
  if (!t.opt.sack || t.ack.compressed >= static_cast<uint32_t>(t.config.comp_sack_nr)) {
    SendAck(t);
    return;
  }
  if (t.ack.compressed_rcv_nxt != t.rcv_nxt) {
    t.ack.compressed_rcv_nxt = t.rcv_nxt;
    t.ack.dup_ack_counter = 0;
  }
  if (t.ack.dup_ack_counter < kDupAckThreshold) {
    ++t.ack.dup_ack_counter;
    SendAck(t);
    return;
  }
  ++t.ack.compressed;
  StartCompressedAckTimer(t);
}

void AckAfterRead(Tcb& t, uint32_t copied) {
  bool now = false;
  if (AckScheduled(t)) {
    const bool pushed = (t.ack.pending & kAckPushed2) != 0 ||
                        ((t.ack.pending & kAckPushed) != 0 && !t.ack.pingpong);
    now = static_cast<uint32_t>(t.rcv_nxt - t.win.rcv_wup) > t.ack.rcv_mss ||
          (copied > 0 && pushed && t.win.rmem_alloc == 0);
  }
  if (copied > 0 && !now && !t.fin_received) {
    const uint32_t current = OfferedWindow(t);
    if (2 * static_cast<uint64_t>(current) <= t.win.window_clamp) {
      const uint32_t next = WindowToOffer(t);
      now = next != 0 && next >= 2 * current;
    }
  }
  if (now) SendAck(t);
}

void OnAckSent(Tcb& t) {
  if (t.ack.compressed != 0) {
    t.stats.acks_compressed += t.ack.compressed;
    t.ack.compressed = 0;
    t.timers.compressed_ack_fire = SimTime::Never();
  }
  if (t.ack.quick != 0 && AckScheduled(t)) {
    if (--t.ack.quick == 0) t.ack.ato = AtoMin(t);
  }
  t.ack.pending = 0;
  t.timers.delack_fire = SimTime::Never();
}

void OnDelackTimer(Tcb& t) {
  t.timers.delack_fire = SimTime::Never();
  if (t.ack.compressed != 0) {
    FlushCompressedAck(t);
    return;
  }
  if ((t.ack.pending & kAckTimer) == 0) return;
  t.ack.pending &= static_cast<uint8_t>(~kAckTimer);
  if (!AckScheduled(t)) return;
  if (!t.ack.pingpong) {
    // The delay was missed: the estimate of the arrival gap was too small.
    t.ack.ato = std::min(t.ack.ato << 1, t.rtt.rto_jiffies());
  } else {
    t.ack.pingpong = false;
    t.ack.ato = AtoMin(t);
  }
  SendAck(t);
  ++t.stats.delayed_acks;
}

void FlushCompressedAck(Tcb& t) {
  t.timers.compressed_ack_fire = SimTime::Never();
  if (t.ack.compressed == 0) return;
  t.stats.acks_compressed += t.ack.compressed - 1;
  t.ack.compressed = 0;
  SendAck(t);
}

bool OowRateLimited(Tcb& t, bool pure) {
  if (!pure) return false;
  const int64_t now = t.clock.jiffies();
  if (t.ack.last_oow_ack != 0 &&
      now - t.ack.last_oow_ack < t.clock.UsToJiffies(t.config.invalid_ratelimit_us)) {
    ++t.stats.acks_rate_limited;
    return true;
  }
  t.ack.last_oow_ack = now;
  return false;
}

void SendChallengeAck(Tcb& t) {
  if (OowRateLimited(t, true)) return;
  ++t.stats.challenge_acks;
  SendAck(t);
}

}  // namespace ddpsim

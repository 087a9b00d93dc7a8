#include "models/tcp/output.h"

#include <algorithm>

#include "models/tcp/chrono.h"
#include "models/tcp/rto.h"
#include "models/tcp/timers.h"
#include "models/tcp/tlp.h"
#include "models/tcp/transmit.h"

namespace ddpsim {
namespace {

constexpr int kPacingShift = 10;  // sk_pacing_shift: about 1 ms of data

uint32_t GsoMaxSize(const Tcb& t) {
  // sk_setup_caps() keeps the headers out of a super-segment.
  return static_cast<uint32_t>(t.config.gso_max_size - (t.config.max_tcp_header + 1));
}

uint32_t CwndQuota(const Tcb& t) {
  const uint32_t in_flight = t.InFlight();
  if (in_flight >= t.cwnd.cwnd) return 0;
  // At most half a window at once, so that the ACK clock does not turn into bursts.
  return std::min(std::max(t.cwnd.cwnd >> 1, 1u), t.cwnd.cwnd - in_flight);
}

// RFC 896 with Minshall's modification: hold a short segment back only while another short one is
// unacknowledged.
bool NagleHolds(const Tcb& t, bool partial, uint8_t nagle) {
  if (!partial) return false;
  if ((nagle & kNagleCork) != 0) return true;
  return nagle == 0 && t.n.packets_out != 0 && t.snd_sml > t.snd_una && t.snd_sml <= t.snd_nxt;
}

bool NagleAllows(const Tcb& t, const TxSkb& skb, uint32_t mss, uint8_t nagle) {
  if ((nagle & kNaglePush) != 0 || (skb.flags & kTcpFin) != 0) return true;
  return !NagleHolds(t, skb.size < mss, nagle);
}

// The next ACK is so near that waiting for it costs less than half an RTT (1 ms at most).
bool AckIsNear(const Tcb& t) {
  const TxSkb* head = t.queue.rtx_head();
  if (head == nullptr) return false;
  const int64_t srtt_ns = static_cast<int64_t>(t.rtt.srtt8()) * 125;
  const int64_t until_ack_ns = head->sent_us * 1000 + srtt_ns - t.clock.us() * 1000;
  return until_ack_ns <= std::min<int64_t>(srtt_ns >> 1, 1'000'000);
}

struct DeferVerdict {
  bool defer = false;
  bool cwnd_limited = false;
  bool window_limited = false;
};

// What kept WriteXmit() from sending more.
struct Limits {
  bool cwnd = false;
  bool window = false;
};

// tcp_tso_should_defer(): wait for a larger super-segment if the window is small and an ACK will
// open it soon.
DeferVerdict ShouldDefer(const Tcb& t, const TxSkb& skb, uint32_t max_segments) {
  DeferVerdict verdict;
  if (t.rec.state >= CaState::kRecovery) return verdict;
  if (t.clock.us() - t.last_xmit_us >= 1000) return verdict;
  const auto send_window = static_cast<uint32_t>(t.WindowEnd() - skb.seq);
  const uint32_t cwnd_window = (t.cwnd.cwnd - t.InFlight()) * t.opt.mss;
  const uint32_t limit = std::min(send_window, cwnd_window);
  if (limit >= max_segments * t.opt.mss) return verdict;
  if (&skb != t.queue.tail() && limit >= skb.size) return verdict;
  if (t.config.tso_win_divisor != 0) {
    const uint64_t chunk = std::min<uint64_t>(t.snd_wnd, uint64_t{t.cwnd.cwnd} * t.opt.mss);
    if (limit >= chunk / static_cast<uint64_t>(t.config.tso_win_divisor)) return verdict;
  } else if (limit > 3 * t.opt.mss) {  // tcp_max_tso_deferred_mss()
    return verdict;
  }
  if (!AckIsNear(t)) return verdict;
  verdict.defer = true;
  if (cwnd_window < send_window && cwnd_window <= skb.size) {
    verdict.cwnd_limited = true;
  } else if (cwnd_window >= send_window && send_window <= skb.size) {
    verdict.window_limited = true;
  } else {
    verdict.defer = (skb.flags & kTcpFin) == 0 && !skb.eor;
  }
  return verdict;
}

// How many bytes of the skb may leave as one super-segment.
uint32_t SplitPoint(const Tcb& t, const TxSkb& skb, uint32_t mss, uint32_t max_segments,
                    uint8_t nagle) {
  const auto window = static_cast<uint32_t>(t.WindowEnd() - skb.seq);
  const uint32_t max_length = mss * max_segments;
  if (max_length <= window && &skb != t.queue.tail()) return max_length;
  const uint32_t needed = std::min(skb.size, window);
  if (max_length <= needed) return max_length;
  const uint32_t partial = needed % mss;
  return NagleHolds(t, partial != 0, nagle) ? needed - partial : needed;
}

void SplitUnsent(Tcb& t, size_t index, uint32_t length, uint32_t mss) {
  const int64_t before = t.queue.at(index)->truesize;
  t.queue.Split(index, length, mss);
  t.wmem_queued += int64_t{t.queue.at(index)->truesize} + t.queue.at(index + 1)->truesize - before;
}

void ApplicationLimited(Tcb& t) {
  if (t.rec.state == CaState::kOpen && !t.no_space) {
    const uint32_t used = std::max(t.cwnd_used, static_cast<uint32_t>(t.config.init_cwnd));
    if (used < t.cwnd.cwnd) {
      t.cwnd.ssthresh = t.CurrentSsthresh();
      t.cwnd.cwnd = (t.cwnd.cwnd + used) >> 1;
    }
    t.cwnd_used = 0;
  }
  t.cwnd_stamp = t.clock.jiffies();
}

// tcp_cwnd_validate(): remembers whether cwnd was the limit in this window.
void ValidateCwnd(Tcb& t, bool cwnd_limited) {
  if (t.snd_una >= t.cwnd_usage_seq || cwnd_limited ||
      (!t.cwnd.is_cwnd_limited && t.n.packets_out > t.cwnd.max_packets_out)) {
    t.cwnd.is_cwnd_limited = cwnd_limited;
    t.cwnd.max_packets_out = t.n.packets_out;
    t.cwnd_usage_seq = t.snd_nxt;
  }
  if (t.cwnd.IsCwndLimited()) {
    t.cwnd_used = 0;
    t.cwnd_stamp = t.clock.jiffies();
    return;
  }
  t.cwnd_used = std::max(t.cwnd_used, t.n.packets_out);
  if (t.config.slow_start_after_idle && t.clock.jiffies() - t.cwnd_stamp >= t.rtt.rto_jiffies()) {
    ApplicationLimited(t);
  }
  // Everything is sent, and the application waits for room: the buffer is the limit.
  if (!t.queue.has_unsent() && t.no_space) StartChrono(t, ChronoKind::kBufferLimited);
}

// Tests and sizes the send head, then sends it. Returns the segments sent, 0: it must wait.
uint32_t SendHead(Tcb& t, uint32_t mss, uint8_t nagle, PushMode mode, uint32_t max_segments,
                  Limits* limits) {
  TxSkb* skb = t.queue.send_head();
  uint32_t quota = std::min(CwndQuota(t), max_segments);
  if (quota == 0) {
    if (mode != PushMode::kProbe) return 0;
    quota = 1;
  }
  if (skb->size < quota * mss)
    t.wmem_queued -= t.queue.Grow(t.queue.sent_count(), quota * mss - skb->size);
  SendQueue::SetSegments(skb, mss);
  if (!SendWindowFits(t, *skb, mss)) {
    limits->window = true;
    return 0;
  }
  uint32_t limit = mss;
  if (skb->pcount == 1) {
    const bool last = skb == t.queue.tail();
    if (!NagleAllows(t, *skb, mss, last ? nagle : static_cast<uint8_t>(kNaglePush))) return 0;
  } else {
    if (mode == PushMode::kAll) {
      const DeferVerdict verdict = ShouldDefer(t, *skb, max_segments);
      limits->cwnd |= verdict.cwnd_limited;
      limits->window |= verdict.window_limited;
      if (verdict.defer) return 0;
    }
    limit = SplitPoint(t, *skb, mss, quota, nagle);
  }
  // Nothing but a held-back remainder fits.
  if (limit == 0 && skb->size != 0) return 0;
  if (skb->size > limit) SplitUnsent(t, t.queue.sent_count(), limit, mss);
  if (SmallQueueFull(t, *skb, 0)) return 0;
  TransmitSkb(t, skb, false);
  OnNewDataSent(t, skb);
  if (skb->size < skb->pcount * mss) t.snd_sml = skb->end_seq;
  return skb->pcount;
}

}  // namespace

uint32_t TsoSegments(const Tcb& t, uint32_t mss) {
  if (!t.config.tso) return 1;
  const uint32_t gso_max = GsoMaxSize(t);
  uint64_t bytes = t.pacing_rate >> kPacingShift;
  // Near peers get larger bursts: they cost no queueing there.
  const uint32_t rtt_steps = t.rtt.min_us() >> t.config.tso_rtt_log;
  if (rtt_steps < 32) bytes += gso_max >> rtt_steps;
  bytes = std::min<uint64_t>(bytes, gso_max);
  return std::max(static_cast<uint32_t>(bytes / mss), static_cast<uint32_t>(t.config.min_tso_segs));
}

bool SmallQueueFull(Tcb& t, const TxSkb& skb, int factor) {
  int64_t limit = std::max<int64_t>(
      2 * int64_t{skb.truesize},
      static_cast<int64_t>(std::min<uint64_t>(t.pacing_rate >> kPacingShift, 1u << 30)));
  limit = std::min(limit, t.config.limit_output_bytes) << factor;
  // sk_wmem_alloc starts at 1.
  if (t.wmem_alloc < limit) return false;
  // With nothing or one skb in flight there may be no completion left to wake us.
  if (t.queue.sent_count() <= 1) return false;
  t.tsq_throttled = true;
  ++t.stats.tsq_throttled;
  return true;
}

bool SendWindowFits(const Tcb& t, const TxSkb& skb, uint32_t mss) {
  const SeqNum end = skb.size > mss ? skb.seq + mss : skb.end_seq;
  return end <= t.WindowEnd();
}

void OnNewDataSent(Tcb& t, TxSkb* skb) {
  const uint32_t prior = t.n.packets_out;
  t.snd_nxt = skb->end_seq;
  t.queue.AdvanceSent();
  t.n.packets_out += skb->pcount;
  if (prior == 0 || t.timers.pending == XmitTimer::kLossProbe) RearmRto(t);
}

bool WriteXmit(Tcb& t, uint32_t mss, uint8_t nagle, PushMode mode) {
  uint32_t sent = 0;
  Limits limits;
  const uint32_t max_segments = TsoSegments(t, mss);
  while (t.queue.has_unsent()) {
    const uint32_t segments = SendHead(t, mss, nagle, mode, max_segments, &limits);
    if (segments == 0) break;
    sent += segments;
    if (mode != PushMode::kAll) break;
  }
  if (limits.window) {
    StartChrono(t, ChronoKind::kWindowLimited);
  } else {
    StopChrono(t, ChronoKind::kWindowLimited);
  }
  limits.cwnd |= t.InFlight() >= t.cwnd.cwnd;
  if (sent != 0 || limits.cwnd) ValidateCwnd(t, limits.cwnd);
  if (sent != 0) {
    if (t.InCwndReduction()) t.rec.prr_out += sent;
    if (mode != PushMode::kProbe) ScheduleLossProbe(t, false);
    return false;
  }
  return t.n.packets_out == 0 && t.queue.has_unsent();
}

void PushPending(Tcb& t, uint8_t nagle) {
  if (t.state == TcpState::kClosed || !t.queue.has_unsent()) return;
  if (!WriteXmit(t, CurrentMss(t), nagle, PushMode::kAll)) return;
  if (t.n.packets_out == 0 && t.timers.pending == XmitTimer::kNone) {
    const int64_t when = std::max(t.rtt.rto_jiffies(), t.rtt.rto_min_jiffies());
    ArmXmitTimer(t, XmitTimer::kZeroWindowProbe, when, t.rtt.rto_max_jiffies());
  }
}

void UpdatePacingRate(Tcb& t) {
  // mss * cwnd / srtt, times 200 % in slow start, 120 % later (tcp_update_pacing_rate()); srtt in
  // 1/8 us.
  const int64_t ratio =
      t.cwnd.cwnd < t.cwnd.ssthresh / 2 ? t.config.pacing_ss_ratio : t.config.pacing_ca_ratio;
  uint64_t rate = uint64_t{t.opt.mss} * (80'000u * static_cast<uint64_t>(ratio));
  rate *= std::max(t.cwnd.cwnd, t.n.packets_out);
  t.pacing_rate = t.rtt.has_sample() ? rate / t.rtt.srtt8() : rate;
}

}  // namespace ddpsim

#include "models/tcp/receive_window.h"

#include <algorithm>

namespace ddpsim {
namespace {

constexpr uint32_t kMaxWscale = 14;   // RFC 7323 section 2.3
constexpr int64_t kRmemMax = 212992;  // net.core.rmem_max
// TCP_DEFAULT_SCALING_RATIO, v6.6+; tcp_adv_win_scale = 1 before
constexpr uint32_t kInitialRatio = 128;

// TCP_DEFAULT_INIT_RCVWND of Linux 3.11, and SKB_TRUESIZE() of a full segment there.
constexpr int64_t kInitialSegments311 = 20;
constexpr int64_t kSegmentMemory311 = 2304;

int64_t SpaceFromWin(const Tcb& t, int64_t window) { return (window << 8) / t.win.scaling_ratio; }
int64_t FullSpace(const Tcb& t) { return WindowFromMemory(t, t.win.rcvbuf); }
int64_t FreeSpace(const Tcb& t) { return WindowFromMemory(t, t.win.rcvbuf - t.win.rmem_alloc); }

uint32_t AlignUp(uint32_t value, uint32_t shift) {
  return (value + (1u << shift) - 1) >> shift << shift;
}

// __tcp_grow_window(): the skb carries much overhead; grow only while the window is small against
// the buffer.
uint32_t SmallGrowth(const Tcb& t, uint32_t size, uint32_t truesize) {
  int64_t share = WindowFromMemory(t, truesize) >> 1;
  int64_t window = WindowFromMemory(t, t.config.rmem_max) >> 1;
  while (t.win.rcv_ssthresh <= window) {
    if (share <= size) return 2 * t.ack.rcv_mss;
    share >>= 1;
    window >>= 1;
  }
  return 0;
}

void SetWindowClamp(Tcb& t, int64_t value) {
  const auto clamp = static_cast<uint32_t>(std::max<int64_t>(value, 1152));  // SOCK_MIN_RCVBUF / 2
  if (clamp < t.win.window_clamp) {
    t.win.rcv_ssthresh = std::min(t.win.rcv_ssthresh, clamp);
  } else {
    t.win.rcv_ssthresh = std::max(t.win.rcv_ssthresh, std::min(t.win.rcv_wnd, clamp));
  }
  t.win.window_clamp = clamp;
}

void UpdateRcvRtt(Tcb& t, int64_t sample_us, bool window_dependent) {
  const auto sample8 = static_cast<uint32_t>(sample_us << 3);
  const uint32_t old = t.win.rtt8_us;
  if (old == 0 || sample8 < old) {
    t.win.rtt8_us = sample8;
  } else if (!window_dependent && t.rcv_nxt == t.copied_seq) {
    // A sample that waited for the reader says nothing about the path.
    t.win.rtt8_us = old - (old >> 3) + static_cast<uint32_t>(sample_us);
  }
}

// tcp_rcvbuf_grow(): twice what one RTT brought, so that a doubling sender is not held, more if it
// is speeding up, and what waits behind holes.
void GrowBuffer(Tcb& t, uint32_t brought) {
  const uint32_t before = std::max(t.win.space, 1u);
  t.win.space = brought;
  if (!t.config.moderate_rcvbuf || t.win.locked) return;
  uint64_t window = uint64_t{brought} << 1;
  if (brought > before) window += 2 * (window * (brought - before) / before);
  if (!t.ofo.skbs.empty()) window += static_cast<uint32_t>(SkbEnd(*t.ofo.skbs.back()) - t.rcv_nxt);
  const int64_t rcvbuf =
      std::min<int64_t>(SpaceFromWin(t, static_cast<int64_t>(std::min<uint64_t>(window, 1u << 30))),
                        t.config.rmem_max);
  if (rcvbuf <= t.win.rcvbuf) return;
  t.win.rcvbuf = rcvbuf;
  t.win.window_clamp = static_cast<uint32_t>(WindowFromMemory(t, rcvbuf));
}

// Without scaling the window moves in whole segments, to avoid silly ones.
uint32_t UnscaledWindow(const Tcb& t, uint32_t free, uint32_t full, uint32_t mss) {
  const uint32_t window = t.win.rcv_wnd;
  if (free < mss || window <= free - mss || window > free) return free / mss * mss;
  if (mss == full && free > window + (full >> 1)) return free;
  return window;
}

}  // namespace

void InitReceiveWindow(Tcb& t) {
  t.win.scaling_ratio = kInitialRatio;
  int64_t clamp = t.config.window_clamp != 0 ? t.config.window_clamp : int64_t{65535} << kMaxWscale;
  if (t.win.locked) clamp = std::min(clamp, FullSpace(t));
  int64_t space = std::min(FullSpace(t), clamp);
  if (space > t.opt.advmss) space -= space % t.opt.advmss;
  if (t.config.linux_3_11) space = std::min<int64_t>(space, kInitialSegments311 * t.opt.advmss);
  t.win.rcv_wnd = static_cast<uint32_t>(space);
  t.opt.rcv_wscale = 0;
  if (t.opt.window_scaling) {
    space = std::min(std::max({space, t.config.rmem_max, kRmemMax}), clamp);
    int scale = 0;
    while (space > 65535 && scale < static_cast<int>(kMaxWscale)) {
      space >>= 1;
      ++scale;
    }
    t.opt.rcv_wscale = static_cast<uint8_t>(scale);
  }
  t.win.window_clamp =
      static_cast<uint32_t>(std::min<int64_t>(int64_t{65535} << t.opt.rcv_wscale, clamp));
  t.win.rcv_ssthresh = t.win.rcv_wnd;
}

void InitBufferSpace(Tcb& t) {
  if (t.config.linux_3_11 && !t.win.locked) {
    // tcp_fixup_rcvbuf() of 2013: room for four times the initial window of 20 segments, at twice
    // their memory.
    const int64_t room = int64_t{2} * 4 * kInitialSegments311 * kSegmentMemory311;
    t.win.rcvbuf = std::max(t.win.rcvbuf, std::min(room, t.config.rmem_max));
  }
  const int64_t full = FullSpace(t);
  int64_t clamp = std::min<int64_t>(t.win.window_clamp, full);
  // sysctl tcp_app_win: room for one segment stays free.
  const int64_t two_segments = int64_t{2} * t.opt.advmss;
  if (clamp > two_segments && clamp + t.opt.advmss > full)
    clamp = std::max(two_segments, full - t.opt.advmss);
  t.win.window_clamp = static_cast<uint32_t>(clamp);
  t.win.rcv_ssthresh = std::min(t.win.rcv_ssthresh, t.win.window_clamp);
  t.win.space_time = t.clock.us();
  t.win.space_seq = t.copied_seq;
  t.win.space = std::min({t.win.rcv_ssthresh, t.win.rcv_wnd,
                          static_cast<uint32_t>(t.config.init_cwnd) * t.opt.advmss});
}

uint32_t OfferedWindow(const Tcb& t) {
  const int32_t window = (t.win.rcv_wup + t.win.rcv_wnd) - t.rcv_nxt;
  return window < 0 ? 0 : static_cast<uint32_t>(window);
}

uint32_t WindowToOffer(Tcb& t) {
  const int64_t allowed = FullSpace(t);
  const int64_t full = std::min<int64_t>(t.win.window_clamp, allowed);
  int64_t mss = std::min<int64_t>(t.ack.rcv_mss, full);
  if (mss <= 0) return 0;
  int64_t free = FreeSpace(t);
  if (free < (full >> 1)) {
    t.ack.quick = 0;
    free = std::max<int64_t>(free, 0) >> t.opt.rcv_wscale << t.opt.rcv_wscale;
    if (free < (allowed >> 4) || free < mss) return 0;
  }
  free = std::min<int64_t>(free, t.win.rcv_ssthresh);
  if (t.opt.rcv_wscale != 0) return AlignUp(static_cast<uint32_t>(free), t.opt.rcv_wscale);
  return UnscaledWindow(t, static_cast<uint32_t>(free), static_cast<uint32_t>(full),
                        static_cast<uint32_t>(mss));
}

uint16_t SelectWindow(Tcb& t) {
  if ((t.ack.pending & kAckNoMem) != 0) {
    t.win.rcv_wnd = 0;
    t.win.rcv_wup = t.rcv_nxt;
    return 0;
  }
  const uint32_t current = OfferedWindow(t);
  uint32_t window = WindowToOffer(t);
  // RFC 9293 section 3.8.6: the right edge never moves back.
  if (window < current) window = AlignUp(current, t.opt.rcv_wscale);
  t.win.rcv_wnd = window;
  t.win.rcv_wup = t.rcv_nxt;
  window = std::min(window, 65535u << t.opt.rcv_wscale);
  return static_cast<uint16_t>(window >> t.opt.rcv_wscale);
}

void GrowWindow(Tcb& t, uint32_t size, uint32_t truesize) {
  const int64_t room = std::min<int64_t>(t.win.window_clamp, FreeSpace(t)) - t.win.rcv_ssthresh;
  if (room <= 0) return;
  uint32_t growth =
      WindowFromMemory(t, truesize) <= size ? 2 * t.opt.advmss : SmallGrowth(t, size, truesize);
  if (growth == 0) return;
  growth = std::max(growth, 2 * size);
  t.win.rcv_ssthresh += static_cast<uint32_t>(std::min<int64_t>(room, growth));
  t.ack.quick |= 1;
}

void UpdateScalingRatio(Tcb& t, const Skb& skb) {
  if (!t.config.adaptive_scaling_ratio || skb.truesize == 0) return;
  const uint64_t ratio =
      std::clamp<uint64_t>((static_cast<uint64_t>(skb.size) << 8) / skb.truesize, 1, 255);
  if (ratio == t.win.scaling_ratio) return;
  t.win.scaling_ratio = static_cast<uint32_t>(ratio);
  SetWindowClamp(t, FullSpace(t));
  t.win.space = std::min(t.win.space, t.win.window_clamp);
}

void MeasureRcvRtt(Tcb& t) {
  if (t.win.rtt_time != 0) {
    if (t.rcv_nxt < t.win.rtt_seq) return;
    UpdateRcvRtt(t, std::max<int64_t>(t.clock.us() - t.win.rtt_time, 1), true);
  }
  t.win.rtt_seq = t.rcv_nxt + t.win.rcv_wnd;
  t.win.rtt_time = t.clock.us();
}

void MeasureRcvRttByTimestamp(Tcb& t, const Skb& skb) {
  if (!t.saw_tstamp || t.rcv_tsecr == t.win.rtt_last_ecr) return;
  t.win.rtt_last_ecr = t.rcv_tsecr;
  if (skb.size < t.ack.rcv_mss) return;
  const uint32_t delta_ms = t.clock.ts_ms() - t.rcv_tsecr;
  // Less than the clock's tick is no sample.
  if (delta_ms != 0 && delta_ms < 0x7fffffffu / 1000)
    UpdateRcvRtt(t, int64_t{1000} * delta_ms, false);
}

void AdjustReceiveSpace(Tcb& t) {
  const int64_t elapsed = t.mstamp_us - t.win.space_time;
  if (elapsed < (t.win.rtt8_us >> 3) || t.win.rtt8_us == 0) return;
  // What is still unread does not count: a slow reader needs no larger buffer (v6.16+).
  const int64_t copied = int64_t{t.copied_seq - t.win.space_seq} - (t.rcv_nxt - t.copied_seq);
  if (copied > t.win.space) GrowBuffer(t, static_cast<uint32_t>(copied));
  t.win.space_seq = t.copied_seq;
  t.win.space_time = t.mstamp_us;
}

void GrowBufferForHole(Tcb& t) {
  if (t.accepted && !t.reader_closed) GrowBuffer(t, t.win.space);
}

void ClampWindow(Tcb& t) {
  t.ack.quick = 0;
  if (t.win.rcvbuf < t.config.rmem_max && !t.win.locked) {
    t.win.rcvbuf = std::min(t.win.rmem_alloc, t.config.rmem_max);
  }
  if (t.win.rmem_alloc > t.win.rcvbuf)
    t.win.rcv_ssthresh = std::min(t.win.window_clamp, 2 * t.opt.advmss);
}

}  // namespace ddpsim

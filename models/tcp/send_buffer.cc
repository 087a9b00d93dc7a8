// The application's side of output.h: filling the send queue (tcp_sendmsg_locked()), pushing
// (tcp_push()), memory, FIN.
#include <algorithm>

#include "models/tcp/chrono.h"
#include "models/tcp/output.h"
#include "models/tcp/transmit.h"

namespace ddpsim {
namespace {

constexpr uint32_t kMaxFrags = 17;  // MAX_SKB_FRAGS

// Bytes that one skb is filled to (tcp_xmit_size_goal()).
uint32_t SizeGoal(const Tcb& t, uint32_t mss) {
  if (!t.config.tso) return mss;
  uint32_t goal = static_cast<uint32_t>(t.config.gso_max_size) -
                  static_cast<uint32_t>(t.config.max_tcp_header + 1);
  if (t.max_window > 536) goal = std::min(goal, std::max(t.max_window >> 1, 68u - 40));
  return std::max(goal / mss, 1u) * mss;
}

void MarkPush(Tcb& t, TxSkb* skb) {
  skb->flags |= kTcpPsh;
  t.pushed_seq = t.write_seq;
}

bool ForcedPush(const Tcb& t) { return t.write_seq > t.pushed_seq + (t.max_window >> 1); }

// A short skb waits while the device is still busy with this connection: the completion will push
// it.
bool ShouldAutocork(Tcb& t, const TxSkb& skb, uint32_t goal) {
  return t.config.autocorking && skb.size < goal && t.queue.sent_count() != 0 &&
         t.wmem_alloc >= skb.truesize && !skb.eor;
}

void Push(Tcb& t, bool more, uint8_t nagle, uint32_t goal) {
  if (!t.queue.has_unsent()) return;
  TxSkb* tail = t.queue.tail();
  if (!more || ForcedPush(t)) MarkPush(t, tail);
  if (ShouldAutocork(t, *tail, goal)) {
    if (!t.tsq_throttled) ++t.stats.autocorked;
    t.tsq_throttled = true;
    return;
  }
  PushPending(t, more ? static_cast<uint8_t>(kNagleCork) : nagle);
}

// The skb that takes the next byte, or null if the buffer is full.
TxSkb* SkbToFill(Tcb& t, uint32_t goal) {
  TxSkb* tail = t.queue.has_unsent() ? t.queue.tail() : nullptr;
  const bool usable = tail != nullptr && !tail->eor && tail->size < goal &&
                      tail->payload.size() < kMaxFrags && (tail->flags & kTcpFin) == 0;
  if (usable) return tail;
  if (t.wmem_queued >= t.sndbuf || t.write_seq - t.snd_nxt >= t.NotsentLowat()) return nullptr;
  SlowStartAfterIdle(t);
  if (!t.queue.has_unsent()) StartChrono(t, ChronoKind::kBusy);
  TxSkb* skb = t.queue.Append(t.write_seq);
  t.wmem_queued += skb->truesize;
  return skb;
}

void AppendPayload(Tcb& t, TxSkb* skb, Payload part) {
  t.write_seq += part.size;
  skb->end_seq = t.write_seq;
  skb->size += part.size;
  skb->truesize += part.size;
  skb->pcount = 0;
  t.wmem_queued += part.size;
  if (!skb->payload.empty() && skb->payload.back().Adjoins(part)) {
    skb->payload.back().size += part.size;
  } else {
    skb->payload.push_back(std::move(part));
  }
}

}  // namespace

uint32_t WriteData(Tcb& t, const Payload& payload, bool more, bool eor) {
  const uint32_t mss = CurrentMss(t);
  const uint32_t goal = SizeGoal(t, mss);
  uint32_t taken = 0;
  bool full = false;
  while (taken < payload.size) {
    TxSkb* skb = SkbToFill(t, goal);
    if (skb == nullptr) {
      full = true;
      break;
    }
    if (taken == 0) skb->flags &= static_cast<uint8_t>(~kTcpPsh);
    const uint32_t take = std::min(payload.size - taken, goal - skb->size);
    AppendPayload(t, skb, payload.Sub(taken, take));
    taken += take;
    if (taken == payload.size) {
      skb->eor |= eor;
    } else if (skb->size >= goal) {
      if (ForcedPush(t)) {
        MarkPush(t, skb);
        PushPending(t, kNaglePush);
      } else if (skb == t.queue.send_head()) {
        WriteXmit(t, mss, kNaglePush, PushMode::kOne);
      }
    }
  }
  if (full) t.no_space = true;
  if (taken != 0 || full)
    Push(t, more && !full, full ? static_cast<uint8_t>(kNaglePush) : DefaultNagle(t), goal);
  return taken;
}

int64_t SendBufferSpace(const Tcb& t) { return std::max<int64_t>(0, t.sndbuf - t.wmem_queued); }

void QueueFin(Tcb& t) {
  if (t.fin_queued) return;
  t.fin_queued = true;
  TxSkb* tail = t.queue.has_unsent() ? t.queue.tail() : nullptr;
  if (tail == nullptr) {
    tail = t.queue.Append(t.write_seq);
    tail->pcount = 1;
    tail->gso_size = static_cast<uint16_t>(t.opt.mss);
    t.wmem_queued += tail->truesize;
  }
  tail->flags |= kTcpFin;
  t.write_seq += 1;
  tail->end_seq = t.write_seq;
  PushPending(t, kNagleOff);
}

void SlowStartAfterIdle(Tcb& t) {
  if (!t.config.slow_start_after_idle || t.n.packets_out != 0) return;
  int64_t idle = t.clock.jiffies() - t.last_sent;
  if (idle <= t.rtt.rto_jiffies()) return;
  const uint32_t restart = std::min(static_cast<uint32_t>(t.config.init_cwnd), t.cwnd.cwnd);
  t.cwnd.ssthresh = t.CurrentSsthresh();
  uint32_t cwnd = t.cwnd.cwnd;
  for (idle -= t.rtt.rto_jiffies(); idle > 0 && cwnd > restart; idle -= t.rtt.rto_jiffies())
    cwnd >>= 1;
  t.cwnd.cwnd = std::max(cwnd, restart);
  t.cwnd_stamp = t.clock.jiffies();
  t.cwnd_used = 0;
}

}  // namespace ddpsim

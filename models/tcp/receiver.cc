#include "models/tcp/receiver.h"

#include <utility>

#include "models/tcp/ack_policy.h"
#include "models/tcp/assembler.h"
#include "models/tcp/close.h"
#include "models/tcp/prune.h"
#include "models/tcp/receive_window.h"
#include "models/tcp/transmit.h"

namespace ddpsim {
namespace {

constexpr int64_t kPaws24DaysUs = int64_t{24} * 24 * 3600 * 1000000;  // TCP_PAWS_24DAYS

// tcp_paws_check(): may the segment be newer than ts_recent, `slack` ms granted?
bool PawsOk(const Tcb& t, int32_t slack) {
  if (static_cast<int32_t>(t.ts_recent - t.rcv_tsval) <= slack) return true;
  if (t.clock.us() >= t.ts_recent_stamp_us + kPaws24DaysUs) return true;
  return t.ts_recent == 0;
}

// A pure ACK that was merely overtaken: not worth an ACK of ours.
bool IsDisorderedAck(const Tcb& t, const Skb& skb) {
  const uint32_t window = static_cast<uint32_t>(skb.tcp.window) << t.opt.snd_wscale;
  const bool window_update =
      skb.seq > t.snd_wl1 || (skb.seq == t.snd_wl1 && (window > t.snd_wnd || window == 0));
  return SkbEnd(skb) == skb.seq && skb.seq == t.rcv_nxt && skb.tcp.ack == t.snd_una &&
         !window_update &&
         static_cast<int32_t>(t.ts_recent - t.rcv_tsval) <=
             t.rtt.rto_jiffies() * 1024 / t.clock.hz();
}

bool PawsDiscard(const Tcb& t, const Skb& skb) {
  constexpr int32_t kPawsWindow = 1;  // TCP_PAWS_WINDOW
  return t.saw_tstamp && t.has_ts_recent() && !PawsOk(t, kPawsWindow) && !IsDisorderedAck(t, skb);
}

// A segment that reaches beyond the window is taken only while nothing is queued (v6.16+; trace
// tests' FORMAT section 8).
bool SequenceOk(const Tcb& t, const Skb& skb) {
  if (SkbEnd(skb) < t.win.rcv_wup) return false;
  const SeqNum right = t.rcv_nxt + OfferedWindow(t);
  if (skb.seq > right) return false;
  return skb.end_seq() <= right || t.receive_queue.empty();
}

// tcp_send_dupack(): the peer repeats itself; perhaps our ACK was lost.
void SendDupAck(Tcb& t, const Skb& skb) {
  const SeqNum end = SkbEnd(skb);
  if (end != skb.seq && skb.seq < t.rcv_nxt) {
    EnterQuickAckMode(t, kMaxQuickAcks);
    SetDsack(t, skb.seq, SeqMin(end, t.rcv_nxt));
  }
  SendAck(t);
}

bool IsPure(const Skb& skb) { return SkbEnd(skb) == skb.seq && (skb.tcp.flags & kTcpSyn) == 0; }

// Some peers reset with the sequence number of their FIN (tcp_reset_check()).
bool IsResetAtFin(const Tcb& t, const Skb& skb) {
  return skb.seq == t.rcv_nxt - 1 && t.fin_received &&
         (t.state == TcpState::kCloseWait || t.state == TcpState::kLastAck ||
          t.state == TcpState::kClosing);
}

// RFC 5961 section 3.2: only an exact RST resets; in the window it is challenged. Linux also takes
// the right end of SACKed data.
void OnRst(Tcb& t, const Skb& skb) {
  bool exact = skb.seq == t.rcv_nxt || IsResetAtFin(t, skb);
  if (!exact && t.opt.sack && t.ofo.num_sacks > 0) {
    SeqNum highest = t.ofo.sacks[0].end;
    for (size_t i = 1; i < t.ofo.num_sacks; ++i) highest = SeqMax(highest, t.ofo.sacks[i].end);
    exact = skb.seq == highest;
  }
  if (exact) {
    ResetConnection(t);
  } else {
    SendChallengeAck(t);
  }
}

void DropOutOfWindow(Tcb& t) {
  EnterQuickAckMode(t, kMaxQuickAcks);
  ScheduleAck(t);
}

// Returns false if there is no memory for it. With an empty queue one skb is always taken.
bool MemoryForInOrder(Tcb& t, const Skb& skb) {
  if (EnsureReceiveMemory(t, skb.size)) return true;
  t.ack.pending |= kAckNoMem | kAckNow;
  ScheduleAck(t);
  t.out->data_ready = true;
  ++t.stats.rcvbuf_dropped;
  return t.receive_queue.empty() || skb.size == 0;
}

bool ReceiveInOrder(Tcb& t, SkbPtr skb) {
  if (OfferedWindow(t) == 0 && skb->size != 0) {
    ++t.stats.zero_window_dropped;
    DropOutOfWindow(t);
    return false;
  }
  if (!MemoryForInOrder(t, *skb)) return false;
  bool fin = (skb->tcp.flags & kTcpFin) != 0;
  if (skb->size != 0) {
    QueueInOrder(t, std::move(skb), true);
  } else {
    t.rcv_nxt = SkbEnd(*skb);
  }
  if (!t.ofo.skbs.empty()) {
    fin |= DrainOutOfOrder(t);
    // RFC 5681 section 4.2: a filled hole is acknowledged at once.
    if (t.ofo.skbs.empty()) t.ack.pending |= kAckNow;
  }
  if (t.ofo.num_sacks != 0) RemoveOldSacks(t);
  t.out->data_ready = true;
  return fin;
}

}  // namespace

void ReadTimestamps(Tcb& t, const TcpOptions& options) {
  t.saw_tstamp = t.opt.timestamps && options.has_timestamps;
  if (!t.saw_tstamp) return;
  t.rcv_tsval = options.ts_val;
  t.rcv_tsecr = options.ts_ecr == 0 ? 0 : options.ts_ecr - t.ts_offset;
}

void ReplaceTsRecent(Tcb& t, SeqNum seq) {
  if (!t.saw_tstamp || seq > t.win.rcv_wup || !PawsOk(t, 0)) return;
  t.ts_recent = t.rcv_tsval;
  t.ts_recent_stamp_us = t.clock.us();
}

bool ValidateIncoming(Tcb& t, const Skb& skb) {
  const bool rst = (skb.tcp.flags & kTcpRst) != 0;
  const bool syn = (skb.tcp.flags & kTcpSyn) != 0;
  if (PawsDiscard(t, skb) && !rst) {
    ++t.stats.paws_dropped;
    if (!OowRateLimited(t, IsPure(skb))) SendDupAck(t, skb);
    return false;
  }
  if (!SequenceOk(t, skb)) {
    if (rst) {
      if (IsResetAtFin(t, skb)) ResetConnection(t);
      return false;
    }
    if (syn) {
      SendChallengeAck(t);
    } else {
      if (SkbEnd(skb) < t.win.rcv_wup) {
        ++t.stats.old_data_dropped;
      } else {
        ++t.stats.over_window_dropped;
      }
      if (!OowRateLimited(t, IsPure(skb))) SendDupAck(t, skb);
    }
    return false;
  }
  if (rst) {
    OnRst(t, skb);
    return false;
  }
  if (syn) {
    SendChallengeAck(t);
    return false;
  }
  return true;
}

bool ReceiveData(Tcb& t, SkbPtr skb) {
  const SeqNum end = SkbEnd(*skb);
  if (skb->seq == end) return false;
  t.ofo.dsack = false;
  if (skb->seq == t.rcv_nxt) return ReceiveInOrder(t, std::move(skb));
  if (end <= t.rcv_nxt) {
    ++t.stats.old_data_dropped;
    SetDsack(t, skb->seq, end);
    DropOutOfWindow(t);
    return false;
  }
  if (skb->seq >= t.rcv_nxt + OfferedWindow(t)) {
    ++t.stats.over_window_dropped;
    DropOutOfWindow(t);
    return false;
  }
  if (skb->seq < t.rcv_nxt) {
    SetDsack(t, skb->seq, t.rcv_nxt);
    return ReceiveInOrder(t, std::move(skb));
  }
  if (!EnsureReceiveMemory(t, skb->size)) {
    ++t.stats.rcvbuf_dropped;
    t.out->data_ready = true;
    return false;
  }
  QueueOutOfOrder(t, std::move(skb));
  return false;
}

}  // namespace ddpsim

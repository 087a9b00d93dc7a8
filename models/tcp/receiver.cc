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

enum class PawsVerdict : uint8_t { kPass, kDiscard, kDiscardQuietly };

// A segment with an old timestamp (tcp_disordered_ack_check()). A pure ACK that was merely
// overtaken is no reason to answer; one that changes nothing may pass.
PawsVerdict JudgeOldTimestamp(const Tcb& t, const Skb& skb) {
  constexpr int64_t kPeerClockHz = 1200;  // the fastest timestamp clock to be expected
  if (SkbEnd(skb) != skb.seq) return PawsVerdict::kDiscard;
  if (skb.seq != t.rcv_nxt)
    return skb.seq < t.rcv_nxt ? PawsVerdict::kDiscardQuietly : PawsVerdict::kDiscard;
  const uint32_t window = static_cast<uint32_t>(skb.tcp.window) << t.opt.snd_wscale;
  const bool window_update =
      skb.seq > t.snd_wl1 || (skb.seq == t.snd_wl1 && (window > t.snd_wnd || window == 0));
  const bool replayed = static_cast<int32_t>(t.ts_recent - t.rcv_tsval) <=
                        t.rtt.rto_jiffies() * kPeerClockHz / t.clock.hz();
  return skb.tcp.ack == t.snd_una && !window_update && replayed ? PawsVerdict::kPass
                                                                : PawsVerdict::kDiscard;
}

PawsVerdict JudgeTimestamp(const Tcb& t, const Skb& skb) {
  constexpr int32_t kPawsWindow = 1;  // TCP_PAWS_WINDOW
  if (!t.saw_tstamp || !t.has_ts_recent() || PawsOk(t, kPawsWindow)) return PawsVerdict::kPass;
  return JudgeOldTimestamp(t, skb);
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
  if (EnsureReceiveMemory(t, skb)) return true;
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

bool IsPredicted(const Tcb& t, const Skb& skb) {
  const TcpOptions& options = skb.tcp.options;
  const uint32_t window = static_cast<uint32_t>(skb.tcp.window) << t.opt.snd_wscale;
  const bool expected_header = (skb.tcp.flags & ~kTcpPsh) == kTcpAck && window == t.snd_wnd &&
                               options.sack_count == 0 &&
                               options.has_timestamps == t.opt.timestamps;
  const bool quiet = t.state == TcpState::kEstablished && t.ofo.skbs.empty() &&
                     t.win.rcv_wnd != 0 && t.win.rmem_alloc < t.win.rcvbuf;
  if (!expected_header || !quiet || skb.seq != t.rcv_nxt || skb.tcp.ack > t.snd_nxt) return false;
  if (t.saw_tstamp && static_cast<int32_t>(t.rcv_tsval - t.ts_recent) < 0) return false;
  return skb.end_seq() <= t.rcv_nxt + OfferedWindow(t);
}

bool ValidateIncoming(Tcb& t, const Skb& skb) {
  const bool rst = (skb.tcp.flags & kTcpRst) != 0;
  const bool syn = (skb.tcp.flags & kTcpSyn) != 0;
  const PawsVerdict paws = JudgeTimestamp(t, skb);
  if (paws != PawsVerdict::kPass && !rst) {
    ++t.stats.paws_dropped;
    if (syn) {
      SendChallengeAck(t);
    } else if (paws == PawsVerdict::kDiscard && !OowRateLimited(t, IsPure(skb))) {
      SendDupAck(t, skb);
    }
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
  if (!EnsureReceiveMemory(t, *skb)) {
    ++t.stats.rcvbuf_dropped;
    t.out->data_ready = true;
    return false;
  }
  QueueOutOfOrder(t, std::move(skb));
  return false;
}

}  // namespace ddpsim

// Cumulative acknowledgement: frees acknowledged skbs, keeps the counters, and takes the RTT
// samples that Karn's rule and the SACK times allow (tcp_clean_rtx_queue(), tcp_ack_update_rtt()).
#include <algorithm>

#include "models/tcp/chrono.h"
#include "models/tcp/rack.h"
#include "models/tcp/sack_scoreboard.h"
#include "models/tcp/sender.h"
#include "models/tcp/undo.h"

namespace ddpsim {
namespace {

struct Cleaned {
  uint32_t packets = 0;
  bool fully = true;          // the last skb touched was acknowledged completely
  int64_t first_sent_us = 0;  // of never retransmitted skbs
  int64_t last_sent_us = 0;
  SeqNum reord;
};

// Segments of the head that snd_una covers; trims it if that is a part of it. 0: none.
uint32_t AckedSegments(Tcb& t, TxSkb* skb, Cleaned* cleaned) {
  if (skb->end_seq <= t.snd_una) return skb->pcount;
  if (skb->pcount == 1 || t.snd_una <= skb->seq) return 0;
  const uint32_t before = skb->pcount;
  const auto length = static_cast<uint32_t>(t.snd_una - skb->seq);
  t.queue.TrimHead(length);
  t.wmem_queued -= length;
  if (before != skb->pcount) cleaned->fully = false;
  return before - skb->pcount;
}

void AccountAcked(Tcb& t, const TxSkb& skb, SeqNum start, uint32_t acked, Cleaned* cleaned,
                  AckSample* sample) {
  if (skb.has(kSackedRetrans | kEverRetrans)) {
    if (skb.has(kSackedRetrans)) t.n.retrans_out -= acked;
    sample->flags |= kFlagRetransDataAcked;
  } else if (!skb.has(kSackedAcked)) {
    cleaned->last_sent_us = skb.sent_us;
    if (cleaned->first_sent_us == 0) cleaned->first_sent_us = skb.sent_us;
    cleaned->reord = SeqMin(cleaned->reord, start);
    if (skb.end_seq <= t.rec.high_seq) sample->flags |= kFlagOrigSackAcked;
  }
  if (skb.has(kSackedAcked)) {
    t.n.sacked_out -= acked;
  } else if (t.opt.sack) {
    t.n.delivered += acked;
    if (!IsSpuriousRetrans(t, skb)) RackAdvance(t, skb);
  }
  if (skb.has(kLost)) t.n.lost_out -= acked;
  t.n.packets_out -= acked;
  cleaned->packets += acked;
  NoteDelivered(skb, sample);
  sample->flags |= kFlagDataAcked;
}

Cleaned FreeAcked(Tcb& t, AckSample* sample) {
  Cleaned cleaned;
  cleaned.reord = t.snd_nxt;
  while (TxSkb* skb = t.queue.rtx_head()) {
    const SeqNum start = skb->seq;
    const uint32_t acked = AckedSegments(t, skb, &cleaned);
    if (acked == 0) break;
    AccountAcked(t, *skb, start, acked, &cleaned, sample);
    if (!cleaned.fully) break;
    if (skb == t.rec.retransmit_hint) t.rec.retransmit_hint = nullptr;
    t.wmem_queued -= skb->truesize;
    t.queue.PopFront();
  }
  if (t.queue.sent_count() == 0) StopChrono(t, ChronoKind::kBusy);
  if (t.n.sacked_out != 0) t.highest_sack = SeqMax(t.highest_sack, t.snd_una);
  const TxSkb* head = t.queue.rtx_head();
  if (head != nullptr && head->has(kSackedAcked)) sample->flags |= kFlagSackReneging;
  return cleaned;
}

// A lone last segment may have been acknowledged late (delayed ACK): no good for the minimum.
bool MaybeDelayed(const Tcb& t, const Cleaned& cleaned, uint32_t prior_sacked,
                  const AckSample& sample) {
  return cleaned.packets == 1 && cleaned.fully && prior_sacked == 0 &&
         static_cast<uint32_t>(t.snd_una - sample.prior_snd_una) < t.opt.mss &&
         sample.prior_delivered + 1 == t.n.delivered && !sample.has(kFlagAlert);
}

// Returns whether a sample was taken.
bool UpdateRtt(Tcb& t, int64_t seq_rtt, int64_t sack_rtt, AckSample* sample) {
  if (seq_rtt < 0) seq_rtt = sack_rtt;
  if (seq_rtt < 0 && sample->has(kFlagDataAcked)) {
    seq_rtt = TimestampRttUs(t);
    if (seq_rtt >= 0) sample->ca_rtt_us = seq_rtt;
  }
  if (seq_rtt < 0) return false;
  const bool skip_min = sample->has(kFlagAckMaybeDelayed) && sample->ca_rtt_us > t.rtt.min_us();
  if (!skip_min) t.rtt.AddMinSample(sample->ca_rtt_us, t.clock);
  t.rtt.AddSample(seq_rtt, t.snd_una, t.snd_nxt, t.clock);
  t.rec.backoff = 0;
  return true;
}

}  // namespace

int64_t TimestampRttUs(const Tcb& t) {
  if (!t.saw_tstamp || t.rcv_tsecr == 0) return -1;
  const uint32_t delta_ms = t.clock.ts_ms() - t.rcv_tsecr;
  return delta_ms < 0x7fffffffu / 1000 ? int64_t{1000} * std::max(delta_ms, 1u) : -1;
}

void CleanSendQueue(Tcb& t, AckSample* sample) {
  const uint32_t prior_sacked = t.n.sacked_out;
  const Cleaned cleaned = FreeAcked(t, sample);
  int64_t seq_rtt = -1;
  int64_t sack_rtt = -1;
  if (cleaned.first_sent_us != 0 && !sample->has(kFlagRetransDataAcked)) {
    seq_rtt = t.clock.us() - cleaned.first_sent_us;
    sample->ca_rtt_us = t.clock.us() - cleaned.last_sent_us;
    if (MaybeDelayed(t, cleaned, prior_sacked, *sample)) sample->flags |= kFlagAckMaybeDelayed;
  }
  if (sample->first_sacked_us != 0) {
    sack_rtt = t.clock.us() - sample->first_sacked_us;
    sample->ca_rtt_us = t.clock.us() - sample->last_sacked_us;
  }
  const bool measured = UpdateRtt(t, seq_rtt, sack_rtt, sample);
  const TxSkb* head = t.queue.rtx_head();
  if (sample->has(kFlagDataAcked)) {
    sample->flags |= kFlagSetXmitTimer;
    if (!t.opt.sack) {
      RemoveRenoSacks(t, cleaned.packets);
      // Without SACK one cannot tell which transmission this acknowledges.
      if (sample->has(kFlagRetransDataAcked)) sample->flags &= ~kFlagOrigSackAcked;
    } else if (cleaned.reord < sample->prior_highest_sack) {
      CheckSackReordering(t, cleaned.reord);
    }
  } else if (head != nullptr && measured && sack_rtt >= 0 &&
             sack_rtt > t.clock.us() - head->sent_us) {
    // The head was sent again after what is SACKed now: its RTO may start over.
    sample->flags |= kFlagSetXmitTimer;
  }
  t.cc->OnPacketsAcked(&t.cwnd, t.View(), sample->ca_rtt_us);
}

}  // namespace ddpsim

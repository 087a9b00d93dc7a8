#include "models/tcp/sender.h"

#include <algorithm>

#include "models/tcp/ack_policy.h"
#include "models/tcp/chrono.h"
#include "models/tcp/ecn.h"
#include "models/tcp/loss_recovery.h"
#include "models/tcp/output.h"
#include "models/tcp/prr.h"
#include "models/tcp/rack.h"
#include "models/tcp/receiver.h"
#include "models/tcp/retransmit.h"
#include "models/tcp/rto.h"
#include "models/tcp/sack_scoreboard.h"
#include "models/tcp/tlp.h"
#include "models/tcp/transmit.h"

namespace ddpsim {
namespace {

// RFC 9293: SND.WL1 keeps old segments from bringing an old window back.
void UpdateSendWindow(Tcb& t, const Skb& skb, AckSample* sample) {
  const uint32_t window = static_cast<uint32_t>(skb.tcp.window) << t.opt.snd_wscale;
  const bool newer = skb.tcp.ack > t.snd_una || skb.seq > t.snd_wl1 ||
                     (skb.seq == t.snd_wl1 && (window > t.snd_wnd || window == 0));
  if (newer) {
    sample->flags |= kFlagWinUpdate;
    t.snd_wl1 = skb.seq;
    if (t.snd_wnd != window) {
      t.snd_wnd = window;
      if (t.queue.has_unsent()) SlowStartAfterIdle(t);
      if (window > t.max_window) {
        t.max_window = window;
        SyncMss(t);
      }
    }
  }
  t.stats.bytes_acked += static_cast<uint32_t>(skb.tcp.ack - t.snd_una);
  t.snd_una = skb.tcp.ack;
}

bool IsDubious(const Tcb& t, const AckSample& sample) {
  return !sample.has(kFlagNotDup) || sample.has(kFlagAlert) || t.rec.state != CaState::kOpen;
}

void CountDuplicate(const Skb& skb, AckSample* sample) {
  if (sample->has(kFlagSndUnaAdvanced | kFlagNotDup | kFlagDsackingAck)) return;
  // The backlog may have merged pure ACKs.
  sample->num_dupack = sample->has(kFlagData) ? 1 : std::max(1u, skb.segments);
}

// tcp_may_raise_cwnd(): with reordering known, SACKs alone are progress too.
bool MayRaiseCwnd(const Tcb& t, const AckSample& sample) {
  if (t.rec.reordering > static_cast<uint32_t>(t.config.reordering))
    return sample.has(kFlagForwardProgress);
  return sample.has(kFlagDataAcked);
}

void ControlCongestion(Tcb& t, const AckSample& sample, uint32_t delivered, uint32_t lost,
                       bool was_reducing) {
  if (t.InCwndReduction()) {
    ReduceCwnd(t, static_cast<int32_t>(delivered), lost, sample.has(kFlagSndUnaAdvanced));
  } else if (MayRaiseCwnd(t, sample) && !(t.config.linux_3_11 && was_reducing)) {
    t.cc->CongAvoid(&t.cwnd, t.View(), delivered);
    t.cwnd_stamp = t.clock.jiffies();
  }
  UpdatePacingRate(t);
}

void XmitRecovery(Tcb& t, Rexmit rexmit) {
  if (rexmit == Rexmit::kNone) return;
  if (rexmit == Rexmit::kNew) {
    PushPending(t, kNagleOff);
    if (t.snd_nxt > t.rec.high_seq) return;
    t.rec.frto = false;
  }
  RetransmitLost(t);
}

// The ACK lies left of snd_una: only its SACK blocks may be of use.
AckVerdict ProcessOldAck(Tcb& t, const Skb& skb, AckSample* sample) {
  const uint64_t max_window = std::min<uint64_t>(t.max_window, t.stats.bytes_acked);
  if (skb.tcp.ack < t.snd_una - static_cast<uint32_t>(max_window)) {
    SendChallengeAck(t);  // RFC 5961 section 5.2: blind data injection
    return AckVerdict::kUnacceptable;
  }
  if (t.opt.sack && skb.tcp.options.sack_count != 0) {
    TagSacks(t, skb.tcp, sample);
    const uint32_t lost_before = t.n.lost;
    OnDubiousAck(t, sample);
    if (t.config.linux_3_11 && t.InCwndReduction())
      ReduceCwnd(t, static_cast<int32_t>(sample->sack_delivered), t.n.lost - lost_before, false);
    XmitRecovery(t, sample->rexmit);
  }
  return AckVerdict::kOld;
}

// Nothing was in flight.
void ProcessIdleAck(Tcb& t, const Skb& skb, AckSample* sample) {
  if (sample->has(kFlagDsackingAck)) OnDubiousAck(t, sample);
  UpdateProbeTimer(t);
  if (t.rec.tlp_outstanding) ProcessTlpAck(t, skb.tcp.ack, *sample);
}

void ProcessFlightAck(Tcb& t, const Skb& skb, uint32_t delivered_before, AckSample* sample) {
  const uint32_t lost_before = t.n.lost;
  const bool was_reducing = t.InCwndReduction();
  // Any ACK puts an early retransmit off.
  if (t.timers.pending == XmitTimer::kEarlyRetransmit) RearmRto(t);
  CleanSendQueue(t, sample);
  RackUpdateReoWnd(t, *sample);
  if (t.rec.tlp_outstanding) ProcessTlpAck(t, skb.tcp.ack, *sample);
  if (IsDubious(t, *sample)) {
    CountDuplicate(skb, sample);
    OnDubiousAck(t, sample);
  }
  if (sample->has(kFlagSetXmitTimer) && t.timers.pending != XmitTimer::kEarlyRetransmit)
    SetXmitTimer(t);
  ControlCongestion(t, *sample, t.n.delivered - delivered_before, t.n.lost - lost_before,
                    was_reducing);
  XmitRecovery(t, sample->rexmit);
}

}  // namespace

AckVerdict ProcessAck(Tcb& t, const Skb& skb) {
  AckSample sample;
  sample.prior_snd_una = t.snd_una;
  const SeqNum ack = skb.tcp.ack;
  if (ack < t.snd_una) return ProcessOldAck(t, skb, &sample);
  if (ack > t.snd_nxt) {
    SendChallengeAck(t);  // RFC 9293 section 3.10.7.4 (v6.18; v6.1 says nothing)
    return AckVerdict::kUnacceptable;
  }
  if (ack > t.snd_una) {
    sample.flags |= kFlagSndUnaAdvanced;
    t.rec.retransmits = 0;
  }
  sample.prior_highest_sack = t.opt.sack ? t.HighestSack() : t.snd_una;
  const bool in_flight = t.n.packets_out != 0;
  const uint32_t delivered = t.n.delivered;
  ReplaceTsRecent(t, skb.seq);
  if (SkbEnd(skb) != skb.seq) sample.flags |= kFlagData;
  UpdateSendWindow(t, skb, &sample);
  if (t.opt.sack && skb.tcp.options.sack_count != 0) {
    TagSacks(t, skb.tcp, &sample);
    t.n.delivered += sample.sack_delivered;
  }
  if (t.ecn.ok && (skb.tcp.flags & (kTcpEce | kTcpSyn)) == kTcpEce) sample.flags |= kFlagEce;
  AcceptCwr(t, skb);
  t.rec.probes_out = 0;
  if (in_flight) {
    ProcessFlightAck(t, skb, delivered, &sample);
  } else {
    ProcessIdleAck(t, skb, &sample);
  }
  return AckVerdict::kAccepted;
}

void ExpandSendBuffer(Tcb& t) {
  if (t.sndbuf_locked) return;
  // Per segment: payload, headers and skb_shared_info rounded up to a power of two, plus struct
  // sk_buff.
  uint32_t per_mss = 1;
  constexpr uint32_t kSharedInfo = 320;  // SKB_DATA_ALIGN(sizeof(struct skb_shared_info))
  const uint32_t memory_of_mss = std::max(t.opt.peer_mss, t.opt.mss) +
                                 static_cast<uint32_t>(t.config.max_tcp_header) + kSharedInfo;
  while (per_mss < memory_of_mss) per_mss <<= 1;
  per_mss += 256;
  const uint32_t segments =
      std::max({static_cast<uint32_t>(t.config.init_cwnd), t.cwnd.cwnd, t.rec.reordering + 1});
  const int64_t memory = int64_t{2} * segments * per_mss;
  if (t.sndbuf < memory) t.sndbuf = std::min(memory, t.config.wmem_max);
}

void WakeWriter(Tcb& t) {
  if (!t.no_space) return;
  if (t.InFlight() < t.cwnd.cwnd) {
    ExpandSendBuffer(t);
    t.cwnd_stamp = t.clock.jiffies();
  }
  if (2 * int64_t{t.write_seq - t.snd_nxt} >= t.NotsentLowat()) return;
  // sk_stream_is_writeable(): at least a third of the buffer is free.
  if (t.sndbuf - t.wmem_queued < t.wmem_queued >> 1) return;
  t.no_space = false;
  StopChrono(t, ChronoKind::kBufferLimited);
  t.out->write_space = true;
}

void DataSendCheck(Tcb& t) {
  PushPending(t, DefaultNagle(t));
  WakeWriter(t);
}

}  // namespace ddpsim

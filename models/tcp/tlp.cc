#include "models/tcp/tlp.h"

#include <algorithm>

#include "models/tcp/output.h"
#include "models/tcp/prr.h"
#include "models/tcp/rack.h"
#include "models/tcp/retransmit.h"
#include "models/tcp/rto.h"
#include "models/tcp/sack_scoreboard.h"
#include "models/tcp/timers.h"
#include "models/tcp/transmit.h"
#include "models/tcp/undo.h"

namespace ddpsim {
namespace {

// Sends something new, or else the last segment again. True if a probe left.
bool SendProbe(Tcb& t) {
  const uint32_t mss = CurrentMss(t);
  TxSkb* next = t.queue.send_head();
  if (next != nullptr && SendWindowFits(t, *next, mss)) {
    const uint32_t before = t.n.packets_out;
    WriteXmit(t, mss, kNagleOff, PushMode::kProbe);
    return t.n.packets_out > before;
  }
  if (t.queue.sent_count() == 0) return false;
  size_t last = t.queue.sent_count() - 1;
  const TxSkb* skb = t.queue.at(last);
  if (skb->pcount > 1 && skb->size > (skb->pcount - 1) * mss) {
    FragmentSent(t, last, (skb->pcount - 1) * mss, mss);
    ++last;
  }
  if (!RetransmitSkb(t, last, 1, false)) return false;
  t.rec.tlp_retrans = true;
  return true;
}

}  // namespace

bool ScheduleLossProbe(Tcb& t, bool advancing) {
  if (!t.config.tlp || t.n.packets_out == 0 || !t.opt.sack) return false;
  if (t.rec.state != CaState::kOpen && t.rec.state != CaState::kCwr) return false;
  int64_t timeout;
  if (t.rtt.has_sample()) {
    int64_t us = t.rtt.srtt8() >> 2;
    us += t.n.packets_out == 1 ? t.rtt.rto_min_us() : kTimeoutMinUs;
    timeout = t.clock.UsToJiffies(us);
  } else {
    timeout = t.clock.UsToJiffies(t.config.rto_init_us);
  }
  const int64_t rto_us = advancing ? t.clock.JiffiesToUs(t.rtt.rto_jiffies()) : RtoDeltaUs(t);
  if (rto_us > 0) timeout = std::min(timeout, t.clock.UsToJiffies(rto_us));
  ArmXmitTimer(t, XmitTimer::kLossProbe, timeout, t.rtt.rto_max_jiffies());
  return true;
}

void SendLossProbe(Tcb& t) {
  if (!t.rec.tlp_outstanding) {
    t.rec.tlp_retrans = false;
    if (SendProbe(t)) {
      t.rec.tlp_outstanding = true;
      t.rec.tlp_high_seq = t.snd_nxt;
      ++t.stats.tlp_probes;
      ClearXmitTimer(t);
    }
  }
  RearmRto(t);
}

void ProcessTlpAck(Tcb& t, SeqNum ack, const AckSample& sample) {
  if (ack < t.rec.tlp_high_seq) return;
  if (!t.rec.tlp_retrans || sample.has(kFlagDsackTlp)) {
    t.rec.tlp_outstanding = false;
  } else if (ack > t.rec.tlp_high_seq) {
    // No DSACK, so the probe was needed: one loss, one reduction.
    InitCwndReduction(t);
    SetCaState(t, CaState::kCwr);
    EndCwndReduction(t);
    TryKeepOpen(t);
    ++t.stats.tlp_recoveries;
  } else if (!sample.has(kFlagSndUnaAdvanced | kFlagNotDup | kFlagDataSacked)) {
    t.rec.tlp_outstanding = false;
  }
}

}  // namespace ddpsim

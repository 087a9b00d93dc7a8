#include "models/tcp/linux_3_11.h"

#include <algorithm>

#include "models/tcp/timers.h"

namespace ddpsim {
namespace {

// sysctl tcp_early_retrans: 1 at once, 2 and 3 after a quarter of the RTT.
constexpr int64_t kDelayed = 2;
constexpr int64_t kDelayedWithTlp = 3;
constexpr uint32_t kFewSegments = 4;
constexpr int64_t kMinDelayUs = 2000;

}  // namespace

uint32_t FackedOut(const Tcb& t) {
  uint32_t facked = 0;
  uint32_t passed = 0;
  for (size_t i = 0; i < t.queue.sent_count(); ++i) {
    passed += t.queue.at(i)->pcount;
    if (t.queue.at(i)->has(kSackedAcked)) facked = passed;
  }
  return facked;
}

bool EarlyRetransmitNow(Tcb& t) {
  const int64_t mode = t.config.early_retransmit;
  if (mode < 1 || mode > kDelayedWithTlp || t.n.retrans_out != 0 || t.n.sacked_out == 0)
    return false;
  if (t.n.packets_out != t.n.sacked_out + 1 || t.n.packets_out >= kFewSegments) return false;
  const TxSkb* next = t.queue.send_head();
  if (next != nullptr && next->end_seq <= t.WindowEnd()) return false;
  if (mode < kDelayed || !t.rtt.has_sample()) return true;
  const int64_t delay =
      std::max(t.clock.UsToJiffies(t.rtt.srtt_us() / 4), t.clock.UsToJiffies(kMinDelayUs));
  if (t.timers.xmit_expires <= t.clock.jiffies() + delay) return true;
  ArmXmitTimer(t, XmitTimer::kEarlyRetransmit, delay, t.rtt.rto_max_jiffies());
  return false;
}

}  // namespace ddpsim

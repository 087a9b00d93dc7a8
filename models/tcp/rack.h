// RACK-TLP's loss detection (RFC 8985 section 6, tcp_recovery.c): a segment is lost when one sent
// later was delivered and the reordering window has passed. The window is 0 once `reordering`
// segments are SACKed and no reordering was ever seen; otherwise min_rtt/4 times a factor that
// DSACKs raise, at most srtt. NewReno's rule for connections without SACK sits here too. The
// reordering timer has the kernel's floor of TCP_TIMEOUT_MIN (2 ms).
#ifndef DDPSIM_MODELS_TCP_RACK_H_
#define DDPSIM_MODELS_TCP_RACK_H_

#include "models/tcp/ack_flags.h"
#include "models/tcp/tcb.h"

namespace ddpsim {

inline constexpr int64_t kTimeoutMinUs = 2000;         // TCP_TIMEOUT_MIN_US
inline constexpr uint8_t kRackRecoveryThreshold = 16;  // TCP_RACK_RECOVERY_THRESH

// The skb was delivered.
void RackAdvance(Tcb& t, const TxSkb& skb);
// Marks what is lost by now; returns how long (us) until more may be, 0: nothing to wait for.
int64_t RackDetectLoss(Tcb& t);
// After an ACK. True if the reordering timer was armed.
bool RackMarkLost(Tcb& t);
// Adapts the window to DSACKs, once per round trip.
void RackUpdateReoWnd(Tcb& t, const AckSample& sample);
// us until the skb counts as lost with the window `reo_wnd_us`.
int64_t RackTimeLeft(const Tcb& t, const TxSkb& skb, int64_t reo_wnd_us);
// RFC 6582.
void NewRenoMarkLost(Tcb& t, bool snd_una_advanced);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_RACK_H_

// When to acknowledge: quick-ACK budget, pingpong, the delayed-ACK timer with its adaptive timeout,
// "every second segment", SACK compression and the rate limit of ACKs that answer invalid segments
// (tcp_event_data_recv(), __tcp_ack_snd_check(), tcp_send_delayed_ack(), tcp_cleanup_rbuf(),
// tcp_oow_rate_limited()). Left out: per-route quickack, ECN's extra quick ACKs.
#ifndef DDPSIM_MODELS_TCP_ACK_POLICY_H_
#define DDPSIM_MODELS_TCP_ACK_POLICY_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

inline constexpr uint32_t kMaxQuickAcks = 16;  // TCP_MAX_QUICKACKS

inline void ScheduleAck(Tcb& t) { t.ack.pending |= kAckSched; }
inline bool AckScheduled(const Tcb& t) { return (t.ack.pending & kAckSched) != 0; }

// First estimate of the peer's segment size (tcp_initialize_rcv_mss()).
void InitRcvMss(Tcb& t);
// Estimates the peer's segment size; out-of-order segments count too (v6.17+).
void MeasureRcvMss(Tcb& t, const Skb& skb);
// In-order data was queued: schedules an ACK, updates rcv_mss, ato and the quick-ACK budget.
void OnDataReceived(Tcb& t, const Skb& skb);
// Something is wrong (duplicate, out of window): acknowledge the next segments at once.
void EnterQuickAckMode(Tcb& t, uint32_t max_quick_acks);
// After each segment: ACK now, later, or compressed, if one is scheduled.
void MaybeSendAck(Tcb& t);
// The application has read `copied` bytes (tcp_cleanup_rbuf()).
void AckAfterRead(Tcb& t, uint32_t copied);
// An ACK has left on a segment.
void OnAckSent(Tcb& t);
void OnDelackTimer(Tcb& t);
// The hrtimer of SACK compression, or a change of the SACK list that must not be held back.
void FlushCompressedAck(Tcb& t);
// True if an ACK for an invalid segment must be suppressed. `pure`: the segment has neither data
// nor SYN.
bool OowRateLimited(Tcb& t, bool pure);
// RFC 5961.
void SendChallengeAck(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_ACK_POLICY_H_

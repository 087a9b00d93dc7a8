// Sending new data: what Nagle, cwnd, the peer's window, TSO deferral and the small queue (TSQ) let
// go, in super-segments sized by the pacing rate (tcp_write_xmit() and its tests, tcp_push(),
// tcp_cwnd_validate()); and the application's writes. Left out: MTU probing, pacing (qdisc pfifo),
// zerocopy notifications (a Payload's owner is simply released).
#ifndef DDPSIM_MODELS_TCP_OUTPUT_H_
#define DDPSIM_MODELS_TCP_OUTPUT_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

enum Nagle : uint8_t { kNagleDefault = 0, kNagleOff = 1, kNagleCork = 2, kNaglePush = 4 };
enum class PushMode : uint8_t { kAll, kOne, kProbe };

inline uint8_t DefaultNagle(const Tcb& t) {
  return static_cast<uint8_t>((t.config.nodelay ? kNagleOff : 0) | (t.cork ? kNagleCork : 0));
}

// Segments per super-segment (tcp_tso_segs()).
uint32_t TsoSegments(const Tcb& t, uint32_t mss);
// True if the device holds too much of this connection already; sets tsq_throttled. The limit is
// shifted left by `factor`.
bool SmallQueueFull(Tcb& t, const TxSkb& skb, int factor);
// True if data waits, nothing is in flight and nothing could be sent: the caller must arm the
// zero-window probe.
bool WriteXmit(Tcb& t, uint32_t mss, uint8_t nagle, PushMode mode);
// Sends what may be sent and cares for the probe timer.
void PushPending(Tcb& t, uint8_t nagle);
void UpdatePacingRate(Tcb& t);
bool SendWindowFits(const Tcb& t, const TxSkb& skb, uint32_t mss);
// Bookkeeping of a first transmission (tcp_event_new_data_sent()).
void OnNewDataSent(Tcb& t, TxSkb* skb);

// Appends to the send queue as far as the buffer allows; returns the bytes taken. Pushes unless
// `more`.
uint32_t WriteData(Tcb& t, const Payload& payload, bool more, bool eor);
// Room in the send buffer (memory, counted as Linux counts it).
int64_t SendBufferSpace(const Tcb& t);
// Queues a FIN behind all data.
void QueueFin(Tcb& t);
// RFC 2861 as Linux does it: cwnd decays after an idle RTO.
void SlowStartAfterIdle(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_OUTPUT_H_

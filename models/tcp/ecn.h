// Explicit congestion notification (RFC 3168): negotiation, ECT on new data, the echo of congestion
// marks and CWR (tcp_ecn_send(), tcp_ecn_check_ce(), tcp_ecn_accept_cwr() and the handshake's
// tcp_ecn_*()). The reaction to an echo is loss_recovery.h's. Left out: AccECN, per-route ECN, the
// fallback of a lost SYN; the IP field is carried between Connection and its caller, no device
// marks.
#ifndef DDPSIM_MODELS_TCP_ECN_H_
#define DDPSIM_MODELS_TCP_ECN_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// Bits that our SYN asks with.
uint8_t EcnSynFlags(Tcb& t);
// The peer's SYN: agreed if it asks and we accept. Bits for our SYN+ACK.
void EcnOnSyn(Tcb& t, const Skb& skb);
uint8_t EcnSynAckFlags(const Tcb& t);
// The peer's SYN+ACK.
void EcnOnSynAck(Tcb& t, const Skb& skb);
// A segment leaves: ECT for new data, CWR once after a reduction, ECE until the peer says CWR.
void MarkEcn(Tcb& t, TxSegment* segment);
// Data has arrived: was it marked?
void CheckCongestionMark(Tcb& t, const Skb& skb);
// The header of an acceptable segment: CWR ends our echo.
void AcceptCwr(Tcb& t, const Skb& skb);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_ECN_H_

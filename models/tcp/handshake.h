// Connection set-up (RFC 9293 section 3.5): SYN, SYN+ACK, option negotiation, their retransmission,
// and what becomes of the state when the connection is established (tcp_finish_connect(),
// tcp_rcv_synsent_state_process(), tcp_check_req(), tcp_init_transfer()). One object per
// connection: the listener becomes the connection. Left out: SYN cookies, fast open, simultaneous
// open's data, deferred accept.
#ifndef DDPSIM_MODELS_TCP_HANDSHAKE_H_
#define DDPSIM_MODELS_TCP_HANDSHAKE_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

void StartConnect(Tcb& t);
void OnSegmentInListen(Tcb& t, const Skb& skb);
// SYN_SENT. Returns true if the segment has established the connection.
bool OnSegmentInSynSent(Tcb& t, const Skb& skb);
// SYN_RECEIVED. Returns true if the segment has established the connection and goes on to normal
// processing.
bool OnSegmentInSynReceived(Tcb& t, const Skb& skb);
void OnHandshakeTimer(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_HANDSHAKE_H_

// Building segments: header, options and window of everything this endpoint sends (mirrors
// __tcp_transmit_skb(), tcp_established_options(), tcp_syn_options(), tcp_send_ack()). Data leaves
// as views of the send queue's payload. Left out: qdisc return codes (the device never refuses),
// urgent pointer.
#ifndef DDPSIM_MODELS_TCP_TRANSMIT_H_
#define DDPSIM_MODELS_TCP_TRANSMIT_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// Payload per segment now: opt.mss less the room that pending SACK blocks take (tcp_current_mss()).
uint32_t CurrentMss(const Tcb& t);
// Recomputes opt.mss from MTU, peer's MSS and the largest window seen (tcp_sync_mss()).
void SyncMss(Tcb& t);

// Sends the skb (first time or again), stamps it and moves it to the end of the time list.
void TransmitSkb(Tcb& t, TxSkb* skb, bool retransmission);
// A pure ACK now.
void SendAck(Tcb& t);
// An ACK with an unacceptable sequence number, to make the peer answer (tcp_xmit_probe_skb()).
void SendWindowProbe(Tcb& t);
// Answers a segment that belongs to no connection.
void SendReset(Tcb& t, SeqNum seq, bool with_ack);
// Ours is aborted (tcp_send_active_reset()): a RST with all that an ACK carries.
void SendActiveReset(Tcb& t);
// SYN or SYN+ACK with everything we offer / agreed on.
void SendSyn(Tcb& t);
void SendSynAck(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_TRANSMIT_H_

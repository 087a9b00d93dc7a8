// The SACK scoreboard of the sender (RFC 6675's data structure, kept as marks on the skbs of the
// send queue): processes the SACK option, finds DSACKs and reordering, cuts super-segments at SACK
// edges; and the dupACK count that stands in for it without SACK. Mirrors tcp_sacktag_write_queue()
// and the tcp_*_reno_sack() family. Left out: merging SACKed skbs. Invariant: sacked_out + lost_out
// <= packets_out; sack_cache holds the blocks of the last ACK, all of them tagged already.
#ifndef DDPSIM_MODELS_TCP_SACK_SCOREBOARD_H_
#define DDPSIM_MODELS_TCP_SACK_SCOREBOARD_H_

#include "ddpsim/wire/tcp_segment.h"
#include "models/tcp/ack_flags.h"
#include "models/tcp/tcb.h"

namespace ddpsim {

// Tags what `header` SACKs. Updates sample->flags, reord, sack times and sack_delivered.
void TagSacks(Tcb& t, const TcpHeader& header, AckSample* sample);
// Data at `low` was delivered after data at the highest SACK, without retransmission: the path
// reorders.
void CheckSackReordering(Tcb& t, SeqNum low);
// tcp_mark_skb_lost().
void MarkLost(Tcb& t, TxSkb* skb);
// The skb was delivered: keeps the newest for the rate sample.
void NoteDelivered(const TxSkb& skb, AckSample* sample);

// Without SACK: duplicate ACKs count as SACKed segments.
void AddRenoSack(Tcb& t, uint32_t num_dupack);
void RemoveRenoSacks(Tcb& t, uint32_t acked);
bool LimitRenoSacked(Tcb& t);

// Splits a sent skb and keeps packets_out and the loss counters right (tcp_fragment(),
// tcp_adjust_pcount()).
void FragmentSent(Tcb& t, size_t index, uint32_t length, uint32_t mss);
void AdjustPcount(Tcb& t, const TxSkb& skb, int decrease);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_SACK_SCOREBOARD_H_

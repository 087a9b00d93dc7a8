// The out-of-order queue with the SACK list that describes it (RFC 2018: most recently changed
// block first, four remembered) and the pending DSACK (RFC 2883). Mirrors tcp_data_queue_ofo(),
// tcp_ofo_queue(), tcp_sack_new_ofo_skb(), tcp_dsack_*(). Invariants: ofo.skbs is sorted by seq and
// lies beyond rcv_nxt after each segment; win.rmem_alloc counts its truesize.
#ifndef DDPSIM_MODELS_TCP_ASSEMBLER_H_
#define DDPSIM_MODELS_TCP_ASSEMBLER_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// Takes a segment beyond rcv_nxt.
void QueueOutOfOrder(Tcb& t, SkbPtr skb);
// rcv_nxt has moved: moves what is in order now to the receive queue. Returns true if a FIN was
// reached.
bool DrainOutOfOrder(Tcb& t);
// Forgets SACK blocks that rcv_nxt has passed.
void RemoveOldSacks(Tcb& t);
// Report [start, end) as received twice with the next ACK / extend the report.
void SetDsack(Tcb& t, SeqNum start, SeqNum end);
void ExtendDsack(Tcb& t, SeqNum start, SeqNum end);
// Adds payload that begins at or before rcv_nxt to the receive queue, merging with its tail if
// possible; advances rcv_nxt. `measure`: it has just arrived, let the ACK policy look at it.
void QueueInOrder(Tcb& t, SkbPtr skb, bool measure);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_ASSEMBLER_H_

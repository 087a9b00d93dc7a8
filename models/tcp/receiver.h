// The receive side of a synchronised connection, in the order of RFC 9293 section 3.10.7.4:
// acceptability (PAWS, sequence, RST, SYN), then data. The ACK field in between is the sender's
// business (sender.h). Mirrors tcp_validate_incoming() and tcp_data_queue(). Left out: urgent data,
// the copy of header prediction's work (only what it leaves out is modelled).
#ifndef DDPSIM_MODELS_TCP_RECEIVER_H_
#define DDPSIM_MODELS_TCP_RECEIVER_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// Reads the timestamp option of the segment into t.saw_tstamp, rcv_tsval, rcv_tsecr.
void ReadTimestamps(Tcb& t, const TcpOptions& options);
// TS.Recent follows segments that do not begin right of the last ACK sent (RFC 7323 section 4.3).
void ReplaceTsRecent(Tcb& t, SeqNum seq);
// Header prediction (tcp_rcv_established()): the segment is what was expected, so that Linux leaves
// out some of the checks behind it. Timestamps must have been read.
bool IsPredicted(const Tcb& t, const Skb& skb);
// False: the segment is not acceptable and has been dealt with (dropped, acknowledged, challenged,
// or reset the connection).
bool ValidateIncoming(Tcb& t, const Skb& skb);
// Queues payload and FIN. Returns true if the FIN was reached in order.
bool ReceiveData(Tcb& t, SkbPtr skb);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_RECEIVER_H_

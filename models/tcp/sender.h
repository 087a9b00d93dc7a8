// What an incoming ACK does to the sender (tcp_ack(), RFC 9293 section 3.10.7.4 "fifth, check the
// ACK field"): window, SACK, cleaning the send queue with RTT samples, loss recovery, congestion
// control, retransmissions. Left out: delivery-rate estimation beyond what RACK needs.
#ifndef DDPSIM_MODELS_TCP_SENDER_H_
#define DDPSIM_MODELS_TCP_SENDER_H_

#include "models/tcp/ack_flags.h"
#include "models/tcp/tcb.h"

namespace ddpsim {

enum class AckVerdict : uint8_t { kOld, kAccepted, kUnacceptable };

// Processes the ACK field, window and options of the segment.
AckVerdict ProcessAck(Tcb& t, const Skb& skb);
// After each segment: send what may be sent now, wake writers (tcp_data_snd_check()).
void DataSendCheck(Tcb& t);
void WakeWriter(Tcb& t);
// Raises sk_sndbuf with cwnd (tcp_sndbuf_expand()).
void ExpandSendBuffer(Tcb& t);

// rtx_clean.cc: the round trip in us by the time stamp that the segment echoes, which names the
// transmission that it answers; -1: it echoes none, or an impossible one.
int64_t TimestampRttUs(const Tcb& t);
// rtx_clean.cc: takes acknowledged skbs off the queue and measures (tcp_clean_rtx_queue()).
void CleanSendQueue(Tcb& t, AckSample* sample);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_SENDER_H_

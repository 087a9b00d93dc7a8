// What one incoming ACK turned out to be (FLAG_* of tcp_input.c), collected by the steps of ACK
// processing and read by the later ones, together with the measurements that go with it (struct
// tcp_sacktag_state, struct rate_sample).
#ifndef DDPSIM_MODELS_TCP_ACK_FLAGS_H_
#define DDPSIM_MODELS_TCP_ACK_FLAGS_H_

#include <cstdint>

#include "ddpsim/base/seq_num.h"

namespace ddpsim {

enum AckFlag : uint32_t {
  kFlagData = 0x01,  // the segment carried data
  kFlagWinUpdate = 0x02,
  kFlagDataAcked = 0x04,         // new data was acknowledged
  kFlagRetransDataAcked = 0x08,  // some of it was retransmitted
  kFlagDataSacked = 0x20,
  kFlagEce = 0x40,             // the peer echoes a congestion mark
  kFlagLostRetrans = 0x80,     // a retransmission was lost
  kFlagOrigSackAcked = 0x200,  // a never retransmitted skb below high_seq was (S)ACKed
  kFlagSndUnaAdvanced = 0x400,
  kFlagDsackingAck = 0x800,
  kFlagSetXmitTimer = 0x1000,
  kFlagSackReneging = 0x2000,
  kFlagDsackTlp = 0x20000,  // the DSACK is for a tail loss probe
  kFlagAckMaybeDelayed = 0x10000,

  kFlagNotDup = kFlagData | kFlagWinUpdate | kFlagDataAcked,
  // Needs the full treatment whatever else it did (FLAG_CA_ALERT).
  kFlagAlert = kFlagDataSacked | kFlagEce | kFlagDsackingAck,
  kFlagForwardProgress = kFlagDataAcked | kFlagDataSacked,
};

enum class Rexmit : uint8_t { kNone, kLost, kNew };

struct AckSample {
  uint32_t flags = 0;
  SeqNum prior_snd_una;
  SeqNum prior_highest_sack;
  SeqNum reord;                 // lowest never-retransmitted byte SACKed below the highest SACK
  int64_t first_sacked_us = 0;  // transmission times of the newly SACKed, never retransmitted skbs
  int64_t last_sacked_us = 0;
  uint32_t sack_delivered = 0;
  int64_t ca_rtt_us = -1;
  // Rate sample: t.n.delivered when the most recently sent of the now delivered skbs was sent; 0:
  // none.
  uint32_t prior_delivered = 0;
  int64_t newest_sent_us = 0;
  SeqNum newest_end;
  uint32_t num_dupack = 0;
  Rexmit rexmit = Rexmit::kNone;

  bool has(uint32_t flag) const { return (flags & flag) != 0; }
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_ACK_FLAGS_H_

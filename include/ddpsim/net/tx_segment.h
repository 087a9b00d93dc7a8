// What TCP hands to the IP layer: one segment, or one TSO super-segment that the device cuts at
// gso_size (mirrors the clone that __tcp_transmit_skb() gives to ip_queue_xmit()). The header is
// complete but for the checksum. Left out: IP header fields (one path, no options). Invariants:
// payload sizes sum up to payload_size; gso_size != 0 iff payload_size > gso_size; every segment
// with truesize != 0 comes back once through Connection::OnTxCompleted().
#ifndef DDPSIM_NET_TX_SEGMENT_H_
#define DDPSIM_NET_TX_SEGMENT_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "ddpsim/base/payload.h"
#include "ddpsim/wire/tcp_segment.h"

namespace ddpsim {

using PayloadList = absl::InlinedVector<Payload, 4>;

struct TxSegment {
  TcpHeader tcp;
  uint32_t payload_size = 0;
  PayloadList payload;
  uint32_t gso_size = 0;  // MSS to cut at; 0: a single segment
  bool retransmission = false;
  uint8_t ip_ecn = kIpNotEct;
  // TSQ accounting, handed back in Connection::OnTxCompleted(); 0 for pure ACKs
  uint32_t truesize = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_NET_TX_SEGMENT_H_

// A law's own reading of a TCP segment in an Ethernet frame: where RFC 791 and RFC 9293 have what
// laws ask for, and no more; with or without a VLAN tag. Left out: TCP options, checksums.
// Invariant: the payload is what the IPv4 header's total length says, not the padding of a short
// frame.
#ifndef DDPSIM_SIM_CHECK_TCP_FRAME_H_
#define DDPSIM_SIM_CHECK_TCP_FRAME_H_

#include <cstdint>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/seq_num.h"

namespace ddpsim {

struct TcpFrame {
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  SeqNum seq;
  uint8_t flags = 0;
  ByteSpan payload;
};

// False: it is no whole TCP segment over IPv4, or a fragment of one.
bool ReadTcpFrame(ByteSpan frame, TcpFrame* tcp);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_TCP_FRAME_H_

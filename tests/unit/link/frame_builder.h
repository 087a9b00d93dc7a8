// Frames for the link's tests: one TCP flow per source port, real headers and checksums.
#ifndef DDPSIM_TESTS_UNIT_LINK_FRAME_BUILDER_H_
#define DDPSIM_TESTS_UNIT_LINK_FRAME_BUILDER_H_

#include <vector>

#include "ddpsim/wire/segment_writer.h"

namespace ddpsim {

class FrameBuilder {
 public:
  explicit FrameBuilder(FramePool* pool) : pool_(pool) {
    addresses_.source_ip = 0x0a090001;
    addresses_.destination_ip = 0x0a090002;
  }

  FramePtr Data(uint32_t seq, const std::vector<uint8_t>& bytes, uint16_t port = 4420,
                uint8_t flags = kTcpAck) {
    return Make(seq, bytes, port, flags);
  }
  // A data frame of `size` payload bytes.
  FramePtr Data(uint32_t seq, uint32_t size, uint16_t port = 4420) {
    return Data(seq, std::vector<uint8_t>(size, static_cast<uint8_t>(seq)), port);
  }
  FramePtr Ack() { return Make(1, {}, 4420, kTcpAck); }
  FramePtr Syn(uint32_t seq, uint16_t port) { return Make(seq, {}, port, kTcpSyn); }

 private:
  FramePtr Make(uint32_t seq, const std::vector<uint8_t>& bytes, uint16_t port, uint8_t flags) {
    TcpHeader tcp;
    tcp.source_port = port;
    tcp.destination_port = 50000;
    tcp.seq = SeqNum(seq);
    tcp.flags = flags;
    Payload payload;
    payload.data = bytes.data();
    payload.size = static_cast<uint32_t>(bytes.size());
    return WriteSegment(*pool_, addresses_, 1, tcp, absl::Span<const Payload>(&payload, 1), 0,
                        payload.size);
  }

  FramePool* pool_;
  EthIpAddresses addresses_;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_LINK_FRAME_BUILDER_H_

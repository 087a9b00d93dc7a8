// Turns TCP headers and payload into Ethernet frames with real IPv4 and TCP checksums; cuts a large
// send as TSO hardware does (Linux 6.1 tcp_gso_segment() is the software twin): sequence numbers
// advance by gso_size, IP ids by one, options are the same on each frame, CWR goes on the first
// frame only, PSH and FIN on the last only. Left out: VLAN tags, IPv6, checksum left to the device
// (CHECKSUM_PARTIAL): every frame leaves complete. Invariant: each payload byte is read once (copy
// and sum are fused) and nothing is allocated but the frame.
#ifndef DDPSIM_WIRE_SEGMENT_WRITER_H_
#define DDPSIM_WIRE_SEGMENT_WRITER_H_

#include <cstdint>

#include "absl/types/span.h"
#include "ddpsim/base/payload.h"
#include "ddpsim/wire/frame.h"
#include "ddpsim/wire/ip.h"
#include "ddpsim/wire/tcp_segment.h"

namespace ddpsim {

class SegmentCutter {
 public:
  // Sends bytes [offset, offset + length) of `gather`, at most `gso_size` of them per frame (0: all
  // in one frame). Without payload there is one frame. REQUIRES: the range lies in `gather`, whose
  // bytes and array outlive the cutter; a frame fits FramePool.
  SegmentCutter(const EthIpAddresses& addresses, uint16_t ip_id, const TcpHeader& header,
                absl::Span<const Payload> gather, uint32_t offset, uint32_t length,
                uint32_t gso_size);

  bool done() const { return next_ == segments_; }
  uint32_t segments() const { return segments_; }
  // The next frame. REQUIRES: !done().
  FramePtr Next(FramePool& pool);

 private:
  static constexpr uint32_t kMaxHeaders = kEthernetHeader + kIpv4Header + kTcpMaxHeader;

  uint8_t SegmentFlags() const;
  // Copies the next `length` payload bytes to `out` and returns their sum as of offset 0.
  uint16_t CopyPayload(uint8_t* out, uint32_t length);

  uint8_t headers_[kMaxHeaders];  // as the first frame's, with zero in the fields that differ from
                                  // frame to frame
  uint32_t headers_size_;
  uint16_t ip_sum_;  // of headers_' IPv4 part
  uint32_t l4_sum_;  // of headers_' TCP part and the pseudo-header without its length
  absl::Span<const Payload> gather_;
  uint32_t gather_offset_;  // into gather_.front()
  uint32_t left_;           // payload bytes not sent yet
  uint32_t gso_size_;
  uint32_t segments_;
  uint32_t next_ = 0;
  SeqNum seq_;
  uint16_t ip_id_;
  uint8_t flags_;
};

// One frame carrying bytes [offset, offset + length) of `gather`. REQUIRES: as SegmentCutter.
inline FramePtr WriteSegment(FramePool& pool, const EthIpAddresses& addresses, uint16_t ip_id,
                             const TcpHeader& header, absl::Span<const Payload> gather,
                             uint32_t offset, uint32_t length) {
  return SegmentCutter(addresses, ip_id, header, gather, offset, length, 0).Next(pool);
}

}  // namespace ddpsim

#endif  // DDPSIM_WIRE_SEGMENT_WRITER_H_

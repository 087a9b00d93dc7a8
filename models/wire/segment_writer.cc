#include "ddpsim/wire/segment_writer.h"

#include <algorithm>
#include <cstring>

#include "ddpsim/base/check.h"
#include "ddpsim/wire/checksum.h"

namespace ddpsim {
namespace {

constexpr uint32_t kIpAt = kEthernetHeader;
constexpr uint32_t kTcpAt = kEthernetHeader + kIpv4Header;
constexpr uint16_t kDontFragment = 0x4000;  // Linux sets DF on every TCP packet (IP_PMTUDISC_WANT)

void EmitEthernet(const EthIpAddresses& a, uint8_t* p) {
  std::memcpy(p, a.destination_mac.data(), 6);
  std::memcpy(p + 6, a.source_mac.data(), 6);
  StoreBe16(p + 12, kEtherTypeIpv4);
}

// Leaves total length, id and checksum zero.
void EmitIpv4(const EthIpAddresses& a, uint8_t* p) {
  p[0] = 0x45;
  p[1] = a.tos;
  StoreBe32(p + 2, 0);
  StoreBe16(p + 6, kDontFragment);
  p[8] = a.ttl;
  p[9] = kIpProtocolTcp;
  StoreBe16(p + 10, 0);
  StoreBe32(p + 12, a.source_ip);
  StoreBe32(p + 16, a.destination_ip);
}

}  // namespace

SegmentCutter::SegmentCutter(const EthIpAddresses& addresses, uint16_t ip_id,
                             const TcpHeader& header, absl::Span<const Payload> gather,
                             uint32_t offset, uint32_t length, uint32_t gso_size)
    : gather_(gather),
      gather_offset_(offset),
      left_(length),
      gso_size_(gso_size == 0 ? std::max(length, 1u) : gso_size),
      segments_(length == 0 ? 1 : (length + gso_size_ - 1) / gso_size_),
      seq_(header.seq),
      ip_id_(ip_id),
      flags_(header.flags) {
  while (!gather_.empty() && gather_offset_ >= gather_.front().size) {
    gather_offset_ -= gather_.front().size;
    gather_.remove_prefix(1);
  }
  EmitEthernet(addresses, headers_);
  EmitIpv4(addresses, headers_ + kIpAt);
  const size_t tcp_size = EmitTcpHeader(header, MutableByteSpan(headers_ + kTcpAt, kTcpMaxHeader));
  StoreBe32(headers_ + kTcpAt + 4, 0);  // sequence number
  headers_[kTcpAt + 13] = 0;            // flags
  headers_size_ = kTcpAt + static_cast<uint32_t>(tcp_size);
  ip_sum_ = OnesSum(ByteSpan(headers_ + kIpAt, kIpv4Header));
  // The addresses lie together in the IP header, in the pseudo-header's order.
  l4_sum_ = uint32_t{OnesSum(ByteSpan(headers_ + kIpAt + 12, 8))} +
            OnesSum(ByteSpan(headers_ + kTcpAt, tcp_size)) + __builtin_bswap16(kIpProtocolTcp);
}

uint8_t SegmentCutter::SegmentFlags() const {
  uint8_t flags = flags_;
  if (next_ != 0) flags &= static_cast<uint8_t>(~kTcpCwr);
  if (next_ + 1 != segments_) flags &= static_cast<uint8_t>(~(kTcpPsh | kTcpFin));
  return flags;
}

uint16_t SegmentCutter::CopyPayload(uint8_t* out, uint32_t length) {
  uint32_t sum = 0;
  for (uint32_t done = 0; done < length;) {
    SIM_CHECK(!gather_.empty(), "gather list shorter than the segment");
    const Payload& part = gather_.front();
    const uint32_t n = std::min(length - done, part.size - gather_offset_);
    const uint16_t part_sum = CopyAndSum(out + done, part.data + gather_offset_, n);
    sum += (done & 1) != 0 ? __builtin_bswap16(part_sum) : part_sum;
    done += n;
    gather_offset_ += n;
    if (gather_offset_ == part.size) {
      gather_.remove_prefix(1);
      gather_offset_ = 0;
    }
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<uint16_t>((sum & 0xffff) + (sum >> 16));
}

FramePtr SegmentCutter::Next(FramePool& pool) {
  SIM_CHECK(!done(), "all segments are cut already");
  const uint32_t length = std::min(left_, gso_size_);
  RefPtr<Frame> frame = pool.Allocate(headers_size_ + length);
  uint8_t* p = frame->mutable_data();
  std::memcpy(p, headers_, headers_size_);

  const uint16_t total = static_cast<uint16_t>(headers_size_ - kIpAt + length);
  InternetChecksum ip;
  ip.AddSum(ip_sum_, 0);
  ip.AddField16(total);
  ip.AddField16(ip_id_);
  StoreBe16(p + kIpAt + 2, total);
  StoreBe16(p + kIpAt + 4, ip_id_);
  StoreBe16(p + kIpAt + 10, ip.Finish());

  const uint8_t flags = SegmentFlags();
  InternetChecksum tcp(l4_sum_);
  tcp.AddField16(static_cast<uint16_t>(total - kIpv4Header));
  tcp.AddField32(seq_.value());
  tcp.AddField16(flags);
  tcp.AddSum(CopyPayload(p + headers_size_, length), 0);
  StoreBe32(p + kTcpAt + 4, seq_.value());
  p[kTcpAt + 13] = flags;
  StoreBe16(p + kTcpAt + 16, tcp.Finish());
  frame->set_l4_checksum_known_good(true);

  left_ -= length;
  seq_ += length;
  ++ip_id_;
  ++next_;
  return frame;
}

}  // namespace ddpsim

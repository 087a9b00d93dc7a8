#include "sim/replay/frame_recutter.h"

#include <algorithm>
#include <cstring>

#include "ddpsim/wire/segment_writer.h"
#include "models/capture/link_header.h"

namespace ddpsim {
namespace {

constexpr size_t kTcpChecksumAt = 16;

bool SameAddress(const CapturedAddress& captured, Ipv4Address address) {
  return LoadBe32(captured.data()) == address;
}

}  // namespace

bool FrameRecutter::FitsAsIs(const CaptureRecord& record, const CapturedPacket& packet,
                             const FourTuple& flow) const {
  return record.link_type == kLinkTypeEthernet && !packet.flow.ipv6 && packet.vlan_tags == 0 &&
         packet.tunnels == 0 && packet.checksum != ChecksumState::kOffloaded &&
         record.bytes.size() <= kEthernetHeader + mtu_ &&
         SameAddress(packet.flow.source, flow.source_ip) &&
         SameAddress(packet.flow.destination, flow.destination_ip) &&
         packet.flow.source_port == flow.source_port &&
         packet.flow.destination_port == flow.destination_port;
}

void FrameRecutter::Cut(const CaptureRecord& record, const CapturedPacket& packet,
                        const FourTuple& flow, std::vector<FramePtr>* out) {
  const bool good = packet.checksums_good();
  ParsedFrame parsed;
  if (FitsAsIs(record, packet, flow) && ParseFrame(record.bytes, &parsed) &&
      VerifyIpv4Checksum(record.bytes, parsed) == packet.ip_checksum_good) {
    RefPtr<Frame> frame = pool_->Allocate(static_cast<uint32_t>(record.bytes.size()));
    std::memcpy(frame->mutable_data(), record.bytes.data(), record.bytes.size());
    frame->set_l4_checksum_known_good(good);
    out->push_back(FramePtr(frame.get()));
    return;
  }
  EthIpAddresses addresses;
  addresses.source_ip = flow.source_ip;
  addresses.destination_ip = flow.destination_ip;
  addresses.tos = packet.tos;
  TcpHeader header = packet.tcp;
  header.source_port = flow.source_port;
  header.destination_port = flow.destination_port;
  const Payload payload{packet.payload.data(), packet.payload_size, 0, nullptr};
  const auto headers = static_cast<uint32_t>(kIpv4Header + TcpHeaderSize(header));
  const uint32_t most = mtu_ > headers ? mtu_ - headers : 1;
  SegmentCutter cutter(addresses, packet.ip_id, header, absl::MakeConstSpan(&payload, 1), 0,
                       packet.payload_size, packet.payload_size > most ? most : 0);
  while (!cutter.done()) {
    const FramePtr frame = cutter.Next(*pool_);
    out->push_back(good ? frame : Spoiled(frame));
  }
}

FramePtr FrameRecutter::Spoiled(const FramePtr& frame) {
  RefPtr<Frame> copy = pool_->Copy(*frame);
  copy->mutable_data()[kEthernetHeader + kIpv4Header + kTcpChecksumAt] ^= 0xff;
  return FramePtr(copy.get());
}

}  // namespace ddpsim

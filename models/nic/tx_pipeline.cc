#include "models/nic/tx_pipeline.h"

#include <algorithm>
#include <cstring>

#include "ddpsim/base/check.h"
#include "ddpsim/hw/wqe.h"

namespace ddpsim {
namespace {

constexpr size_t kInlineAt = 30;  // inline_hdr_start: the last 2 bytes of the eth segment

size_t RoundUp16(size_t n) { return (n + 15) / 16 * 16; }

}  // namespace

TxPipeline::Headers TxPipeline::ParseHeaders(ByteSpan inlined) {
  SIM_CHECK(inlined.size() >= kEthernetHeader + kIpv4Header + kTcpMinHeader,
            "a send WQE must carry all headers inline");
  Headers h;
  std::memcpy(h.addresses.destination_mac.data(), inlined.data(), 6);
  std::memcpy(h.addresses.source_mac.data(), inlined.data() + 6, 6);
  const uint8_t* ip = inlined.data() + kEthernetHeader;
  SIM_CHECK(ip[0] == 0x45, "a send WQE with an IPv4 header of 20 bytes");
  h.addresses.tos = ip[1];
  h.addresses.ttl = ip[8];
  h.ip_id = LoadBe16(ip + 4);
  h.addresses.source_ip = LoadBe32(ip + 12);
  h.addresses.destination_ip = LoadBe32(ip + 16);
  const ByteSpan tcp = inlined.subspan(kEthernetHeader + kIpv4Header);
  SIM_CHECK(ParseTcpHeader(tcp, &h.tcp) == tcp.size(), "inline headers end with TCP's");
  return h;
}

uint32_t TxPipeline::ReadPayload(ByteSpan data_segments, SimTime now) {
  gather_.clear();
  read_at_.clear();
  uint32_t total = 0;
  for (size_t at = 0; at < data_segments.size(); at += sizeof(WqeDataSegment)) {
    WqeDataSegment segment;
    std::memcpy(&segment, data_segments.data() + at, sizeof(segment));
    Payload part;
    part.size = segment.byte_count;
    part.addr = segment.addr;
    gather_.push_back(part);
    total += part.size;
  }
  if (buffer_.size() < total) buffer_.resize(total);
  uint8_t* out = buffer_.data();
  for (Payload& part : gather_) {
    part.data = out;
    read_at_.push_back(bus_->Read(part.addr, MutableByteSpan(out, part.size), now));
    out += part.size;
  }
  return total;
}

SimTime TxPipeline::ReadUpTo(uint32_t bytes, SimTime now) const {
  SimTime at = now;
  uint32_t sum = 0;
  for (size_t i = 0; i < gather_.size() && sum < bytes; ++i) {
    at = std::max(at, read_at_[i]);
    sum += gather_[i].size;
  }
  return at;
}

void TxPipeline::Execute(ByteSpan wqe, uint64_t token, SimTime now, std::vector<OutFrame>* egress) {
  WqeCtrlSegment ctrl;
  WqeEthSegment eth;
  std::memcpy(&ctrl, wqe.data(), sizeof(ctrl));
  std::memcpy(&eth, wqe.data() + sizeof(ctrl), sizeof(eth));
  const size_t end = ctrl.ds_count() * kDsSize;
  const size_t data_at = RoundUp16(kInlineAt + eth.inline_hdr_size);
  SIM_CHECK(data_at <= end && end <= wqe.size(), "send WQE shorter than its inline headers");
  const Headers h = ParseHeaders(wqe.subspan(kInlineAt, eth.inline_hdr_size));
  const uint32_t length = ReadPayload(wqe.subspan(data_at, end - data_at), now);

  const uint32_t mss = ctrl.opcode() == WqeOpcode::kTso ? uint32_t{eth.mss} : 0;
  SegmentCutter cutter(h.addresses, h.ip_id, h.tcp, gather_, 0, length, mss);
  if (cutter.segments() > 1) ++stats_->tx_tso_packets;
  const uint32_t burst = next_burst_++;
  for (uint32_t sent = 0; !cutter.done();) {
    sent = mss == 0 ? length : std::min(length, sent + mss);
    OutFrame out;
    out.frame = cutter.Next(*pool_);
    last_ready_ = std::max(last_ready_, ReadUpTo(sent, now) + latency_);
    out.ready = last_ready_;
    out.burst_id = burst;
    if (cutter.done()) out.completion_token = token;
    ++stats_->tx_packets;
    stats_->tx_bytes += out.frame->size();
    egress->push_back(std::move(out));
  }
}

}  // namespace ddpsim

#include "models/kernel/driver_sq.h"

#include <utility>

#include "ddpsim/base/check.h"
#include "ddpsim/wire/checksum.h"

namespace ddpsim {
namespace {

constexpr uint32_t kInlineAt = offsetof(WqeEthSegment, inline_hdr_start);
constexpr uint16_t kDontFragment = 0x4000;

uint32_t HeaderSize(const TxSegment& segment) {
  return kEthernetHeader + kIpv4Header + static_cast<uint32_t>(TcpHeaderSize(segment.tcp));
}

// ctrl, eth with the first two inline bytes, the rest padded to 16.
uint32_t HeaderDs(uint32_t header_size) {
  return (sizeof(WqeCtrlSegment) + kInlineAt + header_size + kDsSize - 1) / kDsSize;
}

void EmitHeaders(const TxPacket& packet, uint8_t* out, uint32_t size) {
  const EthIpAddresses& a = packet.addresses;
  std::memcpy(out, a.destination_mac.data(), 6);
  std::memcpy(out + 6, a.source_mac.data(), 6);
  StoreBe16(out + 12, kEtherTypeIpv4);
  uint8_t* ip = out + kEthernetHeader;
  const uint32_t total = size - kEthernetHeader + packet.segment.payload_size;
  ip[0] = 0x45;
  ip[1] = a.tos;
  StoreBe16(ip + 2,
            static_cast<uint16_t>(total <= 0xffff ? total : 0));  // the device writes each frame's
  StoreBe16(ip + 4, packet.ip_id);
  StoreBe16(ip + 6, kDontFragment);
  ip[8] = a.ttl;
  ip[9] = kIpProtocolTcp;
  StoreBe32(ip + 12, a.source_ip);
  StoreBe32(ip + 16, a.destination_ip);
  InternetChecksum sum;
  sum.Add(ByteSpan(ip, kIpv4Header), 0);
  StoreBe16(ip + 10, sum.Finish());
  EmitTcpHeader(packet.segment.tcp,
                MutableByteSpan(ip + kIpv4Header, size - kEthernetHeader - kIpv4Header));
}

void EmitDataSegments(const TxSegment& segment, uint8_t* out) {
  for (const Payload& part : segment.payload) {
    SIM_CHECK(part.addr != 0, "payload to be sent must live in host memory");
    WqeDataSegment data;
    data.byte_count = part.size;
    data.addr = part.addr;
    std::memcpy(out, &data, sizeof(data));
    out += sizeof(data);
  }
}

}  // namespace

void DriverSq::Create(CommandChannel* commands, HostMemory* memory, uint32_t log_wqebbs,
                      uint32_t tx_queue_len, const DriverCqConfig& cq, SimTime now) {
  tx_queue_len_ = tx_queue_len;
  cq_.Create(commands, memory, cq, now);
  ring_.Create(commands, memory, log_wqebbs, cq_.cqn(), false, now);
}

uint32_t DriverSq::DsCount(const TxSegment& segment) {
  return HeaderDs(HeaderSize(segment)) + static_cast<uint32_t>(segment.payload.size());
}

void DriverSq::Xmit(ExecContext& ctx, TxPacket packet) {
  const bool fits = pfifo_.empty() && ring_.HasRoom(DsToWqebbs(DsCount(packet.segment)));
  if (fits) return Post(ctx, std::move(packet));
  ++stats_.queue_stopped;
  if (pfifo_.size() < tx_queue_len_) {
    pfifo_.push_back(std::move(packet));
    return;
  }
  ++stats_.dropped;
  if (packet.owner != nullptr && packet.segment.truesize != 0)
    packet.owner->OnTxCompleted(ctx, packet.segment.truesize);
}

void DriverSq::Post(ExecContext& ctx, TxPacket packet) {
  ctx.Charge(Cost::kDriverXmit);
  TxSegment& segment = packet.segment;
  const uint32_t header_size = HeaderSize(segment);
  const bool tso = segment.gso_size != 0;
  uint8_t* wqe =
      ring_.Begin(tso ? WqeOpcode::kTso : WqeOpcode::kSend, 0, DsCount(segment), 0, false);
  WqeEthSegment eth;
  eth.cs_flags = kEthCsL3 | kEthCsL4;
  eth.mss = static_cast<uint16_t>(segment.gso_size);
  eth.inline_hdr_size = static_cast<uint16_t>(header_size);
  std::memcpy(wqe + sizeof(WqeCtrlSegment), &eth, sizeof(eth));
  EmitHeaders(packet, wqe + sizeof(WqeCtrlSegment) + kInlineAt, header_size);
  EmitDataSegments(segment, wqe + HeaderDs(header_size) * kDsSize);
  ++stats_.packets;
  stats_.bytes += segment.payload_size;
  in_flight_.push_back({ring_.last_index(), ring_.producer(), segment.truesize, packet.owner,
                        std::move(segment.payload)});
  kick_needed_ = true;
}

void DriverSq::Kick(ExecContext& ctx) {
  if (!kick_needed_) return;
  kick_needed_ = false;
  ring_.RequestCqeOfLast();
  ring_.RingDoorbell(ctx);
}

bool DriverSq::PollCq(ExecContext& ctx, uint32_t budget) {
  uint32_t taken = 0;
  while (taken < budget) {
    const Cqe64* cqe = cq_.Peek();
    if (cqe == nullptr) break;
    ctx.Charge(Cost::kDriverTxCqe);
    const uint16_t counter = cqe->wqe_counter;
    cq_.Pop();
    ++taken;
    CompleteThrough(ctx, counter);
  }
  if (taken == 0) return false;
  cq_.UpdateConsumer(ctx);
  DrainQueue(ctx);
  return true;
}

void DriverSq::CompleteThrough(ExecContext& ctx, uint16_t wqe_counter) {
  bool last = false;
  while (!last && !in_flight_.empty()) {
    const InFlight done = in_flight_.pop_front();
    last = done.index == wqe_counter;
    ring_.Release(done.end);
    if (done.owner != nullptr && done.truesize != 0) done.owner->OnTxCompleted(ctx, done.truesize);
  }
  SIM_CHECK(last, "a send CQE names a WQE that is not in flight");
}

void DriverSq::DrainQueue(ExecContext& ctx) {
  while (!pfifo_.empty() && ring_.HasRoom(DsToWqebbs(DsCount(pfifo_.front().segment))))
    Post(ctx, pfifo_.pop_front());
  Kick(ctx);
}

}  // namespace ddpsim

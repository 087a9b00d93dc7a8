#include "models/nvme_target/target_host.h"

#include <algorithm>
#include <utility>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

// Memory of a received packet: SKB_TRUESIZE() of a page fragment that holds the frame
// (mlx5e_skb_from_cqe_linear()), rounded up to a power of two as its stride is.
uint32_t Truesize(uint32_t frame_size) {
  constexpr uint32_t kSkb = 256;  // struct sk_buff
  uint32_t stride = 512;
  while (stride < frame_size + 384) stride *= 2;  // headroom 64 and struct skb_shared_info 320
  return kSkb + stride;
}

bool IsGone(const TargetSocket& socket) {
  const TcpState state = socket.connection().state();
  return state == TcpState::kClosed || state == TcpState::kTimeWait;
}

}  // namespace

TargetHost::TargetHost(const TargetConfig& config, const TargetBoxes& boxes)
    : calendar_(boxes.calendar),
      parts_(config, boxes.content, boxes.calendar, boxes.observer),
      device_(SimTime::Ns(config.tx_latency_ns), boxes.frames, boxes.egress, &parts_.stats),
      iss_(config.seed, "target.iss") {
  SIM_CHECK(boxes.frames != nullptr && boxes.calendar != nullptr && boxes.egress != nullptr &&
            boxes.content != nullptr);
}

void TargetHost::OnFrame(FramePtr frame, SimTime now) {
  ++parts_.stats.frames_received;
  ParsedFrame parsed;
  const bool ours = ParseFrame(frame->bytes(), &parsed) &&
                    parsed.tuple.flow.destination_ip == parts_.config.ip &&
                    parsed.tuple.flow.destination_port == parts_.config.port;
  if (!ours) {
    ++parts_.stats.not_for_us;
    return;
  }
  if (!VerifyTcpChecksum(*frame, parsed)) {
    ++parts_.stats.bad_checksums;
    return;
  }
  TargetSocket* socket = Find(parsed);
  if (socket == nullptr) socket = Accept(parsed, frame->bytes());
  if (socket == nullptr) {
    ++parts_.stats.not_for_us;
    return;
  }
  SkbPtr skb = skbs_.Allocate();
  skb->tcp = parsed.tcp;
  skb->seq = parsed.tcp.seq;
  skb->size = static_cast<uint32_t>(parsed.payload.size());
  skb->truesize = Truesize(frame->size());
  skb->checksum_verified = true;
  skb->received_at = now;
  if (skb->size != 0) {
    skb->frags.push_back(Payload{parsed.payload.data(), skb->size, 0, std::move(frame)});
  }
  socket->OnSegment(std::move(skb), now);
}

bool TargetHost::quiet() const {
  return parts_.backend.quiet() && std::all_of(sockets_.begin(), sockets_.end(),
                                               [](const auto& socket) { return socket->quiet(); });
}

TargetSocket* TargetHost::Find(const ParsedFrame& parsed) {
  TargetSocket* socket = demux_.Find(parsed.tuple.flow);
  if (socket == nullptr || (parsed.tcp.flags & kTcpSyn) == 0 || !IsGone(*socket)) return socket;
  // A SYN that reuses the addresses of a dead connection.
  demux_.Remove(parsed.tuple.flow);
  return nullptr;
}

TargetSocket* TargetHost::Accept(const ParsedFrame& parsed, ByteSpan frame) {
  constexpr uint8_t kFlags = kTcpSyn | kTcpAck | kTcpRst | kTcpFin;
  if ((parsed.tcp.flags & kFlags) != kTcpSyn) return nullptr;
  const FourTuple& flow = parsed.tuple.flow;
  TargetSocketSetup setup;
  setup.number = static_cast<uint32_t>(sockets_.size());
  setup.addresses.source_mac = parts_.config.mac;
  std::copy_n(frame.begin() + 6, 6, setup.addresses.destination_mac.begin());
  setup.addresses.source_ip = flow.destination_ip;
  setup.addresses.destination_ip = flow.source_ip;
  setup.local_port = flow.destination_port;
  setup.peer_port = flow.source_port;
  const uint64_t random = iss_.U64();
  setup.iss = static_cast<uint32_t>(random);
  setup.ip_id = static_cast<uint16_t>(random >> 32);
  sockets_.push_back(std::make_unique<TargetSocket>(setup, &parts_, &device_, calendar_));
  TargetSocket* socket = sockets_.back().get();
  demux_.Add(flow, socket);
  ++parts_.stats.connections;
  return socket;
}

void TargetHost::OnTxDeparted(uint64_t token, SimTime now) {
  const uint64_t number = token >> 32;
  SIM_CHECK(number >= 1 && number <= sockets_.size(), "a completion token of somebody else");
  sockets_[number - 1]->OnTxCompleted(static_cast<uint32_t>(token), now);
}

}  // namespace ddpsim

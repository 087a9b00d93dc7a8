#include "tests/unit/kernel/kernel_bench.h"

#include <algorithm>

#include "ddpsim/base/check.h"

namespace ddpsim {

KernelConfig KernelBench::DefaultConfig() {
  KernelConfig config;
  config.addresses.source_ip = 0x0a000001;
  config.addresses.destination_ip = 0x0a000002;
  return config;
}

CostTable KernelBench::UnitCosts() {
  CostTable costs;
  costs.frequency_hz = 1'000'000'000;
  costs.millicycles.fill(1000);
  return costs;
}

KernelBench::KernelBench(KernelConfig config)
    : nic(&memory), kernel(config, UnitCosts(), &memory, &calendar, nullptr), config_(config) {
  nic.interrupt = [this](uint32_t vector) { kernel.OnMsix(vector, now); };
  nic.on_wqe = [this](const FakeNic::Wqe& wqe) { OnWqe(wqe); };
  kernel.Open(&nic, now);
  Run(SimTime::Us(10));
}

void KernelBench::Run(SimTime limit) {
  SimTime at;
  while (Wakeable* who = calendar.PopDue(limit, &at)) {
    now = at;
    who->OnDeadline(at);
  }
  now = std::max(now, limit);
}

void KernelBench::Do(std::function<void(ExecContext&)> body, CpuContext context) {
  Once once(std::move(body));
  kernel.scheduler().Queue(0, context, &once, now);
  Run(now + SimTime::Ms(1));
}

TcpSocket* KernelBench::Connect() {
  auto* socket = static_cast<TcpSocket*>(kernel.Create(0));
  socket->SetCallbacks(this);
  const FourTuple& flow = socket->five_tuple().flow;
  peer = std::make_unique<Connection>(config_.tcp, flow.source_port, flow.destination_port, 7777);
  peer->Listen();
  Do([&](ExecContext& ctx) { socket->Connect(ctx); });
  return socket;
}

void KernelBench::OnWqe(const FakeNic::Wqe& wqe) {
  const WqeOpcode opcode = wqe.ctrl().opcode();
  if (opcode != WqeOpcode::kSend && opcode != WqeOpcode::kTso) return;
  WqeEthSegment eth;
  std::memcpy(&eth, wqe.bytes.data() + sizeof(WqeCtrlSegment), sizeof(eth));
  const uint8_t* headers = wqe.bytes.data() + 30;
  SkbPtr skb = peer_skbs.Allocate();
  ParseTcpHeader(ByteSpan(headers + kEthernetHeader + kIpv4Header,
                          eth.inline_hdr_size - kEthernetHeader - kIpv4Header),
                 &skb->tcp);
  kernel_sent.push_back(skb->tcp);
  skb->seq = skb->tcp.seq;
  skb->checksum_verified = true;
  for (size_t at = (30u + eth.inline_hdr_size + 15) / 16 * 16; at < wqe.bytes.size();
       at += sizeof(WqeDataSegment)) {
    WqeDataSegment segment;
    std::memcpy(&segment, wqe.bytes.data() + at, sizeof(segment));
    skb->frags.push_back(
        {memory.At(segment.addr, segment.byte_count), segment.byte_count, segment.addr, nullptr});
    skb->size += segment.byte_count;
  }
  skb->truesize = skb->size + 768;
  if (peer == nullptr) return;
  peer->OnSegment(std::move(skb), now, &peer_actions_);
  ApplyPeer();
}

void KernelBench::PeerSend(const std::string& text, bool push) {
  peer_texts_.push_back(std::make_unique<std::string>(text));
  Payload payload;
  payload.data = reinterpret_cast<const uint8_t*>(peer_texts_.back()->data());
  payload.size = static_cast<uint32_t>(text.size());
  SIM_CHECK(peer->Write(payload, {!push, false}, now, &peer_actions_) == text.size());
  ApplyPeer();
}

void KernelBench::ApplyPeer() {
  EthIpAddresses addresses;
  addresses.source_ip = config_.addresses.destination_ip;
  addresses.destination_ip = config_.addresses.source_ip;
  std::vector<TxSegment> segments = std::move(peer_actions_.segments);
  peer_actions_.Clear();
  while (Skb* skb = peer->PeekReceiveQueue()) {
    std::string part(skb->size, '\0');
    SkbCopyBits(*skb, 0, MutableByteSpan(reinterpret_cast<uint8_t*>(&part[0]), part.size()));
    peer_received += part;
    peer->ConsumeReceiveQueue(skb->size);
  }
  for (const TxSegment& segment : segments) {
    SegmentCutter cutter(addresses, 1, segment.tcp, segment.payload, 0, segment.payload_size,
                         segment.gso_size);
    while (!cutter.done()) to_kernel.push_back(cutter.Next(frames));
    if (segment.truesize != 0) peer->OnTxCompleted(segment.truesize, now, &peer_actions_);
  }
  if (!hold) DeliverHeld();
}

void KernelBench::DeliverHeld() {
  const std::vector<FramePtr> list = std::move(to_kernel);
  to_kernel.clear();
  for (const FramePtr& frame : list) nic.Receive(nic.rqs.begin()->first, frame->bytes());
}

std::string KernelBench::ReadAll(ExecContext& ctx, ByteStream* stream) {
  std::string text;
  stream->Lock(ctx);
  uint32_t copied = 0;
  while (Skb* skb = stream->PeekReceive()) {
    std::string part(skb->size, '\0');
    SkbCopyBits(*skb, 0, MutableByteSpan(reinterpret_cast<uint8_t*>(&part[0]), part.size()));
    text += part;
    copied += skb->size;
    stream->Consume(ctx, skb->size);
  }
  stream->OnRead(ctx, copied);
  stream->Release(ctx);
  return text;
}

}  // namespace ddpsim

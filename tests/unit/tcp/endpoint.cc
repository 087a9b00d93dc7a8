#include "endpoint.h"

#include <algorithm>

#include "loopback.h"

namespace ddpsim {
namespace {

constexpr uint32_t kIss = 0xffffff00u;  // both wrap early
constexpr uint32_t kPeerIss = 0xfffffe00u;

}  // namespace

Endpoint::Endpoint(const TcpConfig& config, SimTime rtt, uint16_t peer_mss, uint32_t window)
    : connection_(config, 4420, 40000, kIss), now_(1_s), timestamps_(config.timestamps) {
  connection_.Listen();
  TcpHeader syn;
  syn.flags = kTcpSyn;
  syn.seq = SeqNum(kPeerIss);
  syn.window = 65535;
  syn.options.mss = peer_mss;
  syn.options.window_scale = 8;
  syn.options.sack_permitted = true;
  Inject(syn, 0);
  Wait(rtt);
  Ack(1, {}, window);
  sent_.clear();
}

void Endpoint::Wait(SimTime d) {
  const SimTime until = now_ + d;
  while (connection_.NextDeadline() <= until) {
    now_ = std::max(now_, connection_.NextDeadline());
    connection_.OnTimer(now_, &actions_);
    Collect();
  }
  now_ = until;
}

void Endpoint::Inject(TcpHeader tcp, uint32_t size, uint32_t gso) {
  SkbPtr skb = pool_.Allocate();
  tcp.source_port = 40000;
  tcp.destination_port = 4420;
  if (timestamps_) {
    tcp.options.has_timestamps = true;
    tcp.options.ts_val = ts_val_;
    tcp.options.ts_ecr = (tcp.flags & kTcpSyn) != 0 ? 0 : ts_ecr_ != 0 ? ts_ecr_ : last_ts_val_;
  }
  skb->tcp = tcp;
  skb->seq = tcp.seq;
  skb->size = size;
  skb->gso_size = gso;
  for (uint32_t at = 0; at < size;) {
    const uint32_t piece = std::min(size - at, (size + frags_ - 1) / frags_);
    skb->frags.push_back(
        PatternPayload(((tcp.seq - SeqNum(kPeerIss + 1)) & 0x7fffffff) + at, piece));
    at += piece;
  }
  skb->truesize = size <= 200 ? 768 : 2304;
  connection_.OnSegment(std::move(skb), now_, &actions_);
  Collect();
}

void Endpoint::Data(uint32_t seq, uint32_t size, uint32_t ack, uint8_t flags) {
  TcpHeader tcp;
  tcp.flags = flags;
  tcp.seq = SeqNum(kPeerIss + seq);
  tcp.ack = SeqNum(kIss + ack);
  tcp.window = 1 << 12;
  Inject(tcp, size);
}

void Endpoint::Ack(uint32_t ack, Ranges sack, uint32_t window) {
  TcpHeader tcp;
  tcp.flags = kTcpAck;
  const Tcb& t = connection_.tcb();
  tcp.seq = t.rcv_nxt;
  tcp.ack = SeqNum(kIss + ack);
  tcp.window = static_cast<uint16_t>(std::min(window >> 8, 65535u));
  for (const auto& range : sack) {
    tcp.options.sack[tcp.options.sack_count++] =
        SackBlock{SeqNum(kIss + range.first), SeqNum(kIss + range.second)};
  }
  Inject(tcp, 0);
}

uint32_t Endpoint::Write(uint32_t bytes, WriteFlags flags) {
  const auto taken =
      static_cast<uint32_t>(connection_.Write(PatternPayload(0, bytes), flags, now_, &actions_));
  Collect();
  return taken;
}

void Endpoint::Read() {
  uint32_t copied = 0;
  while (Skb* skb = connection_.PeekReceiveQueue()) {
    copied += skb->size;
    connection_.ConsumeReceiveQueue(skb->size);
  }
  connection_.OnAppRead(copied, now_, &actions_);
  Collect();
}

void Endpoint::Note(const TxSegment& segment) {
  std::string suffix;
  for (int i = 0; i < segment.tcp.options.sack_count; ++i) {
    const SackBlock& b = segment.tcp.options.sack[i];
    suffix += (i == 0 ? " sack " : " ") + std::to_string(b.start.value() - kPeerIss) + ":" +
              std::to_string(b.end.value() - kPeerIss);
  }
  last_ts_val_ = segment.tcp.options.ts_val;
  if (segment.payload_size == 0) {
    std::string text = (segment.tcp.flags & kTcpRst) != 0   ? "rst "
                       : (segment.tcp.flags & kTcpFin) != 0 ? "fin "
                                                            : "ack ";
    sent_.push_back(text + std::to_string(segment.tcp.ack.value() - kPeerIss) + suffix);
    return;
  }
  const uint32_t piece = segment.gso_size == 0 ? segment.payload_size : segment.gso_size;
  for (uint32_t offset = 0; offset < segment.payload_size; offset += piece) {
    const uint32_t size = std::min(piece, segment.payload_size - offset);
    const uint32_t seq = segment.tcp.seq.value() + offset - kIss;
    sent_.push_back(std::to_string(seq) + ":" + std::to_string(seq + size) + suffix);
  }
}

void Endpoint::Collect() {
  while (!actions_.segments.empty()) {
    std::vector<TxSegment> segments;
    segments.swap(actions_.segments);
    for (const TxSegment& segment : segments) {
      Note(segment);
      if (segment.truesize != 0) held_.push_back(segment.truesize);
    }
    if (hold_) continue;
    for (uint32_t truesize : std::exchange(held_, {}))
      connection_.OnTxCompleted(truesize, now_, &actions_);
  }
  actions_.Clear();
}

void Endpoint::Complete() {
  hold_ = false;
  for (uint32_t truesize : std::exchange(held_, {}))
    connection_.OnTxCompleted(truesize, now_, &actions_);
  Collect();
}

std::vector<std::string> Endpoint::Sent() { return std::exchange(sent_, {}); }

std::string Endpoint::SentLine() {
  std::string line;
  for (const std::string& segment : Sent()) line += (line.empty() ? "" : ", ") + segment;
  return line;
}

}  // namespace ddpsim

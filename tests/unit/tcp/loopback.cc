#include "loopback.h"

#include <algorithm>

namespace ddpsim {
namespace {

constexpr uint64_t kPeriod = 65521;  // prime: no power-of-two shift maps the pattern onto itself

class PatternBuffer : public RefBuffer {
 public:
  PatternBuffer() {
    bytes.resize(kPeriod + (1 << 20));
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = PatternByte(i);
  }
  void Recycle() override {}
  std::vector<uint8_t> bytes;
};

PatternBuffer& Pattern() {
  static PatternBuffer* buffer = [] {
    auto* b = new PatternBuffer;
    b->Ref();
    return b;
  }();
  return *buffer;
}

}  // namespace

uint8_t PatternByte(uint64_t offset) {
  const uint64_t i = offset % kPeriod;
  return static_cast<uint8_t>((i * 2654435761u) >> 11);
}

Payload PatternPayload(uint64_t offset, uint32_t size) {
  return Payload{Pattern().bytes.data() + offset % kPeriod, size, 0,
                 RefPtr<const RefBuffer>(&Pattern())};
}

std::string BrokenInvariant(const Connection& connection) {
  const Tcb& t = connection.tcb();
  Counters n;
  SeqNum next = t.queue.empty() ? t.snd_una : t.queue.at(0)->seq;
  for (size_t i = 0; i < t.queue.size(); ++i) {
    const TxSkb& skb = *t.queue.at(i);
    if (skb.seq != next) return "queue has a gap";
    next = skb.end_seq;
    if (i >= t.queue.sent_count()) continue;
    n.packets_out += skb.pcount;
    if (skb.has(kSackedAcked)) n.sacked_out += skb.pcount;
    if (skb.has(kLost)) n.lost_out += skb.pcount;
    if (skb.has(kSackedRetrans)) n.retrans_out += skb.pcount;
    if (skb.has(kSackedAcked) && skb.has(kLost)) return "SACKed and lost";
  }
  if (n.packets_out != t.n.packets_out) return "packets_out";
  if (t.opt.sack && n.sacked_out != t.n.sacked_out) return "sacked_out";
  if (n.lost_out != t.n.lost_out) return "lost_out";
  if (n.retrans_out != t.n.retrans_out) return "retrans_out";
  if (t.n.sacked_out + t.n.lost_out > t.n.packets_out) return "left_out > packets_out";
  int64_t memory = 0;
  for (const SkbPtr& skb : t.ofo.skbs) memory += skb->truesize;
  for (size_t i = 0; i < t.receive_queue.size(); ++i) memory += t.receive_queue.at(i)->truesize;
  if (memory != t.win.rmem_alloc) return "rmem_alloc";
  for (size_t i = 1; i < t.ofo.skbs.size(); ++i) {
    if (t.ofo.skbs[i]->seq < t.ofo.skbs[i - 1]->seq) return "out-of-order queue is out of order";
  }
  return "";
}

Loopback::Loopback(const TcpConfig& client, const TcpConfig& server, uint64_t seed)
    : rng_(seed, "loopback") {
  ends_[0].connection =
      std::make_unique<Connection>(client, 40000, 4420, 0xfffff000u);  // wraps soon
  ends_[1].connection = std::make_unique<Connection>(server, 4420, 40000, 12345);
}

Loopback::~Loopback() {
  events_.clear();
  ends_[0].connection.reset();
  ends_[1].connection.reset();
}

void Loopback::Transmit(int from, const TcpHeader& tcp, const TxSegment& segment, uint32_t offset,
                        uint32_t size) {
  Wire& wire = wires_[from];
  const bool scripted = wire.drop && wire.drop(tcp, size);
  if (scripted || rng_.Bernoulli(wire.loss)) {
    ++dropped_;
    return;
  }
  SkbPtr skb = pool_.Allocate();
  skb->tcp = tcp;
  skb->seq = tcp.seq;
  skb->size = size;
  skb->truesize = size == 0 ? 768 : wire.truesize;
  uint32_t left = size;
  for (const Payload& payload : segment.payload) {
    if (left == 0) break;
    if (offset >= payload.size) {
      offset -= payload.size;
      continue;
    }
    const uint32_t take = std::min(left, payload.size - offset);
    skb->frags.push_back(payload.Sub(offset, take));
    left -= take;
    offset = 0;
  }
  SimTime at = now_ + wire.delay;
  if (rng_.Bernoulli(wire.reorder)) at += wire.reorder_delay;
  events_.emplace(std::make_pair(at.ps(), next_event_++), Event{1 - from, std::move(skb)});
}

void Loopback::Emit(int from, const TxSegment& segment) {
  const uint32_t piece = segment.gso_size == 0 ? segment.payload_size : segment.gso_size;
  uint32_t offset = 0;
  do {
    const uint32_t size = std::min(piece, segment.payload_size - offset);
    TcpHeader tcp = segment.tcp;
    tcp.seq += offset;
    const bool last = offset + size == segment.payload_size;
    if (!last) tcp.flags &= static_cast<uint8_t>(~(kTcpPsh | kTcpFin));
    Transmit(from, tcp, segment, offset, size);
    offset += size;
  } while (offset < segment.payload_size);
}

void Loopback::Drain(int from) {
  End& end = ends_[from];
  while (!end.actions.segments.empty()) {
    std::vector<TxSegment> segments;
    segments.swap(end.actions.segments);
    for (const TxSegment& segment : segments) Emit(from, segment);
    for (const TxSegment& segment : segments) {
      if (segment.truesize != 0)
        end.connection->OnTxCompleted(segment.truesize, now_, &end.actions);
    }
  }
  end.actions.Clear();
}

void Loopback::Feed() {
  while (sent_ < to_send_) {
    const auto want = static_cast<uint32_t>(std::min<uint64_t>(chunk_, to_send_ - sent_));
    const size_t taken =
        client().Write(PatternPayload(sent_, want), WriteFlags{}, now_, &ends_[0].actions);
    sent_ += taken;
    Drain(0);
    if (taken < want) return;
  }
}

void Loopback::ReadAll() {
  uint32_t copied = 0;
  while (Skb* skb = server().PeekReceiveQueue()) {
    for (const Payload& frag : skb->frags) {
      for (uint32_t i = 0; i < frag.size; ++i)
        corrupt_ |= frag.data[i] != PatternByte(received_ + i);
      received_ += frag.size;
    }
    copied += skb->size;
    server().ConsumeReceiveQueue(skb->size);
  }
  if (copied != 0) server().OnAppRead(copied, now_, &ends_[1].actions);
  Drain(1);
}

void Loopback::Connect() {
  server().Listen();
  client().Connect(now_, &ends_[0].actions);
  Drain(0);
  while (client().state() != TcpState::kEstablished || server().state() != TcpState::kEstablished) {
    if (!Step(now_ + 60_s)) return;
  }
}

void Loopback::SendFromClient(uint64_t bytes, uint32_t chunk) {
  to_send_ += bytes;
  chunk_ = chunk;
  Feed();
}

bool Loopback::Step(SimTime limit) {
  SimTime next = std::min(client().NextDeadline(), server().NextDeadline());
  const bool segment = !events_.empty() && events_.begin()->first.first <= next.ps();
  if (segment) next = SimTime::Ps(events_.begin()->first.first);
  if (next > limit) {
    now_ = std::max(now_, limit);
    return false;
  }
  now_ = std::max(now_, next);
  if (checking_ && broken_.empty()) broken_ = BrokenInvariant(client());
  if (checking_ && broken_.empty()) broken_ = BrokenInvariant(server());
  if (segment) {
    Event event = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    ends_[event.to].connection->OnSegment(std::move(event.skb), now_, &ends_[event.to].actions);
    Drain(event.to);
    if (event.to == 1 && reading_) ReadAll();
    if (event.to == 0) Feed();
    return true;
  }
  for (int i = 0; i < 2; ++i) {
    if (ends_[i].connection->NextDeadline() > now_) continue;
    ends_[i].connection->OnTimer(now_, &ends_[i].actions);
    Drain(i);
  }
  return true;
}

bool Loopback::RunUntilReceived(uint64_t bytes, SimTime limit) {
  while (received_ < bytes) {
    if (!Step(limit)) return false;
  }
  return true;
}

void Loopback::RunUntil(SimTime limit) {
  while (Step(limit)) {
  }
}

void Loopback::CloseClient() {
  client().ShutdownWrite(now_, &ends_[0].actions);
  Drain(0);
}

void Loopback::CloseServer() {
  server().ShutdownWrite(now_, &ends_[1].actions);
  Drain(1);
}

}  // namespace ddpsim

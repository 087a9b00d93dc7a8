// One connection, both ends, without loss: the writer always has data, the reader reads at once.
// Each segment of a TSO burst arrives by itself, or merged again by GRO into one skb per burst.
#include <algorithm>
#include <deque>
#include <vector>

#include "models/tcp/connection.h"
#include "tests/benchmark/per_packet.h"

namespace ddpsim {
namespace {

constexpr uint32_t kWrite = 64 << 10;

class Loop {
 public:
  explicit Loop(bool gro)
      : gro_(gro), bytes_(kWrite), a_({}, 40000, 4420, 1), b_({}, 4420, 40000, 1) {
    b_.Listen();
    a_.Connect(now_, &out_[0]);
    while (a_.state() != TcpState::kEstablished || b_.state() != TcpState::kEstablished) Round();
  }
  // One trip of what is under way in either direction, 10 us each; then whatever timer is due.
  void Round() {
    const Payload payload{bytes_.data(), kWrite, 0, nullptr};
    if (a_.state() == TcpState::kEstablished) {
      while (a_.Write(payload, WriteFlags{}, now_, &out_[0]) == kWrite) {
      }
    }
    Carry(&a_, &out_[0], &b_, &out_[1]);
    const auto readable = static_cast<uint32_t>(b_.Readable());
    if (readable > 0) {
      b_.ConsumeReceiveQueue(readable);
      b_.OnAppRead(readable, now_, &out_[1]);
    }
    Carry(&b_, &out_[1], &a_, &out_[0]);
    if (a_.NextDeadline() <= now_) a_.OnTimer(now_, &out_[0]);
    if (b_.NextDeadline() <= now_) b_.OnTimer(now_, &out_[1]);
  }
  int64_t packets() const { return packets_; }

 private:
  void Carry(Connection* from, TcpActions* out, Connection* to, TcpActions* answers) {
    now_ += SimTime::Us(10);
    under_way_.swap(out->segments);
    out->Clear();
    for (const TxSegment& segment : under_way_) {
      if (segment.truesize != 0) from->OnTxCompleted(segment.truesize, now_, out);
      const uint32_t cut = gro_ || segment.gso_size == 0 ? segment.payload_size : segment.gso_size;
      uint32_t at = 0;
      do {
        const uint32_t size = std::min(cut, segment.payload_size - at);
        to->OnSegment(Received(segment, at, size), now_, answers);
        at += size;
      } while (at < segment.payload_size);
    }
    under_way_.clear();
  }
  SkbPtr Received(const TxSegment& segment, uint32_t at, uint32_t size) {
    SkbPtr skb = pool_.Allocate();
    skb->tcp = segment.tcp;
    skb->tcp.seq += at;
    skb->seq = skb->tcp.seq;
    skb->size = size;
    if (size > 0) skb->frags.push_back({bytes_.data(), size, 0, nullptr});
    if (size > segment.gso_size && segment.gso_size != 0) {
      skb->gso_size = segment.gso_size;
      skb->segments = (size + segment.gso_size - 1) / segment.gso_size;
    }
    skb->truesize = size == 0 ? 768 : 2304 * skb->segments;
    packets_ += size == 0 ? 0 : skb->segments;
    return skb;
  }

  SkbPool pool_;
  bool gro_;
  std::vector<uint8_t> bytes_;
  SimTime now_ = SimTime::Us(1);
  int64_t packets_ = 0;
  TcpActions out_[2];
  std::vector<TxSegment> under_way_;
  Connection a_;
  Connection b_;
};

void Tcp(benchmark::State& state, bool gro) {
  Loop loop(gro);
  for (int i = 0; i < 200; ++i) loop.Round();  // out of slow start
  const int64_t before = loop.packets();
  for (auto _ : state) loop.Round();
  ReportPerPacket(state, loop.packets() - before);
}
BENCHMARK_CAPTURE(Tcp, packets, false);
BENCHMARK_CAPTURE(Tcp, gro, true);

}  // namespace
}  // namespace ddpsim

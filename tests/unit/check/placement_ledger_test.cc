#include "sim/check/placement_ledger.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "ddpsim/base/rng.h"

namespace ddpsim {
namespace {

constexpr uint16_t kPort = 40000;
using Reason = NotPlacedReason;

struct Bench {
  explicit Bench(bool below_threshold = false, SeqNum first = SeqNum(1000))
      : ledger(below_threshold), isn(first) {
    ledger.Start();
  }
  // A packet with stream bytes [begin, begin + size), none of them placed.
  void Receive(uint32_t begin, uint32_t size, Reason reason) {
    ReceiveSpans(begin, size, {{0, size, reason}}, true);
  }
  void ReceivePlaced(uint32_t begin, uint32_t size) {
    RxVerdict v = Verdict(begin, size);
    v.placement = NicPlacement{1, 0, 0, 0, size};
    ledger.OnReceived(kPort, v);
  }
  void ReceiveSpans(uint32_t begin, uint32_t size, const std::vector<NotPlacedSpan>& spans,
                    bool has_context) {
    RxVerdict v = Verdict(begin, size);
    v.has_context = has_context;
    v.not_placed = spans;
    ledger.OnReceived(kPort, v);
  }
  void Deliver(uint32_t begin, uint32_t size, bool placed) {
    ledger.OnDelivered(kPort, isn + begin, size, placed);
  }
  uint64_t Of(const std::string& name) const {
    for (const auto& [key, bytes] : ledger.NotPlaced()) {
      if (key == name) return bytes;
    }
    return 0;
  }
  uint64_t SumOfReasons() const {
    uint64_t sum = 0;
    for (const auto& entry : ledger.NotPlaced()) sum += entry.second;
    return sum;
  }
  RxVerdict Verdict(uint32_t begin, uint32_t size) const {
    RxVerdict v;
    v.seq = isn + begin;
    v.payload_size = size;
    v.has_context = true;
    return v;
  }

  PlacementLedger ledger;
  SeqNum isn;
};

TEST_CASE("placed bytes and the reasons of the others add up to the payload") {
  Bench b;
  b.ReceivePlaced(0, 1000);
  b.Receive(1000, 500, Reason::kNotMapped);
  b.ReceiveSpans(1500, 1000, {{0, 24, Reason::kNotData}, {24, 976, Reason::kOnePerPacket}}, true);
  b.Deliver(0, 1000, true);
  b.Deliver(1000, 500, false);
  b.Deliver(1524, 976, false);
  CHECK(b.ledger.payload_bytes() == 2476);
  CHECK(b.ledger.placed_bytes() == 1000);
  CHECK(b.Of("not_mapped") == 500);
  CHECK(b.Of("one_per_packet") == 976);
  CHECK(b.ledger.NotPlaced().size() == 2);
  CHECK(b.ledger.packets() == 3);
  CHECK(b.ledger.offloaded_packets() == 1);
}

TEST_CASE("a ledger that saw nothing is empty, with intervals of zero") {
  const Bench b;
  CHECK(b.ledger.payload_bytes() == 0);
  CHECK(b.ledger.NotPlaced().empty());
  for (double interval : b.ledger.Intervals()) CHECK(interval == 0);
}

TEST_CASE("one delivery over several packets is shared out among their reasons") {
  Bench b;
  b.Receive(0, 100, Reason::kDataGap);
  b.Receive(100, 100, Reason::kSearching);
  b.Receive(200, 100, Reason::kTracking);
  b.Deliver(50, 200, false);
  CHECK(b.Of("data_gap") == 50);
  CHECK(b.ledger.unoffloaded_by_resync() == 150);
  CHECK(b.SumOfReasons() == 200);
}

TEST_CASE("packets that arrive out of order keep each their own reason") {
  Bench b;
  b.Receive(200, 100, Reason::kSearching);
  b.Receive(100, 100, Reason::kRetransmission);
  b.Receive(300, 100, Reason::kTracking);
  b.Receive(0, 100, Reason::kDataGap);
  for (uint32_t at = 0; at < 400; at += 80) b.Deliver(at, 80, false);
  CHECK(b.Of("data_gap") == 100);
  CHECK(b.Of("retransmission") == 100);
  CHECK(b.Of("searching") == 100);
  CHECK(b.Of("tracking") == 100);
}

TEST_CASE("a byte counts as the first packet that brought it, however duplicates overlap") {
  Bench b;
  b.Receive(100, 100, Reason::kSearching);
  b.Receive(300, 100, Reason::kSearching);
  b.Receive(0, 500, Reason::kRetransmission);  // fills the gaps only
  b.Receive(100, 300, Reason::kTracking);      // brings nothing new
  b.Deliver(0, 500, false);
  CHECK(b.Of("searching") == 200);
  CHECK(b.Of("retransmission") == 300);
  CHECK(b.Of("tracking") == 0);
}

TEST_CASE("a duplicate that comes after delivery leaves no trace") {
  Bench b;
  b.Receive(0, 100, Reason::kDataGap);
  b.Deliver(0, 100, false);
  b.Receive(0, 100, Reason::kRetransmission);
  b.Receive(100, 100, Reason::kNotMapped);
  b.Deliver(100, 100, false);
  CHECK(b.Of("retransmission") == 0);
  CHECK(b.Of("not_mapped") == 100);
}

TEST_CASE("spans lie right across the wrap of sequence numbers") {
  Bench b(false, SeqNum(0xffff'ffff - 150));
  b.Receive(200, 100, Reason::kTracking);
  b.Receive(0, 100, Reason::kDataGap);
  b.Receive(100, 100, Reason::kSearching);  // holds the wrap
  b.Deliver(0, 300, false);
  CHECK(b.Of("data_gap") == 100);
  CHECK(b.Of("searching") == 100);
  CHECK(b.Of("tracking") == 100);
}

TEST_CASE("bytes that the NIC placed but software copied were copied after placement") {
  Bench b;
  b.ReceivePlaced(0, 100);
  b.Receive(100, 100, Reason::kNotMapped);
  b.ReceivePlaced(200, 100);
  b.Deliver(0, 300, false);
  CHECK(b.Of("copied_after_placement") == 200);
  CHECK(b.Of("not_mapped") == 100);
  CHECK(b.ledger.placed_bytes() == 0);
}

TEST_CASE("a flow that was never offloaded has one reason") {
  Bench b;
  b.ReceiveSpans(0, 300, {{0, 300, Reason::kNotOffloadedQueue}}, false);
  b.Deliver(0, 300, false);
  CHECK(b.Of("not_offloaded_queue") == 300);
  CHECK(b.ledger.NotPlaced().size() == 1);
}

TEST_CASE("packets after the end of the offload are not offloaded, rather than copied") {
  Bench b;
  b.ReceivePlaced(0, 100);
  b.Deliver(0, 100, true);
  b.ReceiveSpans(100, 100, {{0, 100, Reason::kNotOffloadedQueue}}, false);
  b.Deliver(100, 100, false);
  CHECK(b.Of("not_offloaded_queue") == 100);
  CHECK(b.Of("copied_after_placement") == 0);
}

TEST_CASE("below the threshold what is not mapped was never meant to be") {
  Bench b(true);
  b.Receive(0, 100, Reason::kNotMapped);
  b.Receive(100, 100, Reason::kSearching);
  b.Deliver(0, 200, false);
  CHECK(b.Of("below_io_threshold") == 100);
  CHECK(b.Of("not_mapped") == 0);
  CHECK(b.Of("searching") == 100);
}

TEST_CASE("flows do not mix") {
  Bench b;
  b.Receive(0, 100, Reason::kSearching);
  b.ledger.OnDelivered(kPort + 1, b.isn, 100, false);
  CHECK(b.Of("searching") == 0);
  CHECK(b.Of("not_offloaded_queue") == 100);
}

TEST_CASE("only the measured window counts, with reasons from before it") {
  PlacementLedger ledger(false);
  RxVerdict v;
  v.payload_size = 100;
  v.has_context = true;
  const NotPlacedSpan span = {0, 100, Reason::kDataGap};
  v.not_placed = {&span, 1};
  ledger.OnReceived(kPort, v);
  ledger.OnDelivered(kPort, SeqNum(0), 40, false);
  CHECK(ledger.payload_bytes() == 0);
  ledger.Start();
  ledger.OnDelivered(kPort, SeqNum(40), 50, false);
  ledger.Stop();
  ledger.OnDelivered(kPort, SeqNum(90), 10, false);
  ledger.OnReceived(kPort, v);
  CHECK(ledger.payload_bytes() == 50);
  CHECK(ledger.packets() == 0);
  REQUIRE(ledger.NotPlaced().size() == 1);
  CHECK(ledger.NotPlaced()[0] == std::make_pair(std::string("data_gap"), uint64_t{50}));
}

TEST_CASE("intervals show when placement broke off") {
  Bench b;
  constexpr uint32_t kPiece = 64 << 10;
  for (uint32_t i = 0; i < 200; ++i) {
    if (i >= 100) b.Receive(i * kPiece, kPiece, Reason::kSearching);
    b.Deliver(i * kPiece, kPiece, i < 100);
  }
  const std::array<double, 10> intervals = b.ledger.Intervals();
  for (int i = 0; i < 10; ++i) CHECK(intervals[i] == (i < 5 ? 1.0 : 0.0));
}

TEST_CASE("intervals of a payload below the sampling step are all the average") {
  Bench b;
  b.Deliver(0, 300, true);
  b.Deliver(300, 100, false);
  for (double interval : b.ledger.Intervals()) CHECK(interval == 0.75);
}

TEST_CASE("random packets in random order count each byte once, as a byte-wise ledger does") {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Rng rng(seed, "placement_ledger_test");
    Bench b(false, SeqNum(static_cast<uint32_t>(rng.U64())));
    constexpr uint32_t kBytes = 3000;
    std::vector<int> first(kBytes, -1);
    for (int packet = 0; packet < 40; ++packet) {
      const auto begin = static_cast<uint32_t>(rng.Below(kBytes - 200));
      const auto size = static_cast<uint32_t>(rng.Below(200)) + 1;
      const auto reason = static_cast<Reason>(rng.Below(11));
      b.Receive(begin, size, reason);
      for (uint32_t i = begin; i < begin + size; ++i) {
        if (first[i] < 0) first[i] = static_cast<int>(reason);
      }
    }
    std::map<std::string, uint64_t> expected;
    uint64_t placed = 0;
    for (uint32_t at = 0; at < kBytes;) {
      const uint32_t size =
          std::min<uint32_t>(kBytes - at, 1 + static_cast<uint32_t>(rng.Below(300)));
      const bool is_placed = rng.Below(4) == 0;
      b.Deliver(at, size, is_placed);
      if (is_placed) placed += size;
      for (uint32_t i = at; !is_placed && i < at + size; ++i) {
        ++expected[first[i] < 0 ? "copied_after_placement"
                                : NotPlacedReasonName(static_cast<Reason>(first[i]))];
      }
      at += size;
    }
    CHECK(b.ledger.payload_bytes() == kBytes);
    CHECK(b.ledger.placed_bytes() == placed);
    CHECK(b.SumOfReasons() + placed == kBytes);
    for (const auto& [name, bytes] : expected) CHECK(b.Of(name) == bytes);
  }
}

TEST_CASE("ledger: a new start counts from nothing") {
  Bench b;
  b.ReceivePlaced(0, 1000);
  b.Deliver(0, 1000, true);
  b.Receive(1000, 1000, Reason::kSearching);
  b.Deliver(1000, 1000, false);
  REQUIRE(b.ledger.payload_bytes() == 2000);
  b.ledger.Start();
  CHECK(b.ledger.payload_bytes() == 0);
  CHECK(b.ledger.placed_bytes() == 0);
  CHECK(b.ledger.packets() == 0);
  CHECK(b.ledger.offloaded_packets() == 0);
  CHECK(b.ledger.NotPlaced().empty());
}

}  // namespace
}  // namespace ddpsim

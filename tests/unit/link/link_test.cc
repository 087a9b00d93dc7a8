#include "models/link/link.h"

#include <catch2/catch.hpp>
#include <map>

#include "tests/unit/link/frame_builder.h"

namespace ddpsim {
namespace {

// A link with its frames; runs itself.
struct Bench {
  explicit Bench(const LinkFaults& faults = {}, LinkQueueConfig queue = {}, uint64_t seed = 1,
                 LinkObserver* observer = nullptr)
      : link(queue, faults, LinkDirection::kC2H, seed, &pool, observer) {
    link.EnableFaults();
  }
  void Send(FramePtr frame, uint32_t burst = 0, uint64_t token = 0) {
    link.Send(std::move(frame), now, burst, token, now);
  }
  void RunUntil(SimTime limit) {
    while (link.NextDeadline() <= limit) {
      now = link.NextDeadline();
      LinkOutput out;
      link.OnTimer(now, &out);
      for (FramePtr& frame : out.arrived) arrived.emplace_back(now, std::move(frame));
      for (uint64_t token : out.departed) departed.emplace_back(now, token);
    }
    now = limit;
  }
  int64_t Dropped(LinkDropReason reason) const {
    return link.stats().dropped[static_cast<size_t>(reason)];
  }

  FramePool pool;
  FrameBuilder build{&pool};
  Link link;
  SimTime now;
  std::vector<std::pair<SimTime, FramePtr>> arrived;
  std::vector<std::pair<SimTime, uint64_t>> departed;
};

LinkFaults Bernoulli(double p) {
  LinkFaults faults;
  faults.loss.kind = LossKind::kBernoulli;
  faults.loss.probability = p;
  return faults;
}

}  // namespace

TEST_CASE("a frame arrives after its time on the wire, with 24 bytes of overhead, and the delay") {
  Bench bench;
  bench.Send(bench.build.Data(1, 1446));  // 1500 bytes with headers
  bench.Send(bench.build.Ack());          // 54 bytes, padded to 60
  bench.RunUntil(1_ms);
  REQUIRE(bench.arrived.size() == 2);
  CHECK(bench.arrived[0].first == SerializationTime(1524, 100) + 10_us);
  CHECK(bench.arrived[1].first == bench.arrived[0].first + SerializationTime(84, 100));
}

TEST_CASE("a frame that is ready later starts later, and its token comes back when it has left") {
  Bench bench;
  bench.link.Send(bench.build.Data(1, 1446), 3_us, 0, 0, SimTime::Zero());
  bench.link.Send(bench.build.Data(1447, 1446), 3_us, 0, 77, SimTime::Zero());
  bench.RunUntil(1_ms);
  REQUIRE(bench.departed.size() == 1);
  CHECK(bench.departed[0].second == 77);
  CHECK(bench.departed[0].first == 3_us + SerializationTime(1524, 100) * 2);
  CHECK(bench.arrived[1].first == bench.departed[0].first + 10_us);
}

TEST_CASE(
    "a link is quiet only when no frame waits, flies or is held back, however late it comes") {
  LinkFaults faults;
  faults.reorder.probability = 1;
  faults.reorder.delay = 10_s;
  LinkQueueConfig queue;
  queue.delay = 1_s;
  Bench bench(faults, queue);
  CHECK(bench.link.quiet());
  bench.Send(bench.build.Data(1, 1446));
  CHECK_FALSE(bench.link.quiet());  // on the wire
  bench.RunUntil(2_s);
  CHECK_FALSE(bench.link.quiet());  // held back
  bench.RunUntil(12_s);
  CHECK(bench.link.quiet());
  bench.link.Pause(true, bench.now);
  bench.Send(bench.build.Data(1447, 1446));
  bench.RunUntil(13_s);
  CHECK_FALSE(bench.link.quiet());  // waits for XON, with no time known
}

TEST_CASE("a full queue drops the tail, whose tokens do not overtake those sent before") {
  LinkQueueConfig queue;
  queue.lossless = false;
  queue.queue_packets = 10;
  Bench bench({}, queue);
  for (int i = 0; i < 15; ++i) bench.Send(bench.build.Data(1, 1000), 0, 100 + i);
  CHECK(bench.Dropped(LinkDropReason::kQueueFull) == 5);
  bench.RunUntil(1_ms);
  CHECK(bench.arrived.size() == 10);
  CHECK(bench.departed.size() == 15);
  for (uint64_t i = 0; i < 15; ++i) CHECK(bench.departed[i].second == 100 + i);
  CHECK(bench.departed[14].first == bench.departed[9].first);
}

TEST_CASE("a lossless queue holds whatever comes") {
  Bench bench;
  for (int i = 0; i < 5000; ++i) bench.Send(bench.build.Data(1, 100));
  bench.RunUntil(100_ms);
  CHECK(bench.arrived.size() == 5000);
}

TEST_CASE("XOFF stops frames that have not started and drops none, XON lets them go in order") {
  Bench bench;
  for (int i = 0; i < 10; ++i) bench.Send(bench.build.Data(1 + i, 1446), 0, 1 + i);
  bench.RunUntil(200_ns);  // the second frame is on the wire
  bench.link.Pause(true, 200_ns);
  bench.RunUntil(1_ms);
  CHECK(bench.arrived.size() == 2);
  CHECK(bench.link.NextDeadline().is_never());
  bench.Send(bench.build.Data(99, 1446));
  bench.link.Pause(false, 1001_us);
  bench.RunUntil(2_ms);
  REQUIRE(bench.arrived.size() == 11);
  CHECK(bench.arrived[2].first == 1001_us + SerializationTime(1524, 100) + 10_us);
  CHECK(bench.departed.size() == 10);
}

TEST_CASE("however many frames wait, XON lets all of them go at once") {
  for (int frames = 1; frames <= 130; ++frames) {
    Bench bench;
    bench.link.Pause(true, 0_us);
    for (int i = 0; i < frames; ++i) bench.Send(bench.build.Data(1, 1446));
    bench.RunUntil(10_us);
    CHECK(bench.arrived.empty());
    bench.link.Pause(false, 10_us);
    bench.RunUntil(1_ms);
    REQUIRE(bench.arrived.size() == static_cast<size_t>(frames));
    CHECK(bench.arrived.front().first == SerializationTime(1524, 100) + 20_us);
    CHECK(bench.arrived.back().first == SerializationTime(1524, 100) * frames + 20_us);
  }
}

TEST_CASE("an XOFF that takes effect later lets frames pass until then") {
  Bench bench;
  bench.link.Pause(true, 1_us);
  bench.link.Pause(false, 5_us);
  for (int i = 0; i < 20; ++i) bench.Send(bench.build.Data(1, 1446));
  bench.RunUntil(1_ms);
  REQUIRE(bench.arrived.size() == 20);
  int before = 0;
  for (const auto& [at, frame] : bench.arrived) {
    const SimTime start = at - 10_us - SerializationTime(1524, 100);
    CHECK((start < 1_us || start >= 5_us));
    before += start < 1_us;
  }
  CHECK(before == 9);
}

TEST_CASE(
    "random pauses and loads never drop, never reorder and never start a frame while paused") {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    Rng rng(seed, "pause");
    Bench bench;
    bool xoff = false;
    std::vector<std::pair<SimTime, SimTime>> intervals;
    SimTime effective;
    int sent = 0;
    for (int step = 0; step < 400; ++step) {
      bench.RunUntil(bench.now + SimTime::Ns(static_cast<int64_t>(rng.Below(400))));
      for (uint64_t n = rng.Below(5); n > 0; --n) {
        ++sent;
        bench.Send(bench.build.Data(sent, 1446), 0, sent);
      }
      if (rng.Below(8) == 0) {
        xoff = !xoff;
        effective =
            std::max(effective, bench.now + SimTime::Ns(static_cast<int64_t>(rng.Below(900))));
        bench.link.Pause(xoff, effective);
        if (xoff) {
          intervals.emplace_back(effective, SimTime::Never());
        } else {
          intervals.back().second = effective;
        }
      }
    }
    if (xoff) bench.link.Pause(false, std::max(effective, bench.now));
    if (xoff) intervals.back().second = std::max(effective, bench.now);
    bench.RunUntil(bench.now + 10_ms);
    REQUIRE(static_cast<int>(bench.arrived.size()) == sent);
    REQUIRE(static_cast<int>(bench.departed.size()) == sent);
    SimTime free;
    for (int i = 0; i < sent; ++i) {
      ParsedFrame parsed;
      REQUIRE(ParseFrame(bench.arrived[i].second->bytes(), &parsed));
      REQUIRE(parsed.tcp.seq.value() == static_cast<uint32_t>(i + 1));
      const SimTime start = bench.arrived[i].first - 10_us - SerializationTime(1524, 100);
      REQUIRE(start >= free);
      free = start + SerializationTime(1524, 100);
      for (const auto& [from, to] : intervals) REQUIRE((start < from || start >= to));
    }
  }
}

TEST_CASE("faults leave frames alone until they are enabled") {
  FramePool pool;
  FrameBuilder build(&pool);
  Link link(LinkQueueConfig{}, Bernoulli(1), LinkDirection::kC2H, 1, &pool, nullptr);
  link.Send(build.Data(1, 100), SimTime::Zero(), 0, 0, SimTime::Zero());
  link.EnableFaults();
  link.Send(build.Data(101, 100), SimTime::Zero(), 0, 0, SimTime::Zero());
  LinkOutput out;
  link.OnTimer(1_ms, &out);
  CHECK(out.arrived.size() == 1);
  CHECK(link.stats().dropped[static_cast<size_t>(LinkDropReason::kBernoulli)] == 1);
}

TEST_CASE("random loss hits ACKs and data alike, at its rate, and their tokens come back") {
  Bench bench(Bernoulli(0.05));
  for (int i = 0; i < 20000; ++i) {
    bench.Send(i % 2 == 0 ? bench.build.Ack() : bench.build.Data(1, 100), 0, 1 + i);
  }
  bench.RunUntil(1_s);
  CHECK(bench.Dropped(LinkDropReason::kBernoulli) == Approx(1000).margin(120));
  CHECK(bench.arrived.size() + bench.Dropped(LinkDropReason::kBernoulli) == 20000);
  CHECK(bench.departed.size() == 20000);
}

TEST_CASE("a lost skb is a whole TSO burst") {
  LinkFaults faults = Bernoulli(0.3);
  faults.loss.whole_skb = true;
  Bench bench(faults);
  for (uint32_t burst = 1; burst <= 500; ++burst) {
    for (int i = 0; i < 7; ++i) bench.Send(bench.build.Data(burst, 100), burst);
  }
  bench.RunUntil(1_s);
  std::map<uint32_t, int> count;
  for (const auto& [at, frame] : bench.arrived) {
    ParsedFrame parsed;
    REQUIRE(ParseFrame(frame->bytes(), &parsed));
    ++count[parsed.tcp.seq.value()];
  }
  for (const auto& [burst, frames] : count) CHECK(frames == 7);
  CHECK(count.size() == Approx(350).margin(40));
}

TEST_CASE("with whole skbs a list counts skbs that carry data, and no ACK among them") {
  LinkFaults faults;
  faults.loss.kind = LossKind::kList;
  faults.loss.packets = {2};
  faults.loss.whole_skb = true;
  Bench bench(faults);
  for (uint32_t burst = 1; burst <= 3; ++burst) {
    bench.Send(bench.build.Ack());
    for (int i = 0; i < 4; ++i) bench.Send(bench.build.Data(burst, 100), burst);
  }
  bench.RunUntil(1_s);
  CHECK(bench.Dropped(LinkDropReason::kList) == 4);
  CHECK(bench.arrived.size() == 11);
  for (const auto& [at, frame] : bench.arrived) {
    ParsedFrame parsed;
    REQUIRE(ParseFrame(frame->bytes(), &parsed));
    CHECK((parsed.payload.empty() || parsed.tcp.seq.value() != 2));
  }
}

TEST_CASE("a burst that carries a doomed byte in its middle is lost whole") {
  LinkFaults faults;
  faults.loss.kind = LossKind::kRanges;
  faults.loss.whole_skb = true;
  faults.loss.ranges = {{0, 350, 351, 1}};
  Bench bench(faults);
  for (int i = 0; i < 7; ++i) bench.Send(bench.build.Data(1 + 100 * i, 100), 5);
  for (int i = 7; i < 9; ++i) bench.Send(bench.build.Data(1 + 100 * i, 100), 6);
  bench.RunUntil(1_s);
  CHECK(bench.Dropped(LinkDropReason::kRanges) == 7);
  CHECK(bench.arrived.size() == 2);
}

TEST_CASE("a held-back packet arrives later by the delay and the others overtake it") {
  LinkFaults faults;
  faults.reorder.packets = {2};
  faults.reorder.delay = 50_us;
  Bench bench(faults);
  bench.Send(bench.build.Ack());
  for (uint32_t i = 1; i <= 4; ++i) bench.Send(bench.build.Data(i, 1446));
  bench.RunUntil(1_ms);
  REQUIRE(bench.arrived.size() == 5);
  CHECK(bench.link.stats().reordered == 1);
  ParsedFrame last;
  REQUIRE(ParseFrame(bench.arrived[4].second->bytes(), &last));
  CHECK(last.tcp.seq.value() == 2);
  CHECK(bench.arrived[4].first ==
        SerializationTime(84, 100) + SerializationTime(1524, 100) * 2 + 60_us);
}

TEST_CASE("a duplicated packet arrives twice") {
  LinkFaults faults;
  faults.duplicate.probability = 0.2;
  Bench bench(faults);
  for (int i = 0; i < 5000; ++i) bench.Send(bench.build.Data(1, 100), 0, 1 + i);
  bench.RunUntil(1_s);
  CHECK(bench.link.stats().duplicated == Approx(1000).margin(120));
  CHECK(bench.arrived.size() == 5000 + static_cast<size_t>(bench.link.stats().duplicated));
  CHECK(bench.link.stats().packets == 5000);
  CHECK(bench.departed.size() == 5000);
}

TEST_CASE(
    "whatever goes wrong, offered plus duplicated is delivered plus dropped, and frames come "
    "home") {
  struct Count : LinkObserver {
    int64_t balance = 0;
    void OnOffered(const FramePtr&, SimTime) override { ++balance; }
    void OnDuplicated(const FramePtr&, SimTime) override { ++balance; }
    void OnDropped(const FramePtr&, LinkDropReason, SimTime) override { --balance; }
    void OnDelivered(const FramePtr&, SimTime) override { --balance; }
  };
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    LinkFaults faults = Bernoulli(0.1);
    faults.loss.whole_skb = seed % 2 == 0;
    faults.reorder.probability = 0.1;
    faults.reorder.delay = 7_us;
    faults.duplicate.probability = 0.1;
    faults.corrupt.probability = 0.1;
    LinkQueueConfig queue;
    queue.lossless = false;
    queue.queue_packets = 20;
    Count count;
    Bench bench(faults, queue, seed, &count);
    Rng rng(seed, "mix");
    for (uint32_t i = 0; i < 3000; ++i) {
      bench.Send(bench.build.Data(i, 1 + static_cast<uint32_t>(rng.Below(1400))), 1 + i / 4, 1 + i);
      if (rng.Below(2) == 0) bench.RunUntil(bench.now + SimTime::Ns(150));
    }
    bench.RunUntil(1_s);
    CHECK(count.balance == 0);
    CHECK(bench.departed.size() == 3000);
    bench.arrived.clear();
    CHECK(bench.pool.live() == 0);
  }
}

TEST_CASE("a pause frame goes ahead of the queue, behind the frame being sent") {
  Bench bench;
  for (int i = 0; i < 5; ++i) bench.Send(bench.build.Data(1, 1446));
  CHECK(bench.link.PauseFrameArrival(50_ns) == SerializationTime(1524 + 84, 100) + 10_us);
}

}  // namespace ddpsim

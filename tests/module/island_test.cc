#include "ddpsim/ports/island.h"

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "action.h"
#include "ddpsim/base/rng.h"
#include "ddpsim/ports/fresh_kernel.h"

namespace ddpsim {
namespace {

// A kernel of its own with an island in it.
struct Bench {
  Action* At(SimTime at, std::function<void(SimTime)> act) {
    actions.push_back(std::make_unique<Action>(std::move(act)));
    island.calendar().Schedule(at, actions.back().get());
    return actions.back().get();
  }
  void Run() { sc_core::sc_start(); }

  FreshKernel kernel;
  Island island{"island"};
  std::vector<std::unique_ptr<Action>> actions;
};

// The island's state: ticks at random times until the end, and when each of them was.
class Ticker : public Wakeable {
 public:
  Ticker(Island* island, uint64_t seed, SimTime until)
      : island_(island), rng_(seed, "ticker"), until_(until) {
    Next(SimTime::Zero());
  }
  void OnDeadline(SimTime now) override {
    exact_ = exact_ && now == due_ && now == island_->now();
    last_ = now;
    ++ticks_;
    if (now < until_) Next(now);
  }
  bool exact() const { return exact_; }
  SimTime due() const { return due_; }
  SimTime last() const { return last_; }
  uint64_t ticks() const { return ticks_; }

 private:
  void Next(SimTime now) {
    due_ = now + SimTime::Ps(static_cast<int64_t>(rng_.Below(2000)));
    island_->calendar().Schedule(due_, this);
  }

  Island* island_;
  Rng rng_;
  SimTime until_;
  SimTime due_;
  SimTime last_;
  uint64_t ticks_ = 0;
  bool exact_ = true;
};

// Foreign processes of both kinds that look at the ticker at random times.
class Sampler : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(Sampler);
  Sampler(sc_core::sc_module_name name, const Ticker* ticker, uint64_t seed)
      : sc_module(name), ticker_(ticker), rng_(seed, "sampler") {
    SC_METHOD(Sample);
    SC_THREAD(SampleForever);
  }
  int samples() const { return samples_; }
  int ahead() const { return ahead_; }
  int behind() const { return behind_; }

 private:
  static constexpr int kSamples = 500;
  sc_core::sc_time Wait() {
    return ToScTime(SimTime::Ps(1 + static_cast<int64_t>(rng_.Below(5000))));
  }
  void Look() {
    const SimTime now = FromScTime(sc_core::sc_time_stamp());
    ++samples_;
    if (ticker_->last() > now) ++ahead_;
    // What is due earlier than this instant has happened.
    if (ticker_->due() < now && ticker_->last() != ticker_->due()) ++behind_;
  }
  void Sample() {
    Look();
    if (samples_ < kSamples) next_trigger(Wait());
  }
  void SampleForever() {
    for (int i = 0; i < kSamples; ++i) {
      wait(Wait());
      Look();
    }
  }

  const Ticker* ticker_;
  Rng rng_;
  int samples_ = 0;
  int ahead_ = 0;
  int behind_ = 0;
};

// A foreign module that is called from within the island, and whose process runs `delay` after the
// call's local time.
class Callee : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(Callee);
  explicit Callee(sc_core::sc_module_name name) : sc_module(name) {
    SC_METHOD(Work);
    sensitive << event_;
    dont_initialize();
  }
  void Call(SimTime at, SimTime delay) { event_.notify(DelayAt(at) + ToScTime(delay)); }
  std::function<void(SimTime)> work;

 private:
  void Work() { work(FromScTime(sc_core::sc_time_stamp())); }
  sc_core::sc_event event_;
};

TEST_CASE("wake-ups of equal time come first in, first out") {
  Bench b;
  std::vector<int> order;
  for (int i = 0; i < 20; ++i) {
    b.At(SimTime::Ns(i % 2 == 0 ? 5 : 7), [&order, i](SimTime) { order.push_back(i); });
  }
  b.Run();
  std::vector<int> expected;
  for (int i = 0; i < 20; i += 2) expected.push_back(i);
  for (int i = 1; i < 20; i += 2) expected.push_back(i);
  CHECK(order == expected);
  CHECK(b.island.wakeups() == 20);
}

TEST_CASE("now() is the time of the wake-up, whatever SystemC's is") {
  Bench b;
  std::vector<SimTime> times;
  for (int ns : {3, 1000, 7}) {
    b.At(SimTime::Ns(ns), [&](SimTime now) {
      CHECK(b.island.now() == now);
      times.push_back(now);
    });
  }
  b.Run();
  CHECK(times == std::vector<SimTime>{3_ns, 7_ns, 1000_ns});
}

TEST_CASE("a wake-up schedules another in its own instant") {
  Bench b;
  SimTime second = SimTime::Never();
  b.At(5_ns, [&](SimTime now) { b.At(now, [&](SimTime at) { second = at; }); });
  b.Run();
  CHECK(second == 5_ns);
}

TEST_CASE(
    "foreign processes never see the island ahead of them or behind, and it is exact itself") {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Bench b;
    Ticker ticker(&b.island, seed, 4_us);
    Sampler sampler("sampler", &ticker, seed + 100);
    b.Run();
    CHECK(sampler.samples() >= 500);
    CHECK(sampler.ahead() == 0);
    CHECK(sampler.behind() == 0);
    CHECK(ticker.exact());
    CHECK(ticker.ticks() > 3000);
    CHECK(ticker.last() >= 4_us);
  }
}

TEST_CASE("without foreign activity the island runs through in one go") {
  Bench b;
  Ticker ticker(&b.island, 1, 10_us);
  b.Run();
  CHECK(ticker.exact());
  CHECK(b.island.wakeups() == ticker.ticks());
  CHECK(sc_core::sc_time_stamp() == sc_core::SC_ZERO_TIME);
}

TEST_CASE("an event that a wake-up notifies is not overtaken") {
  Bench b;
  Callee callee("callee");
  SimTime island_at;
  std::vector<std::pair<SimTime, SimTime>> seen;  // callee's time, island's
  callee.work = [&](SimTime now) { seen.emplace_back(now, island_at); };
  for (int ns = 10; ns <= 100; ns += 10) {
    b.At(SimTime::Ns(ns), [&](SimTime now) {
      island_at = now;
      if (now == 30_ns) callee.Call(now, 25_ns);
      if (now == 80_ns) callee.Call(now, 5_ns);
    });
  }
  b.Run();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0] == std::make_pair(55_ns, 50_ns));
  CHECK(seen[1] == std::make_pair(85_ns, 80_ns));
  CHECK(island_at == 100_ns);
}

TEST_CASE("an event for the instant of the wake-up that notifies it precedes later wake-ups") {
  Bench b;
  Callee callee("callee");
  SimTime island_at;
  std::vector<std::pair<SimTime, SimTime>> seen;
  callee.work = [&](SimTime now) { seen.emplace_back(now, island_at); };
  for (int ns : {0, 10, 10, 20}) {
    b.At(SimTime::Ns(ns), [&](SimTime now) {
      island_at = now;
      if (now < 20_ns) callee.Call(now, 0_ns);
    });
    b.At(SimTime::Ns(ns) + 1_ps, [&](SimTime now) { island_at = now; });
  }
  b.Run();
  REQUIRE(seen.size() >= 2);
  for (const auto& [callee_time, island_time] : seen) CHECK(callee_time == island_time);
  CHECK(seen.front().first == 0_ns);
  CHECK(seen.back().first == 10_ns);
}

TEST_CASE("a poke from within a wake-up changes nothing") {
  Bench b;
  std::vector<SimTime> times;
  for (int ns : {0, 10, 20}) {
    b.At(SimTime::Ns(ns), [&](SimTime now) {
      times.push_back(now);
      b.island.Poke();
    });
  }
  b.Run();
  CHECK(times == std::vector<SimTime>{0_ns, 10_ns, 20_ns});
}

TEST_CASE(
    "calls out of the island at random times are answered at exact times, and never overtaken") {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Bench b;
    Callee callee("callee");
    Ticker ticker(&b.island, seed, 3_us);
    Rng rng(seed, "island_test");
    SimTime expected = SimTime::Never();
    int answers = 0;
    std::function<void(SimTime)> call;
    callee.work = [&](SimTime now) {
      CHECK(now == expected);
      CHECK(ticker.last() <= now);
      CHECK((ticker.due() >= now || ticker.last() == ticker.due()));
      ++answers;
      // Back into the island from outside.
      if (answers < 200) b.At(now + SimTime::Ps(static_cast<int64_t>(rng.Below(9000))), call);
      b.island.Poke();
    };
    call = [&](SimTime now) {
      const SimTime delay = SimTime::Ps(1 + static_cast<int64_t>(rng.Below(9000)));
      expected = now + delay;
      callee.Call(now, delay);
    };
    b.At(1_ns, call);
    b.Run();
    CHECK(answers == 200);
    CHECK(ticker.exact());
  }
}

TEST_CASE(
    "a foreign process that schedules ahead of the island's next wake-up pokes it awake in time") {
  Bench b;
  Callee callee("callee");
  std::vector<SimTime> times;
  const auto note = [&](SimTime now) { times.push_back(now); };
  callee.work = [&](SimTime now) {
    b.At(now, note);
    b.At(now + 3_ns, note);
    b.island.Poke();
  };
  b.At(1000_ns, note);
  b.At(1_ns, [&](SimTime now) { callee.Call(now, 9_ns); });
  b.Run();
  CHECK(times == std::vector<SimTime>{10_ns, 13_ns, 1000_ns});
}

TEST_CASE("a foreign process of the same instant does not keep the island from its present") {
  Bench b;
  Callee callee("callee");
  std::vector<SimTime> times;
  int calls = 0;
  callee.work = [&](SimTime) { ++calls; };
  b.At(1_ns, [&](SimTime now) { callee.Call(now, 4_ns); });
  for (int i = 0; i < 3; ++i) b.At(5_ns, [&](SimTime now) { times.push_back(now); });
  b.Run();
  CHECK(calls == 1);
  CHECK(times == std::vector<SimTime>{5_ns, 5_ns, 5_ns});
}

TEST_CASE("after Stop() nothing is woken, not even by Poke()") {
  Bench b;
  Callee callee("callee");
  int woken = 0;
  callee.work = [&](SimTime) { b.island.Poke(); };
  b.At(1_ns, [&](SimTime now) { callee.Call(now, 10_ns); });
  b.At(5_ns, [&](SimTime) { b.island.Stop(); });
  b.At(5_ns, [&](SimTime) { ++woken; });
  b.At(20_ns, [&](SimTime) { ++woken; });
  b.Run();
  CHECK(b.island.stopped());
  CHECK(woken == 0);
  CHECK(b.island.wakeups() == 2);
}

TEST_CASE("one process elaborates fifty systems one after another, all alike") {
  uint64_t ticks = 0;
  for (int i = 0; i < 50; ++i) {
    Bench b;
    Ticker ticker(&b.island, 7, 1_us);
    Sampler sampler("sampler", &ticker, 8);
    b.Run();
    if (i == 0) ticks = ticker.ticks();
    CHECK(ticker.ticks() == ticks);
    CHECK(sampler.ahead() == 0);
    CHECK(sc_core::sc_get_top_level_objects().size() == 2);
  }
}

}  // namespace
}  // namespace ddpsim

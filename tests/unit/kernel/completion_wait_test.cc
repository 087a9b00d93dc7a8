#include "models/kernel/completion_wait.h"

#include <catch2/catch.hpp>

#include "tests/unit/kernel/kernel_bench.h"

namespace ddpsim {
namespace {

struct Sleeper : WorkItem {
  bool RunPiece(ExecContext& ctx) override {
    woken_at.push_back(ctx.start());
    return false;
  }
  std::vector<SimTime> woken_at;
};

struct Bench : KernelBench {
  Bench() : wait(&calendar, &kernel.scheduler(), &sleeper) {}
  Sleeper sleeper;
  CompletionWait wait;
};

// kernel/time/timer.c: a timer fires in the slot after its expiry, and 750 jiffies lie in the level
// whose slots have 64.
TEST_CASE("a sleep of no jiffies ends with the next tick, a long one up to two slots late") {
  CHECK(EndOfSleep(SimTime::Us(100), 0, Jiffies(1000)) == SimTime::Us(1'001));
  CHECK(EndOfSleep(SimTime::Us(1'001), 0, Jiffies(1000)) == SimTime::Us(2'001));
  CHECK(EndOfSleep(SimTime::Us(3'999), 0, Jiffies(250)) == SimTime::Us(4'001));
  const SimTime end = EndOfSleep(SimTime::Us(4'100), 750, Jiffies(250));
  CHECK(end > SimTime::Ms(3'004));
  CHECK(end <= SimTime::Ms(3'004 + 64 * 4 + 1));
}

TEST_CASE("who waits for a completion is woken by it, and not again by the clock") {
  Bench b;
  b.wait.Sleep(0, b.now + SimTime::Ms(5));
  b.Do([&](ExecContext& ctx) { b.wait.Complete(ctx); });
  REQUIRE(b.sleeper.woken_at.size() == 1);
  CHECK(b.wait.done());
  CHECK_FALSE(b.wait.expired());
  b.Run(b.now + SimTime::Ms(10));
  CHECK(b.sleeper.woken_at.size() == 1);
}

TEST_CASE("who waits in vain is woken when the time is up") {
  Bench b;
  const SimTime end = b.now + SimTime::Ms(5);
  b.wait.Sleep(0, end);
  b.Run(b.now + SimTime::Ms(10));
  REQUIRE(b.sleeper.woken_at.size() == 1);
  CHECK(b.sleeper.woken_at[0] == end);
  CHECK_FALSE(b.wait.done());
  CHECK(b.wait.expired());
}

TEST_CASE("a completion between the clock and the sleeper's turn still counts") {
  Bench b;
  // The core is busy when the time is up, and the interrupt comes before the sleeper's turn.
  Once busy([](ExecContext& ctx) { ctx.Charge(Cost::kCopyByteDram, 20'000); });
  Once completes([&](ExecContext& ctx) { b.wait.Complete(ctx); });
  b.wait.Sleep(0, b.now + SimTime::Us(10));
  b.kernel.scheduler().Queue(0, CpuContext::kKworker, &busy, b.now);
  b.kernel.scheduler().Queue(0, CpuContext::kSoftirq, &completes, b.now + SimTime::Us(12));
  b.Run(b.now + SimTime::Ms(1));
  CHECK(b.sleeper.woken_at.size() == 1);
  CHECK(b.wait.expired());
  CHECK(b.wait.done());
}

TEST_CASE("nobody is woken after the wait was cancelled") {
  Bench b;
  b.wait.Sleep(0, b.now + SimTime::Us(10));
  b.wait.Cancel();
  b.Run(b.now + SimTime::Ms(1));
  CHECK(b.sleeper.woken_at.empty());
}

}  // namespace
}  // namespace ddpsim

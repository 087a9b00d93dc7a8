#include "models/nvme_host/request_timer.h"

#include <catch2/catch.hpp>

#include "tests/unit/nvme_host/fake_host.h"

namespace ddpsim {
namespace {

constexpr int64_t kHz = 250;

// A queue with a timer, and time that goes from one expiry of it to the next.
struct TimerBench final : public WorkItem {
  bool RunPiece(ExecContext&) override { return false; }

  Request* Start(SimTime timeout) {
    requests.push_back(std::make_unique<Request>());
    timer.Add(requests.back().get(), timeout, now);
    return requests.back().get();
  }
  // Goes to the next expiry; what is late then.
  std::vector<Request*> Fire() {
    SimTime at;
    Wakeable* const who = calendar.PopDue(SimTime::Sec(1'000'000), &at);
    if (who == nullptr) return {};
    now = std::max(now, at);
    who->OnDeadline(at);
    if (!timer.TakeFired()) return Fire();
    ++fired;
    timer.BeginWork(now);
    for (const auto& request : requests) timer.Look(request.get());
    return timer.EndWork(now);
  }
  std::vector<Request*> FireUntilLate() {
    std::vector<Request*> late;
    while (late.empty()) late = Fire();
    return late;
  }

  Calendar calendar;
  FakeScheduler cpu;
  SimTime now = SimTime::Ms(1);
  RequestTimer timer{&calendar, &cpu, 0, this, Jiffies(kHz)};
  std::vector<std::unique_ptr<Request>> requests;
  int fired = 0;
};

TEST_CASE(
    "request_timer: 30 s are looked at every six, and found late within a slot of the wheel") {
  TimerBench bench;
  bench.Start(SimTime::Sec(30));
  REQUIRE(bench.Fire().empty());
  CHECK(bench.now >= SimTime::Ms(6'020));
  CHECK(bench.now < SimTime::Ms(6'300));
  REQUIRE(bench.FireUntilLate().size() == 1);
  CHECK(bench.now > SimTime::Sec(30));
  CHECK(bench.now < SimTime::Ms(32'100));
}

TEST_CASE("request_timer: a request of a second waits for the second of grouping as well") {
  TimerBench bench;
  bench.Start(SimTime::Sec(1));
  REQUIRE(bench.Fire().size() == 1);
  CHECK(bench.now > SimTime::Sec(2));
  CHECK(bench.now < SimTime::Ms(2'400));
}

TEST_CASE("request_timer: below a second the deadline's own tick is the time") {
  TimerBench bench;
  bench.Start(SimTime::Ms(5));
  REQUIRE(bench.Fire().size() == 1);
  CHECK(bench.now > SimTime::Ms(6));
  CHECK(bench.now <= SimTime::Ms(16));
}

TEST_CASE("request_timer: the earliest deadline to come is what it is armed for next") {
  TimerBench bench;
  Request* const slow = bench.Start(SimTime::Sec(60));
  Request* const quick = bench.Start(SimTime::Sec(7));
  CHECK(bench.FireUntilLate() == std::vector<Request*>{quick});
  CHECK(bench.now < SimTime::Ms(7'300));
  bench.requests.pop_back();
  CHECK(bench.FireUntilLate() == std::vector<Request*>{slow});
  CHECK(bench.now > SimTime::Sec(60));
}

TEST_CASE("request_timer: a pending timer that comes soon enough is left alone") {
  TimerBench bench;
  bench.Start(SimTime::Sec(2));
  bench.now = SimTime::Ms(100);
  bench.Start(SimTime::Sec(2));
  CHECK(bench.Fire().size() == 2);
  CHECK(bench.fired == 1);
}

TEST_CASE("request_timer: with nothing started it stays silent") {
  TimerBench bench;
  bench.Start(SimTime::Sec(1));
  bench.requests.clear();
  CHECK(bench.Fire().empty());
  CHECK(bench.Fire().empty());
  CHECK(bench.fired == 1);
}

}  // namespace
}  // namespace ddpsim

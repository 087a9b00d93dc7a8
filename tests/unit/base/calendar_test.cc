#include "ddpsim/base/calendar.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "ddpsim/base/check.h"
#include "ddpsim/base/rng.h"

namespace ddpsim {
namespace {

using Wakes = std::vector<std::pair<int64_t, int>>;

class Sleeper : public Wakeable {
 public:
  Sleeper(int id, Wakes* log) : id_(id), log_(log) {}
  void OnDeadline(SimTime now) override { log_->emplace_back(now.ps(), id_); }

 private:
  int id_;
  Wakes* log_;
};

void RunUntil(Calendar* calendar, SimTime limit) {
  SimTime at;
  while (Wakeable* who = calendar->PopDue(limit, &at)) who->OnDeadline(at);
}

// A time from the neighbourhood of `now`: same instant, same bucket, ring, just beyond the ring,
// seconds away.
SimTime RandomTime(SimTime now, Rng* rng) {
  constexpr int64_t kSpans[] = {1,           1000,          131072,           100'000'000,
                                135'000'000, 2'000'000'000, 3'000'000'000'000};
  return now + SimTime::Ps(static_cast<int64_t>(rng->Below(kSpans[rng->Below(7)])));
}

}  // namespace

TEST_CASE(
    "entries at equal times leave in the order they were scheduled, near and far, and at time 0") {
  for (SimTime at : {0_ps, 50_ns, 1_us, 133_us, 134_us, 135_us, 3_s}) {
    Calendar calendar;
    Wakes log;
    std::vector<Sleeper> sleepers;
    for (int i = 0; i < 20; ++i) sleepers.emplace_back(i, &log);
    for (Sleeper& s : sleepers) calendar.Schedule(at, &s);
    RunUntil(&calendar, at);
    REQUIRE(log.size() == 20);
    for (int i = 0; i < 20; ++i) CHECK(log[i] == std::make_pair(at.ps(), i));
  }
}

TEST_CASE(
    "an entry that waited in the far heap leaves before one scheduled later for the same time") {
  Calendar calendar;
  Wakes log;
  Sleeper far(1, &log), step(2, &log), near(3, &log);
  calendar.Schedule(1_ms, &far);
  calendar.Schedule(1_ms - 1_us, &step);
  RunUntil(&calendar, 1_ms - 1_us);
  calendar.Schedule(1_ms, &near);
  RunUntil(&calendar, 1_s);
  CHECK(log == Wakes{{(1_ms - 1_us).ps(), 2}, {(1_ms).ps(), 1}, {(1_ms).ps(), 3}});
}

TEST_CASE("PopDue leaves what is later than its limit, PeekTime tells when that is") {
  Calendar calendar;
  Wakes log;
  Sleeper a(1, &log);
  CHECK(calendar.PeekTime().is_never());
  calendar.Schedule(10_us, &a);
  SimTime at;
  CHECK(calendar.PopDue(10_us - 1_ps, &at) == nullptr);
  CHECK(calendar.PeekTime() == 10_us);
  CHECK(calendar.PopDue(10_us, &at) == &a);
  CHECK(at == 10_us);
  CHECK(calendar.size() == 0);
}

TEST_CASE("scheduling in the past is a model bug") {
  Calendar calendar;
  Wakes log;
  Sleeper a(1, &log);
  calendar.Schedule(10_us, &a);
  RunUntil(&calendar, 10_us);
  CHECK_THROWS_AS(calendar.Schedule(10_us - 1_ps, &a), ModelBug);
}

TEST_CASE("random schedules and pops leave as a stable sort by time would") {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Rng rng(seed, "calendar.schedule");
    Calendar calendar;
    Wakes log, want;
    std::vector<std::unique_ptr<Sleeper>> sleepers;
    std::vector<std::pair<SimTime, int>> pending;
    SimTime now;
    for (int step = 0; step < 3000; ++step) {
      for (uint64_t n = rng.Below(3); n > 0; --n) {
        const int id = static_cast<int>(sleepers.size());
        sleepers.push_back(std::make_unique<Sleeper>(id, &log));
        pending.emplace_back(RandomTime(now, &rng), id);
        calendar.Schedule(pending.back().first, sleepers.back().get());
      }
      if (pending.empty() || rng.Below(3) == 0) continue;
      auto first = pending.begin();
      for (auto it = pending.begin(); it != pending.end(); ++it) {
        if (it->first < first->first) first = it;
      }
      CHECK(calendar.PeekTime() == first->first);
      now = first->first;
      want.emplace_back(now.ps(), first->second);
      pending.erase(first);
      SimTime at;
      calendar.PopDue(now, &at)->OnDeadline(at);
    }
    REQUIRE(log == want);
    REQUIRE(calendar.size() == pending.size());
  }
}

TEST_CASE("a deadline wakes its owner once, at the time it was last armed for") {
  Calendar calendar;
  Wakes log;
  Sleeper owner(7, &log);
  Deadline deadline(&calendar, &owner);
  deadline.Arm(10_us);
  deadline.Arm(20_us);
  RunUntil(&calendar, 15_us);
  CHECK(log.empty());
  CHECK(deadline.at() == 20_us);
  deadline.Arm(18_us);
  RunUntil(&calendar, 1_s);
  CHECK(log == Wakes{{(18_us).ps(), 7}});
  CHECK_FALSE(deadline.armed());
}

TEST_CASE("a disarmed deadline does not wake its owner, and can be armed again") {
  Calendar calendar;
  Wakes log;
  Sleeper owner(7, &log);
  Deadline deadline(&calendar, &owner);
  deadline.Arm(10_us);
  deadline.Disarm();
  CHECK_FALSE(deadline.armed());
  RunUntil(&calendar, 50_us);
  CHECK(log.empty());
  deadline.Arm(60_us);
  RunUntil(&calendar, 1_s);
  CHECK(log == Wakes{{(60_us).ps(), 7}});
}

TEST_CASE("pushing a far deadline back for every packet keeps a single calendar entry") {
  Calendar calendar;
  Wakes log;
  Sleeper owner(7, &log), packet(8, &log);
  Deadline rto(&calendar, &owner);
  for (int i = 0; i < 1000; ++i) {
    rto.Arm(SimTime::Us(i) + 200_ms);
    CHECK(calendar.size() == 1);
  }
  RunUntil(&calendar, 1_s);
  CHECK(log == Wakes{{(200_ms + 999_us).ps(), 7}});
}

TEST_CASE("a destroyed deadline leaves nothing behind") {
  Calendar calendar;
  Wakes log;
  Sleeper owner(7, &log);
  for (SimTime at : {1_us, 1_s}) {
    Deadline deadline(&calendar, &owner);
    deadline.Arm(at);
  }
  CHECK(calendar.size() == 0);
  CHECK(calendar.PeekTime().is_never());
}

TEST_CASE(
    "thousands of deadlines armed, moved and disarmed at random wake as the naive model says") {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    Rng rng(seed, "calendar.deadline");
    const int count = seed % 2 == 0 ? 2000 : 30;
    Calendar calendar;
    Wakes log, want;
    std::vector<std::unique_ptr<Sleeper>> sleepers;
    std::vector<std::unique_ptr<Deadline>> deadlines;
    // The naive model: armed time and order of arming per deadline.
    std::vector<std::pair<SimTime, uint64_t>> armed(count, {SimTime::Never(), 0});
    for (int i = 0; i < count; ++i) {
      sleepers.push_back(std::make_unique<Sleeper>(i, &log));
      deadlines.push_back(std::make_unique<Deadline>(&calendar, sleepers.back().get()));
    }
    SimTime now;
    for (uint64_t step = 1; step < 6000; ++step) {
      const int i = static_cast<int>(rng.Below(count));
      const uint64_t action = rng.Below(10);
      if (action < 6) {
        const SimTime at = RandomTime(now, &rng);
        deadlines[i]->Arm(at);
        if (armed[i].first != at) armed[i] = {at, step};
      } else if (action == 6) {
        deadlines[i]->Disarm();
        armed[i].first = SimTime::Never();
      } else {
        int first = 0;
        for (int k = 1; k < count; ++k) {
          if (armed[k] < armed[first]) first = k;
        }
        if (armed[first].first.is_never()) continue;
        now = armed[first].first;
        for (;;) {  // everything due now, in order of arming
          first = 0;
          for (int k = 1; k < count; ++k) {
            if (armed[k] < armed[first]) first = k;
          }
          if (armed[first].first != now) break;
          want.emplace_back(now.ps(), first);
          armed[first].first = SimTime::Never();
        }
        RunUntil(&calendar, now);
      }
    }
    REQUIRE(log == want);
  }
}

TEST_CASE("with a tie seed equal times leave in another order, the same for the same seed") {
  struct Numbered : Wakeable {
    void OnDeadline(SimTime) override { log->push_back(number); }
    int number = 0;
    std::vector<int>* log = nullptr;
  };
  const auto order = [](uint64_t seed) {
    Calendar calendar;
    calendar.SetTieSeed(seed);
    std::vector<int> log;
    std::vector<Numbered> entries(40);
    for (int i = 0; i < 40; ++i) {
      entries[i].number = i;
      entries[i].log = &log;
      calendar.Schedule(i < 20 ? 1_us : 2_us, &entries[i]);
    }
    SimTime at;
    while (Wakeable* who = calendar.PopDue(3_us, &at)) who->OnDeadline(at);
    return log;
  };
  const std::vector<int> in_turn = order(0), one = order(1), two = order(2);
  CHECK(std::is_sorted(in_turn.begin(), in_turn.end()));
  CHECK(one == order(1));
  CHECK(one != in_turn);
  CHECK(one != two);
  // Time comes first.
  for (int i = 0; i < 40; ++i) CHECK((one[i] < 20) == (i < 20));
}

TEST_CASE(
    "entries that a power of two lies between leave in order, whatever a lap of the ring is") {
  for (int shift = 2; shift < 45; ++shift) {
    const int64_t lap = int64_t{1} << shift;
    Calendar calendar;
    Wakes log;
    Sleeper first(1, &log), between(2, &log), after(3, &log), next(4, &log);
    calendar.Schedule(SimTime::Ps(1), &first);
    calendar.Schedule(SimTime::Ps(lap + 1), &after);
    calendar.Schedule(SimTime::Ps(lap / 2 + 1), &between);
    calendar.Schedule(SimTime::Ps(2 * lap + 1), &next);
    CHECK(calendar.PeekTime() == SimTime::Ps(1));
    RunUntil(&calendar, SimTime::Ps(lap));
    CHECK(calendar.PeekTime() == SimTime::Ps(lap + 1));
    RunUntil(&calendar, SimTime::Ps(4 * lap));
    CHECK(log == Wakes{{1, 1}, {lap / 2 + 1, 2}, {lap + 1, 3}, {2 * lap + 1, 4}});
  }
}

TEST_CASE(
    "deadlines that are moved and dropped at random wake whom they should, when they should") {
  Calendar calendar;
  Rng rng(5, "deadlines");
  Wakes log, want;
  std::vector<Sleeper> sleepers;
  for (int i = 0; i < 60; ++i) sleepers.emplace_back(i, &log);
  std::vector<std::unique_ptr<Deadline>> deadlines;
  for (Sleeper& s : sleepers) deadlines.push_back(std::make_unique<Deadline>(&calendar, &s));
  SimTime now;
  for (int step = 0; step < 3000; ++step) {
    const size_t who = rng.Below(deadlines.size());
    if (rng.Below(5) == 0) {
      deadlines[who]->Arm(SimTime::Never());
    } else {
      deadlines[who]->Arm(RandomTime(now + 1_ps, &rng));
    }
    if (rng.Below(4) != 0) continue;
    const SimTime limit = RandomTime(now, &rng);
    want.clear();
    log.clear();
    for (size_t i = 0; i < deadlines.size(); ++i) {
      const SimTime at = deadlines[i]->at();
      if (at <= limit) want.emplace_back(at.ps(), static_cast<int>(i));
    }
    RunUntil(&calendar, limit);
    now = std::max(now, limit);
    std::sort(want.begin(), want.end());
    REQUIRE(std::is_sorted(log.begin(), log.end(),
                           [](const auto& a, const auto& b) { return a.first < b.first; }));
    std::sort(log.begin(), log.end());
    REQUIRE(log == want);
    for (const auto& [at, i] : want) CHECK_FALSE(deadlines[static_cast<size_t>(i)]->armed());
  }
}

}  // namespace ddpsim

#include "models/capture/capture_clock.h"

#include <catch2/catch.hpp>

#include "models/capture/capture_reader.h"

namespace ddpsim {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kSecond = 1000 * kMs;
constexpr int64_t kDay = 86400 * kSecond;
constexpr int64_t kStart = 1'700'000'000 * kSecond;

TEST_CASE("capture clock: times that go on are taken as they are") {
  CaptureClock clock;
  CHECK(clock.Take(kStart) == 0);
  CHECK(clock.Take(kStart + 5) == 5);
  CHECK(clock.Take(kStart + 5) == 5);
  CHECK(clock.Take(kStart + kSecond) == kSecond);
  CHECK(clock.late_records() == 0);
  CHECK(clock.steps_back() == 0);
}

TEST_CASE("capture clock: records of one time are counted, whichever clock they are of") {
  CaptureClock clock;
  for (int64_t time : {kDay, kDay, kDay + 7, int64_t{5}, int64_t{5}, kDay + 7}) clock.Take(time);
  CHECK(clock.same_times() == 2);
  CHECK(clock.records() == 6);
}

TEST_CASE("capture clock: a record that is a little late is played at once, and nothing shifts") {
  CaptureClock clock;
  clock.Take(kStart);
  CHECK(clock.Take(kStart + 10 * kMs) == 10 * kMs);
  CHECK(clock.Take(kStart + 4 * kMs) == 10 * kMs);
  CHECK(clock.Take(kStart + 12 * kMs) == 12 * kMs);
  CHECK(clock.late_records() == 1);
  CHECK(clock.steps_back() == 0);
}

TEST_CASE("capture clock: one stamp 120 days off costs an hour, and the rest keeps its distances") {
  CaptureClock clock;
  clock.Take(kStart);
  CHECK(clock.Take(kStart + kMs) == kMs);
  CHECK(clock.Take(kStart + 120 * kDay) == kMs + kLongestSilence);
  CHECK(clock.Take(kStart + 2 * kMs) == kMs + kLongestSilence);
  CHECK(clock.Take(kStart + 7 * kMs) == 6 * kMs + kLongestSilence);
  CHECK(clock.shortened_silences() == 1);
  CHECK(clock.late_records() == 2);
}

TEST_CASE("capture clock: a clock that was set back goes on from there") {
  CaptureClock clock;
  clock.Take(kStart);
  clock.Take(kStart + kSecond);
  CHECK(clock.Take(kStart - 100 * kDay) == kSecond);
  CHECK(clock.Take(kStart - 100 * kDay + kSecond) == 2 * kSecond);
  CHECK(clock.Take(kStart - 100 * kDay + 3 * kSecond) == 4 * kSecond);
  CHECK(clock.steps_back() == 1);
}

TEST_CASE("capture clock: the records of two clocks that differ by seconds do not add up") {
  CaptureClock clock;
  clock.Take(kStart);
  clock.Take(kStart - 5 * kSecond);
  int64_t elapsed = 0;
  for (int i = 1; i <= 1000; ++i) {
    elapsed = clock.Take(kStart + i * kMs);
    CHECK(clock.Take(kStart - 5 * kSecond + i * kMs) >= elapsed);
  }
  CHECK(elapsed == kSecond);
}

TEST_CASE("capture clock: stamps from one end of time to the other stay within 64 bits") {
  CaptureClock clock;
  int64_t last = 0;
  for (int i = 0; i < 100; ++i) {
    const int64_t elapsed = clock.Take((i % 2 == 0 ? 1 : -1) * kLatestNs);
    CHECK(elapsed >= last);
    last = elapsed;
  }
  CHECK(last <= 100 * kLongestSilence);
}

}  // namespace
}  // namespace ddpsim

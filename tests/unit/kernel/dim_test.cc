#include "models/kernel/dim.h"

#include <catch2/catch.hpp>

using namespace ddpsim;

namespace {

// A queue whose traffic the test chooses window by window.
class Traffic {
 public:
  // One window of 64 events in which `packets` of 1500 bytes arrive per millisecond. True: the
  // profile changed, and was applied.
  bool Window(uint64_t packets_per_ms, int64_t window_us) {
    at_ += SimTime::Us(window_us);
    sample_.at = at_;
    sample_.events += 64;
    sample_.packets += packets_per_ms * static_cast<uint64_t>(window_us) / 1000;
    sample_.bytes = sample_.packets * 1500;
    const bool changed = dim_.OnSample(sample_);
    if (changed) dim_.OnApplied();
    if (changed) dim_.OnSample(sample_);  // the next window begins
    return changed;
  }
  void Begin() { dim_.OnSample(sample_); }
  uint32_t usecs() const { return dim_.moderation().usecs; }
  Dim& dim() { return dim_; }

 private:
  Dim dim_;
  DimSample sample_;
  SimTime at_;
};

}  // namespace

TEST_CASE("dim: a new queue has the default profile of the CQE mode") {
  Traffic t;
  CHECK(t.usecs() == 8);
  CHECK(t.dim().moderation().frames == 128);
}

TEST_CASE("dim: nothing is decided before 64 events") {
  Dim dim;
  dim.OnSample({SimTime::Us(0), 0, 0, 0});
  CHECK_FALSE(dim.OnSample({SimTime::Us(900), 63, 6300, 9'000'000}));
  CHECK(dim.OnSample({SimTime::Us(1000), 64, 6400, 9'600'000}));
}

TEST_CASE("dim: samples are ignored between a decision and its application") {
  Dim dim;
  dim.OnSample({SimTime::Us(0), 0, 0, 0});
  REQUIRE(dim.OnSample({SimTime::Us(1000), 64, 6400, 9'600'000}));
  CHECK_FALSE(dim.OnSample({SimTime::Us(2000), 128, 64'000, 96'000'000}));
  CHECK(dim.moderation().usecs == 2);
}

TEST_CASE("dim: the first traffic moves the profile to the left") {
  Traffic t;
  t.Begin();
  CHECK(t.Window(100, 1000));
  CHECK(t.usecs() == 2);
}

TEST_CASE("dim: fewer bytes than before turn the direction") {
  Traffic t;
  t.Begin();
  t.Window(100, 1000);
  REQUIRE(t.usecs() == 2);
  CHECK(t.Window(50, 1000));
  CHECK(t.usecs() == 8);
}

// net_dim_stats_compare(): bytes decide, then packets, then events.
TEST_CASE("dim: the same bytes in fewer packets turn the direction") {
  Dim dim;
  DimSample sample;
  SimTime at;
  const auto window = [&](uint64_t packets) {
    at += SimTime::Ms(1);
    sample.at = at;
    sample.events += 64;
    sample.packets += packets;
    sample.bytes += 150'000;
    if (!dim.OnSample(sample)) return;
    dim.OnApplied();
    dim.OnSample(sample);
  };
  dim.OnSample(sample);
  window(100);
  REQUIRE(dim.moderation().usecs == 2);
  window(50);
  CHECK(dim.moderation().usecs == 8);
}

TEST_CASE("dim: as long as fewer interrupts do the same work it goes right, to the edge") {
  Traffic t;
  t.Begin();
  t.Window(100, 1000);
  t.Window(50, 1000);  // turned: 8 us
  t.Window(50, 1500);  // the same packets at fewer events per ms: better
  CHECK(t.usecs() == 16);
  t.Window(50, 2000);
  CHECK(t.usecs() == 32);
  t.Window(50, 2500);
  CHECK(t.usecs() == 64);
  CHECK_FALSE(t.Window(50, 3000));  // parked on top
  CHECK_FALSE(t.Window(50, 3000));
}

TEST_CASE("dim: steady traffic that no profile changes parks it, tired, after ten steps") {
  Traffic t;
  t.Begin();
  int changes = 0;
  for (int i = 0; i < 11; ++i) changes += t.Window(100, 1000);
  CHECK(changes == 10);
  for (int i = 0; i < 9; ++i) CHECK_FALSE(t.Window(100, 1000));
}

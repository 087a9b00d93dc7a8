#include "models/mem/llc.h"

#include <catch2/catch.hpp>
#include <cmath>

namespace ddpsim {
namespace {

constexpr PhysAddr kBase = uint64_t{1} << 32;
constexpr uint64_t kMiB = 1 << 20;

// Hit rate of the last of several cycles over `working_set` bytes, touched `piece` bytes at a time.
double CyclicHitRate(uint64_t working_set, uint64_t piece) {
  Llc llc(LlcConfig{}, kBase, Rng(1, "llc"));
  LlcAccess last;
  for (int cycle = 0; cycle < 12; ++cycle) {
    last = LlcAccess{};
    for (uint64_t at = 0; at < working_set; at += piece) {
      const LlcAccess one = llc.Touch(kBase + at, piece);
      last.hits += one.hits;
      last.misses += one.misses;
    }
  }
  return static_cast<double>(last.hits) / (last.hits + last.misses);
}

double FixedPoint(double w_over_c) {
  double h = 0;
  for (int i = 0; i < 200; ++i) h = std::exp(-(1 - h) * w_over_c);
  return h;
}

}  // namespace

TEST_CASE(
    "cyclic use of a working set hits as random replacement predicts: a cliff between 16 and 32 "
    "MiB") {
  CHECK(CyclicHitRate(16 * kMiB, 4096) > 0.99);
  for (uint64_t mib : {32, 48, 64}) {
    CHECK(CyclicHitRate(mib * kMiB, 4096) == Approx(FixedPoint(mib / 20.0)).margin(0.02));
  }
  CHECK(CyclicHitRate(32 * kMiB, 4096) == Approx(0.37).margin(0.03));
  CHECK(CyclicHitRate(64 * kMiB, 4096) == Approx(0.05).margin(0.02));
}

TEST_CASE("touching a page in small pieces does not turn its misses into hits") {
  CHECK(CyclicHitRate(64 * kMiB, 1024) == Approx(CyclicHitRate(64 * kMiB, 4096)).margin(0.01));
}

TEST_CASE("an access counts the lines it covers, across pages") {
  Llc llc(LlcConfig{}, kBase, Rng(1, "llc"));
  LlcAccess a = llc.Touch(kBase + 4096 - 65, 130);
  CHECK((a.hits == 0 && a.misses == 4));
  a = llc.Touch(kBase + 4096 - 64, 128);
  CHECK((a.hits == 2 && a.misses == 0));
  a = llc.Touch(kBase, 0);
  CHECK((a.hits == 0 && a.misses == 0));
}

TEST_CASE("what a device wrote is a hit for the core, and a probe changes nothing") {
  Llc llc(LlcConfig{}, kBase, Rng(1, "llc"));
  CHECK(llc.Probe(kBase, 4096).misses == 64);
  llc.TouchByDevice(kBase, 1500);
  CHECK(llc.Probe(kBase, 4096).hits == 24);
  CHECK(llc.Touch(kBase, 1500).misses == 0);
}

TEST_CASE("a device streaming over gigabytes takes no more than the DDIO share from the cores") {
  Llc llc(LlcConfig{}, kBase, Rng(1, "llc"));
  const uint64_t kWarm = 18 * kMiB;  // what fits beside 10 % of 20 MiB
  for (uint64_t at = 0; at < kWarm; at += 4096) llc.Touch(kBase + at, 4096);
  for (uint64_t at = 0; at < 512 * kMiB; at += 4096)
    llc.TouchByDevice(kBase + 64 * kMiB + at, 4096);
  CHECK(llc.Probe(kBase, kWarm).misses == 0);
  const LlcAccess ring = llc.Probe(kBase + 64 * kMiB, 512 * kMiB);
  CHECK(ring.hits * 64 <= 2 * kMiB);
}

TEST_CASE("a device updates in place what a core has cached") {
  Llc llc(LlcConfig{}, kBase, Rng(1, "llc"));
  llc.Touch(kBase, 4096);
  CHECK(llc.TouchByDevice(kBase, 4096).hits == 64);
}

TEST_CASE("the lines of an access are there afterwards, and no other lines of their page") {
  Llc llc(LlcConfig{}, kBase, Rng(1, "llc"));
  llc.Touch(kBase + 4096 + 130, 120);  // lines 2 and 3 of the second page
  CHECK(llc.Probe(kBase, 3 * 4096).hits == 2);
  CHECK(llc.Probe(kBase + 4096 + 128, 128).hits == 2);
  CHECK(llc.Probe(kBase + 4096 + 127, 1).hits == 0);
  CHECK(llc.Probe(kBase + 4096 + 256, 64).misses == 1);
  CHECK(llc.Touch(kBase + 4096 + 191, 2).hits == 2);
  llc.Touch(kBase + 2 * 4096 - 1, 1);  // the page's last line
  CHECK(llc.Probe(kBase + 2 * 4096 - 64, 64).hits == 1);
  CHECK(llc.Probe(kBase + 4096, 4096).hits == 3);
  CHECK(llc.Probe(kBase + 4096, 4096).misses == 61);
}

TEST_CASE("a cache takes as many pages as it has room for before it evicts one") {
  const auto cached = [](const Llc& llc, uint64_t from, uint64_t pages) {
    return llc.Probe(kBase + from * 4096, pages * 4096).hits / 64;
  };
  LlcConfig small;
  small.capacity_bytes = 8 * 4096 + 4095;
  small.ddio_permille = 250;  // two pages
  Llc llc(small, kBase, Rng(1, "llc"));
  for (uint64_t page = 0; page < 6; ++page) llc.Touch(kBase + page * 4096, 4096);
  for (uint64_t page = 10; page < 12; ++page) llc.TouchByDevice(kBase + page * 4096, 4096);
  CHECK(cached(llc, 0, 6) == 6);
  CHECK(cached(llc, 10, 2) == 2);
  // The device's next takes the place of one of its own.
  llc.TouchByDevice(kBase + 12 * 4096, 4096);
  CHECK(cached(llc, 0, 6) == 6);
  CHECK(cached(llc, 10, 2) == 1);
  CHECK(cached(llc, 12, 1) == 1);
  // The core's next may take anybody's.
  llc.Touch(kBase + 6 * 4096, 4096);
  CHECK(cached(llc, 0, 13) == 8);
  CHECK(cached(llc, 6, 1) == 1);

  Llc idle(small, kBase, Rng(1, "llc"));
  for (uint64_t page = 0; page < 8; ++page) idle.Touch(kBase + page * 4096, 4096);
  CHECK(cached(idle, 0, 8) == 8);

  small.capacity_bytes = 0;  // there are two slots at least, one of them for devices
  Llc least(small, kBase, Rng(1, "llc"));
  for (uint64_t page = 0; page < 3; ++page) least.TouchByDevice(kBase + page * 4096, 4096);
  CHECK(cached(least, 0, 3) == 1);
  CHECK(cached(least, 2, 1) == 1);
  for (uint64_t page = 4; page < 8; ++page) least.Touch(kBase + page * 4096, 4096);
  CHECK(cached(least, 0, 8) == 2);
}

TEST_CASE("a page that comes back after its eviction misses on every line, once") {
  LlcConfig small;
  small.capacity_bytes = 2 * 4096;
  Llc llc(small, kBase, Rng(1, "llc"));
  llc.TouchByDevice(kBase, 4096);
  llc.TouchByDevice(kBase + 4096, 4096);
  CHECK(llc.Touch(kBase, 4096).misses == 64);
  CHECK(llc.Touch(kBase, 4096).hits == 64);
}

TEST_CASE("what was never touched is not in the cache, near or far") {
  Llc llc(LlcConfig{}, kBase, Rng(1, "llc"));
  llc.Touch(kBase, 4096);
  llc.TouchByDevice(kBase + 8192, 4096);
  CHECK(llc.Probe(kBase, 4096).hits == 64);
  CHECK(llc.Probe(kBase + 8192, 4096).hits == 64);
  for (const uint64_t at : {uint64_t{4096}, 64 * kMiB, 4096 * kMiB}) {
    CHECK(llc.Probe(kBase + at, 4096).hits == 0);
    CHECK(llc.Probe(kBase + at, 4096).misses == 64);
  }
}

}  // namespace ddpsim

#include "models/tcp/congestion_control.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>

#include "models/tcp/cubic.h"
#include "models/tcp/reno.h"

namespace ddpsim {
namespace {

CcView View(const TcpClock& clock) { return CcView{clock, SeqNum(0), SeqNum(1000), 0, 0}; }

}  // namespace

TEST_CASE("slow start grows to ssthresh and hands the rest to congestion avoidance") {
  CwndState w;
  w.cwnd = 10;
  w.ssthresh = 12;
  CHECK(w.SlowStart(5) == 3);
  CHECK(w.cwnd == 12);
}

TEST_CASE("additive increase counts acknowledged segments") {
  CwndState w;
  w.cwnd = 10;
  for (int i = 0; i < 10; ++i) w.AdditiveIncrease(10, 1);
  CHECK(w.cwnd == 11);
  w.AdditiveIncrease(11, 33);
  CHECK(w.cwnd == 14);
}

TEST_CASE("Reno halves, never below two segments") {
  Reno reno;
  CwndState w;
  w.cwnd = 21;
  CHECK(reno.Ssthresh(w) == 10);
  w.cwnd = 3;
  CHECK(reno.Ssthresh(w) == 2);
}

TEST_CASE("cwnd does not grow while the application is the limit") {
  Reno reno;
  TcpClock clock(250);
  CwndState w;
  w.cwnd = 10;
  w.max_packets_out = 4;
  reno.CongAvoid(&w, View(clock), 5);
  CHECK(w.cwnd == 10);
  w.max_packets_out = 6;
  reno.CongAvoid(&w, View(clock), 5);
  CHECK(w.cwnd == 15);
}

TEST_CASE("CUBIC's beta is 717/1024 and fast convergence remembers less") {
  Cubic cubic(true);
  CwndState w;
  w.cwnd = 100;
  CHECK(cubic.Ssthresh(w) == 70);
}

TEST_CASE("the integer cube root rounds down") {
  for (uint64_t i = 0; i < 3000; ++i) {
    CHECK(CubicRoot(i * i * i) == i);
    if (i > 1) CHECK(CubicRoot(i * i * i - 1) == i - 1);
  }
  CHECK(CubicRoot(uint64_t{1} << 40) == 10321);
}

TEST_CASE("CUBIC follows C (t - K)^3 + Wmax within two segments") {
  // A window of 1000 segments at 100 ms, one loss; ACKs come evenly.
  Cubic cubic(false);
  TcpClock clock(1000);
  CwndState w;
  w.cwnd = 1000;
  w.is_cwnd_limited = true;
  clock.Set(1_s);
  cubic.Init(w, View(clock));
  cubic.OnPacketsAcked(&w, View(clock), 100'000);
  w.ssthresh = cubic.Ssthresh(w);
  w.cwnd = w.ssthresh;
  const double k = std::cbrt(1000 * (1 - 717.0 / 1024) / (410.0 / 1024));
  SimTime now = 1_s;
  const SimTime start = now;
  while (now < 12_s) {
    const SimTime gap = SimTime::Us(100'000 / w.cwnd);
    now += gap;
    clock.Set(now);
    cubic.CongAvoid(&w, View(clock), 1);
    // Linux aims at the window one RTT ahead; the growth then takes about that RTT.
    const double t = (now - start).seconds();
    const double expected = 410.0 / 1024 * std::pow(t - k, 3) + 1000;
    if (t > 1) CHECK(std::abs(w.cwnd - expected) < 0.02 * expected);
  }
}

// bictcp's cube_factor is 2^40 / 410, rounded down: for 205 segments below Wmax K is 8191/1024 s,
// not 8 s, and the curve begins one segment above the window.
TEST_CASE("CUBIC's K is rounded as Linux's integers round it") {
  Cubic cubic(false);
  TcpClock clock(1000);
  clock.Set(1_s);
  CwndState w;
  w.cwnd = 683;
  w.is_cwnd_limited = true;
  cubic.Init(w, View(clock));
  w.ssthresh = cubic.Ssthresh(w);
  w.cwnd = w.ssthresh;
  REQUIRE(w.cwnd == 683 - 205);
  for (int i = 0; i < 500; ++i) cubic.CongAvoid(&w, View(clock), 1);
  CHECK(w.cwnd == 479);
}

TEST_CASE("HyStart leaves slow start when the delay rises by more than an eighth, 4 ms at least") {
  Cubic cubic(true);
  TcpClock clock(1000);
  CwndState w;
  w.cwnd = 20;
  clock.Set(1_s);
  cubic.Init(w, View(clock));
  cubic.OnPacketsAcked(&w, View(clock), 40'000);
  for (int i = 0; i < 20; ++i) {
    clock.Set(SimTime::Sec(1) + SimTime::Ms(3 * i));
    cubic.OnPacketsAcked(&w, View(clock), 44'000);
  }
  CHECK(w.ssthresh == kInfiniteSsthresh);
  CcView next = View(clock);
  next.snd_una = SeqNum(2000);
  next.snd_nxt = SeqNum(4000);
  for (int i = 0; i < 20; ++i) {
    clock.Set(SimTime::Sec(2) + SimTime::Ms(3 * i));
    cubic.OnPacketsAcked(&w, next, 46'000);
  }
  CHECK(w.ssthresh == 20);
}

}  // namespace ddpsim

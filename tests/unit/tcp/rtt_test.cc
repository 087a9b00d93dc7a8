#include "models/tcp/rtt.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace ddpsim {
namespace {

RttEstimator Make(const TcpClock& clock) {
  return RttEstimator(clock, 200'000, 120'000'000, 1'000'000);
}

}  // namespace

TEST_CASE("the RTO starts at one second and becomes srtt + 200 ms with a constant RTT") {
  TcpClock clock(1000);
  RttEstimator rtt = Make(clock);
  CHECK(clock.JiffiesToUs(rtt.rto_jiffies()) == 1'000'000);
  SeqNum una(0);
  for (int i = 0; i < 40; ++i) {
    rtt.AddSample(100'000, una, una + 1, clock);
    una += 10;
  }
  CHECK(rtt.srtt_us() == 100'000);
  CHECK(clock.JiffiesToUs(rtt.rto_jiffies()) == 300'000);
}

TEST_CASE("the first sample gives srtt + 4 rttvar, or the floor of 200 ms under the variance") {
  TcpClock clock(1000);
  RttEstimator slow = Make(clock);
  slow.AddSample(400'000, SeqNum(0), SeqNum(1), clock);
  CHECK(clock.JiffiesToUs(slow.rto_jiffies()) == 1'200'000);
  RttEstimator fast = Make(clock);
  fast.AddSample(40'000, SeqNum(0), SeqNum(1), clock);
  CHECK(clock.JiffiesToUs(fast.rto_jiffies()) == 240'000);
}

TEST_CASE("srtt follows the RFC 6298 table") {
  std::ifstream in(DDPSIM_TEST_DATA "/tcp/rfc6298_rto.csv");
  REQUIRE(in);
  TcpClock clock(1000);
  RttEstimator rtt = Make(clock);
  std::string sequence;
  int compared = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#' || line.compare(0, 8, "sequence") == 0) continue;
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    if (cells[0] != sequence) {
      sequence = cells[0];
      rtt = Make(clock);
    }
    rtt.AddSample(static_cast<int64_t>(std::stod(cells[2]) * 1000), SeqNum(0), SeqNum(1), clock);
    INFO(line);
    CHECK(static_cast<double>(rtt.srtt_us()) == Approx(std::stod(cells[3]) * 1000).margin(60));
    ++compared;
  }
  CHECK(compared > 10);
}

TEST_CASE("the RTO doubles and stops at its maximum") {
  TcpClock clock(250);
  RttEstimator rtt = Make(clock);
  for (int i = 0; i < 10; ++i) rtt.BackOff();
  CHECK(clock.JiffiesToUs(rtt.rto_jiffies()) == 120'000'000);
}

TEST_CASE("the windowed minimum forgets old values") {
  WindowedMin min;
  min.Update(100, 0, 50);
  min.Update(100, 10, 70);
  CHECK(min.value() == 50);
  min.Update(100, 60, 65);
  min.Update(100, 101, 80);
  CHECK(min.value() == 65);
  min.Update(100, 110, 40);
  CHECK(min.value() == 40);
}

}  // namespace ddpsim

// Breaks when PRR or CUBIC leave the tables computed from RFC 6937/9937 and RFC 9438.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "endpoint.h"
#include "models/tcp/cubic.h"

namespace ddpsim {
namespace {

std::vector<std::vector<std::string>> Rows(const std::string& name) {
  std::ifstream in(DDPSIM_TEST_DATA "/tcp/" + name);
  REQUIRE(in);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  bool header = true;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> cells;
    std::istringstream cut(line);
    for (std::string cell; std::getline(cut, cell, ',');) cells.push_back(cell);
    if (!header) rows.push_back(cells);
    header = false;
  }
  return rows;
}

// Twenty segments out, the first lost, ssthresh 10: what the sender does at each of 19 SACKs.
struct Sacked {
  std::string sent;  // "N", "R" or ""
  uint32_t prr_delivered;
  uint32_t prr_out;
};

std::vector<Sacked> RunNineteenSacks() {
  constexpr uint32_t kMss = 1460;
  TcpConfig config;
  config.timestamps = false;
  config.congestion_control = CongestionControlKind::kReno;
  config.init_cwnd = 20;
  config.tso_win_divisor = 100;  // no waiting for larger super-segments
  Endpoint e(config);
  e.Write(80 * kMss);
  e.Sent();
  e.Wait(10_ms);
  std::vector<Sacked> acks;
  for (uint32_t i = 1; i <= 19; ++i) {
    e.Ack(1, {{1 + kMss, 1 + (i + 1) * kMss}});
    const std::vector<std::string> sent = e.Sent();
    REQUIRE(sent.size() <= 1);
    const std::string kind = sent.empty() ? "" : sent[0] == "1:1461" ? "R" : "N";
    acks.push_back({kind, e.c().tcb().rec.prr_delivered, e.c().tcb().rec.prr_out});
  }
  return acks;
}

}  // namespace

TEST_CASE("PRR sends as the table does, with Linux's window before the loss as the divisor") {
  const std::vector<Sacked> acks = RunNineteenSacks();
  size_t i = 0;
  for (const auto& row : Rows("prr_example.csv")) {
    if (row[0] != "CRB") continue;
    INFO("ACK " << row[1]);
    REQUIRE(i < acks.size());
    const Sacked& ack = acks[i++];
    const auto delivered = static_cast<uint32_t>(row[4].empty() ? 0 : std::stoul(row[4]));
    const auto out = static_cast<uint32_t>(std::stoul(row[5]));
    CHECK(ack.prr_delivered == delivered);
    // The table divides by 22 (RecoverFS), Linux by cwnd = 20: the same up to the tenth, later one
    // more.
    if (delivered <= 10) {
      CHECK(ack.prr_out == out);
      CHECK(ack.sent == row[3]);
    } else {
      CHECK(ack.prr_out >= out);
      CHECK(ack.prr_out <= out + 1);
    }
  }
  CHECK(i == 19);
}

TEST_CASE("CUBIC's window follows the table's curve within two segments or 2.5 %") {
  // Smaller windows never leave the Reno-friendly region.
  constexpr double kSmallestWindow = 100;
  // So many round trips until the old maximum: Reno's estimate stays below, the lag small.
  constexpr int64_t kStepsToMaximum = 40;
  constexpr int64_t kDelayUs = 20'000;
  double w_max = 0;
  Cubic cubic(false);
  CwndState w;
  TcpClock clock(1000);
  int64_t now_us = 0;
  size_t checked = 0;
  for (const auto& row : Rows("cubic_curve.csv")) {
    if (std::stod(row[0]) < kSmallestWindow) continue;
    if (std::stod(row[0]) != w_max) {
      w_max = std::stod(row[0]);
      cubic = Cubic(false);
      w = CwndState();
      w.cwnd = static_cast<uint32_t>(w_max);
      w.ssthresh = cubic.Ssthresh(w);
      w.cwnd = w.ssthresh;
      now_us = 0;
    }
    const int64_t step_us = std::llround(std::stod(row[1]) * 1e6) / kStepsToMaximum;
    for (const int64_t until = std::llround(std::stod(row[2]) * 1e6); now_us < until;) {
      clock.Set(SimTime::Us(now_us));
      const CcView view{clock, SeqNum(0), SeqNum(1), 0, 0};
      cubic.OnPacketsAcked(&w, view, kDelayUs);
      w.is_cwnd_limited = true;
      const uint32_t acked = w.cwnd;
      for (uint32_t i = 0; i < acked; ++i) {
        clock.Set(SimTime::Us(now_us + step_us * i / acked));
        cubic.CongAvoid(&w, view, 1);
      }
      now_us += step_us;
    }
    const double expected = std::stod(row[3]);
    INFO("w_max " << row[0] << ", t " << row[2] << ": " << w.cwnd << " against " << expected);
    CHECK(std::abs(w.cwnd - expected) <= std::max(2.0, 0.025 * expected));
    ++checked;
  }
  CHECK(checked > 50);
}

}  // namespace ddpsim

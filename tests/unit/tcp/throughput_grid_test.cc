// Breaks when the steady rate of a lossy connection leaves what theory says of Reno (Mathis,
// Semke, Mahdavi and Ott 1997) and of CUBIC (RFC 9438 section 5), or when any cell moves.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "loopback.h"

namespace ddpsim {
namespace {

constexpr char kGolden[] = DDPSIM_TEST_DATA "/tcp/throughput_grid.txt";
constexpr int64_t kRttMs[] = {1, 10, 100};
constexpr int64_t kSegmentsPerLoss[] = {10000, 3333, 1000, 333, 100, 33};
constexpr double kTolerance = 0.15;

// Where the formulas hold. They count neither the round trip of a recovery (so the window must not
// be tiny) nor, for CUBIC, that Linux's tcp_cubic looks at a clock of jiffies, and at its Reno
// estimate only every 1/32 s while cwnd stands still.
bool Applies(CongestionControlKind kind, int64_t rtt_ms, int64_t n, double reference) {
  constexpr double kSmallestWindow = 10;
  constexpr int64_t kTwoJiffiesMs = 8;
  constexpr double kEpochMs = 4 * 1000.0 / 32;
  if (reference < kSmallestWindow) return false;
  if (kind == CongestionControlKind::kReno) return true;
  return rtt_ms >= kTwoJiffiesMs &&
         static_cast<double>(n) / reference * static_cast<double>(rtt_ms) >= kEpochMs;
}

// Average window in segments at one loss every `n` segments.
double ReferenceWindow(CongestionControlKind kind, double rtt_s, double n) {
  if (kind == CongestionControlKind::kReno) return std::sqrt(1.5 * n);
  constexpr double kC = 0.4;
  constexpr double kBeta = 0.7;
  const double cubic = std::pow(kC * (3 + kBeta) / (4 * (1 - kBeta)), 0.25) *
                       std::pow(rtt_s, 0.75) * std::pow(n, 0.75);
  return std::max(cubic, 1.2 * std::sqrt(n));
}

// Mean window of a bulk transfer that loses one data segment in n, retransmissions included:
// segments delivered per round trip after a warm-up.
double MeasuredWindow(CongestionControlKind kind, int64_t rtt_ms, int64_t n, double reference) {
  TcpConfig config;
  config.congestion_control = kind;
  config.timestamps = false;
  config.rmem_default = config.rmem_max = 1 << 26;
  config.wmem_max = 1 << 26;
  Loopback loop(config, config, 1);
  loop.to_server().delay = loop.to_client().delay = SimTime::Us(rtt_ms * 500);
  // The first loss comes when slow start has reached the window to be expected; the others n
  // segments apart, give or take a quarter: with equal distances CUBIC's integers lock in.
  Rng rng(static_cast<uint64_t>(n), "loss");
  int64_t left = std::min(n, static_cast<int64_t>(2 * reference));
  loop.to_server().drop = [&](const TcpHeader&, uint32_t size) {
    if (size == 0 || --left > 0) return false;
    left = n - n / 4 + static_cast<int64_t>(rng.Below(static_cast<uint64_t>(n / 2 + 1)));
    return true;
  };
  loop.set_checking(false);
  loop.Connect();
  constexpr uint64_t kMss = 1460;
  const int64_t epochs = std::clamp<int64_t>(60'000 / n, 8, 150);
  const uint64_t warm_up = static_cast<uint64_t>(n * 10) * kMss;
  const uint64_t measured = static_cast<uint64_t>(n * epochs) * kMss;
  loop.SendFromClient(warm_up + 2 * measured, 65536);
  REQUIRE(loop.RunUntilReceived(warm_up, SimTime::Ms(4'000'000)));
  const SimTime start = loop.now();
  const uint64_t before = loop.received();
  REQUIRE(loop.RunUntilReceived(before + measured, SimTime::Ms(40'000'000)));
  const double round_trips = (loop.now() - start).us() / (1000.0 * static_cast<double>(rtt_ms));
  return static_cast<double>(loop.received() - before) / kMss / round_trips;
}

std::vector<std::vector<double>> Rows(const std::string& name) {
  std::ifstream in(DDPSIM_TEST_DATA "/tcp/" + name);
  REQUIRE(in);
  std::vector<std::vector<double>> rows;
  std::string line;
  bool header = true;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    if (!header) {
      std::vector<double>& row = rows.emplace_back();
      std::istringstream cut(line);
      for (std::string cell; std::getline(cut, cell, ',');) row.push_back(std::stod(cell));
    }
    header = false;
  }
  return rows;
}

std::string Row(const char* name, int64_t rtt_ms, int64_t n, double measured, double reference,
                bool applies) {
  char line[128];
  std::snprintf(line, sizeof(line), "%-5s  %6lld  %13lld  %8.1f  %9.1f  %5.2f  %s\n", name,
                static_cast<long long>(rtt_ms), static_cast<long long>(n), measured, reference,
                measured / reference, applies ? "yes" : "-");
  return line;
}

}  // namespace

TEST_CASE("the references are the published windows") {
  size_t checked = 0;
  for (const std::vector<double>& row : Rows("mathis.csv")) {
    if (row[1] != 1) continue;  // one ACK per segment; Linux counts bytes whatever the ACKs
    CHECK(ReferenceWindow(CongestionControlKind::kReno, 0.1, 1 / row[0]) ==
          Approx(row[2]).epsilon(0.001));
    ++checked;
  }
  CHECK(checked > 5);
  for (const std::vector<double>& row : Rows("rfc9438_avg_window.csv")) {
    INFO("RFC 9438 table " << row[0] << ", loss " << row[2]);
    CHECK(ReferenceWindow(CongestionControlKind::kCubic, row[1], 1 / row[2]) ==
          Approx(row[6]).epsilon(0.01).margin(0.5));
  }
}

TEST_CASE("throughput against loss is that of Mathis and RFC 9438, cell by cell as committed") {
  std::string grid =
      "# Mean window (segments per round trip) of a bulk transfer that loses one data segment in "
      "n.\n"
      "# Reference: Reno sqrt(1.5 n) (Mathis et al.), CUBIC RFC 9438 equation 6, at least 1.2 "
      "sqrt(n).\n"
      "# Where it applies (yes) the ratio must be within 15 % of 1. Elsewhere: windows so small "
      "that\n"
      "# the round trip of a recovery counts; CUBIC where a jiffy (4 ms) or 1/32 s is long.\n"
      "cc     rtt_ms     n_per_loss    window  reference  ratio  applies\n";
  for (CongestionControlKind kind : {CongestionControlKind::kReno, CongestionControlKind::kCubic}) {
    const char* name = kind == CongestionControlKind::kReno ? "reno" : "cubic";
    for (int64_t rtt_ms : kRttMs) {
      for (int64_t n : kSegmentsPerLoss) {
        const double reference =
            ReferenceWindow(kind, static_cast<double>(rtt_ms) / 1000, static_cast<double>(n));
        const double measured = MeasuredWindow(kind, rtt_ms, n, reference);
        INFO(name << ", " << rtt_ms << " ms, one in " << n);
        const bool applies = Applies(kind, rtt_ms, n, reference);
        if (applies) CHECK(std::abs(measured / reference - 1) <= kTolerance);
        grid += Row(name, rtt_ms, n, measured, reference, applies);
      }
    }
  }
  std::ifstream in(kGolden);
  std::ostringstream golden;
  golden << in.rdbuf();
  const auto now = std::filesystem::temp_directory_path() / "throughput_grid.txt";
  if (grid != golden.str()) std::ofstream(now) << grid;
  INFO("the grid as it is now: " << now);
  CHECK(grid == golden.str());
}

}  // namespace ddpsim

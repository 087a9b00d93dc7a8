#include "sim/result/result_table.h"

#include <catch2/catch.hpp>

#include "sim/result/text_table.h"
#include "tests/scenario_format/sample_scenario.h"

namespace ddpsim {
namespace {

constexpr char kGolden[] = R"(sample: what it shows
64k randread, iodepth 32, 1 job, 1 queue, data digest, MTU 1500, seed 7

                                   software      ddp+crc
IOPS                                  4,000        4,000
Gb/s                                   2.10         2.10
latency p50, us                     1,500.0      1,500.0
latency p99, us                     2,000.0      2,000.0
CPU busy                             50.0 %       50.0 %

cycles per I/O                       90,000       60,000
  crc32c_pcl_intel_update            30,000       20,000
  memcpy_erms                        30,000       20,000
  tcp_v4_rcv                         30,000       20,000
cycles saved                       baseline       33.3 %

bytes placed by the NIC                   -       75.0 %
PDUs verified by the NIC                  -       75.0 %
resyncs                                   -           12
I/O errors                                -            -
verdict                                pass         fail

not placed, share of payload
  one_per_packet                          -      12.50 %
  resync                                  -      12.50 %

wire, packets
  c2h                               200,000      200,000
  h2c                                20,000       20,000
  c2h dropped: loss                       -        1,234
  c2h retransmitted                       -        1,240

violations
  ddp+crc: digest: at 12 us: queue 1 accepted a wrong digest
  ddp+crc: and 2 more
  ddp+crc: digest: checked nothing

expectations  4 of 5 met
  ddp+crc /offload/placed_fraction: expected min 0.9, got 0.75
)";

std::string WithoutColor(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033') i = text.find('m', i) + 1;
    if (i < text.size() && text[i] != '\033') out += text[i];
    if (i < text.size() && text[i] == '\033') --i;
  }
  return out;
}

TEST_CASE("the table shows modes side by side, then reasons, wire, violations and expectations") {
  CHECK(ResultTable(SampleScenario(), false) == kGolden);
}

TEST_CASE("colours change nothing but colours") {
  const std::string colored = ResultTable(SampleScenario(), true);
  CHECK_THAT(colored,
             Catch::Contains("\033[31mfail\033[0m") && Catch::Contains("\033[32mpass\033[0m"));
  CHECK(WithoutColor(colored) == kGolden);
}

TEST_CASE("what never happened in any mode has no row") {
  ScenarioResult result = SampleScenario();
  for (RunResult& run : result.runs) {
    run.wire.c2h.dropped["queue_full"] = 0;
    run.offload.not_placed["searching"] = 0;
  }
  CHECK(ResultTable(result, false) == kGolden);
}

TEST_CASE("five modes fit into 100 columns") {
  ScenarioResult result = SampleScenario();
  for (const char* mode : {"crc", "ddp", "skip"}) result.runs.push_back(SampleRun(mode, 1'234'567));
  const std::string table = ResultTable(result, false);
  size_t begin = 0;
  for (size_t end = table.find('\n'); end != std::string::npos; end = table.find('\n', begin)) {
    CHECK(end - begin <= 100);
    begin = end + 1;
  }
}

TEST_CASE("variants have tables of their own") {
  ScenarioResult result = SampleScenario();
  result.runs.push_back(SampleRun("software", 1));
  result.runs.back().variant = "large";
  CHECK_THAT(ResultTable(result, false), Catch::Contains("\nvariant large\n"));
}

TEST_CASE("numbers are grouped by thousands") {
  CHECK(Grouped(0) == "0");
  CHECK(Grouped(-999) == "-999");
  CHECK(Grouped(1234567) == "1,234,567");
  CHECK(Grouped(-1234567) == "-1,234,567");
  CHECK(Fixed(1234.56, 1) == "1,234.6");
  CHECK(Fixed(-1234.5, 0) == "-1,234");
  CHECK(Fixed(12, 2) == "12.00");
  CHECK(Grouped(1000) == "1,000");
  CHECK(Grouped(999'999) == "999,999");
  CHECK(Fixed(-123, 0) == "-123");
  CHECK(Fixed(-999.5, 2) == "-999.50");
  CHECK(Fixed(999, 0) == "999");
  CHECK(Fixed(1000, 0) == "1,000");
  CHECK(Fixed(12'345'678.25, 2) == "12,345,678.25");
}

}  // namespace
}  // namespace ddpsim

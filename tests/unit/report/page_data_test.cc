#include "sim/report/page_data.h"

#include <catch2/catch.hpp>

#include "sim/report/terminal_table.h"

namespace ddpsim::report {
namespace {

// One axis of two values, one mode; the second cell's only point failed.
struct SmallSweep {
  sweep::Sweep sweep;
  sweep::Results results;

  SmallSweep() {
    sweep.name = "small </script>";
    sweep.axes = {{"/workload/bs", "bs", {"4k", "8k"}, {4096, 8192}, false}};
    sweep.cells = {{{0}, {{"", "ddp"}}, {{"aa", 0, 1}}, 1, "run x"},
                   {{1}, {{"", "ddp"}}, {{"bb", 0, 1}}, 1, "run y"}};
    results.metrics = {{"iops", "1/s", "I/Os per second", "/io/iops", false, false}};
    results.cells.resize(2);
    results.cells[0] = {{{{sweep::StatisticOf({1234.5}, 1)}, {{"memcpy", 10}}}},
                        {sweep::PointState::kDone}};
    results.cells[1] = {{{{sweep::StatisticOf({}, 1)}, {}}}, {sweep::PointState::kFailed}};
    results.done = 1;
    results.failed = {{1, "bb", "killed by signal 9"}};
  }
};

TEST_CASE("page: data cannot end the script that holds it") {
  const SmallSweep small;
  const std::string page = HtmlPage(PageData(small.sweep, small.results, {}));
  CHECK(page.find("small </script>") == std::string::npos);
  CHECK(page.find("small <\\/script>") != std::string::npos);
  CHECK(page.find("{{") == std::string::npos);
}

TEST_CASE("page: names no other file and no host to load from") {
  const SmallSweep small;
  const std::string page = HtmlPage(PageData(small.sweep, small.results, {}));
  CHECK(page.find("src=") == std::string::npos);
  CHECK(page.find("<link rel=\"stylesheet\"") == std::string::npos);
  CHECK(page.find("@import") == std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
}

TEST_CASE("page: a failed point is in the data with its reason") {
  const SmallSweep small;
  const auto data = PageData(small.sweep, small.results, {{"aa", "packed"}});
  CHECK(data["points"]["failed"] == 1);
  CHECK(data["failed"][0]["reason"] == "killed by signal 9");
  CHECK(data["cells"][1]["runs"]["0"]["mean"][0].is_null());
  CHECK(data["cells"][0]["runs"]["0"]["symbols"]["memcpy"] == 10);
}

TEST_CASE("table: latencies are in us and bandwidths in Gb/s") {
  SmallSweep small;
  small.results.metrics[0].unit = "ns";
  const std::string us = TerminalTable(small.sweep, small.results, 0, false);
  CHECK(us.find("I/Os per second, us") != std::string::npos);
  CHECK(us.find(" 1.234") != std::string::npos);
  small.results.metrics[0].unit = "byte/s";
  small.results.cells[0].runs[0].metrics[0] = sweep::StatisticOf({1e9}, 1);
  const std::string gbps = TerminalTable(small.sweep, small.results, 0, false);
  CHECK(gbps.find("I/Os per second, Gb/s") != std::string::npos);
  CHECK(gbps.find(" 8.0\n") != std::string::npos);
}

TEST_CASE("table: failures come first, and a mean that lacks a point is n of m") {
  const SmallSweep small;
  const std::string table = TerminalTable(small.sweep, small.results, 0, false);
  CHECK(table.find("NOT WHOLE: 1 of 2 points are there; 1 failed\n  failed: bb bs=8k: killed") ==
        0);
  CHECK(table.find("0 of 1") != std::string::npos);
  CHECK(table.find("1,23") != std::string::npos);
}

}  // namespace
}  // namespace ddpsim::report

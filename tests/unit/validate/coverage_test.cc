#include "sim/validate/coverage.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

const SettingCoverage& Row(const DrawCoverage& coverage, const std::string& pointer) {
  for (const SettingCoverage& row : coverage.settings()) {
    if (row.pointer == pointer) return row;
  }
  FAIL("no row " << pointer);
  return coverage.settings().front();
}

}  // namespace

TEST_CASE("a number at its default is not counted as drawn") {
  DrawCoverage coverage;
  Scenario s;
  coverage.Add(s);
  for (const SettingCoverage& row : coverage.settings()) {
    if (row.counts.count("least") == 0) continue;
    for (const auto& [head, count] : row.counts) {
      INFO(row.pointer << ": " << head);
      CHECK(count == 0);
    }
  }
  CHECK(coverage.with_outer_tenth() == 0);
}

TEST_CASE("ends, tenths, words and elements of lists are counted") {
  DrawCoverage coverage;
  Scenario s;
  s.network.mtu = 9000;
  s.network.delay_us = 0.5;
  s.workload.rw = settings::ReadWrite::kWrite;
  s.network.c2h.loss.model = settings::LossModelKind::kRanges;
  s.network.c2h.loss.ranges.resize(2);
  coverage.Add(s);
  CHECK(Row(coverage, "/network/mtu").counts.at("highest tenth") == 1);
  CHECK(Row(coverage, "/network/mtu").counts.at("most") == 1);
  CHECK(Row(coverage, "/network/delay_us").counts.at("lowest tenth") == 1);
  CHECK(Row(coverage, "/network/delay_us").counts.at("least") == 0);
  CHECK(Row(coverage, "/workload/rw").counts.at("write") == 1);
  CHECK(Row(coverage, "/network/c2h/loss/ranges").counts.at("several") == 1);
  CHECK(Row(coverage, "/network/c2h/loss/ranges/*/from").counts.at("lowest tenth") == 2);
  CHECK(coverage.with_outer_tenth() == 1);
  const std::vector<std::string> outer = OuterTenthSettings(s);
  CHECK(std::find(outer.begin(), outer.end(), "/network/mtu") != outer.end());
}

}  // namespace ddpsim

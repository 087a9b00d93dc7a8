#include "sim/sweep/expand.h"

#include <catch2/catch.hpp>
#include <set>

#include "sim/sweep/derived_seed.h"
#include "sim/sweep/plan_reader.h"

namespace ddpsim::sweep {
namespace {

struct Expanded {
  std::optional<Expansion> expansion;
  std::string complaints;
};

Expanded ExpandText(const std::string& text, const std::string& model = "m1") {
  Diagnostics diagnostics;
  Expanded out;
  if (const std::optional<SweepPlan> plan = ReadPlan(text, "plan.json", diagnostics)) {
    ExpandInput input;
    input.model_version = model;
    if (plan->base_node) {
      input.base = *plan->base_node;
      input.base_origin = plan->base_origin;
    }
    out.expansion = Expand(*plan, input, diagnostics);
  }
  out.complaints = diagnostics.ToString();
  return out;
}

std::vector<std::string> IdsOf(const std::string& text, const std::string& model = "m1") {
  const Expanded expanded = ExpandText(text, model);
  INFO(expanded.complaints);
  REQUIRE(expanded.expansion);
  return expanded.expansion->sweep.Ids();
}

TEST_CASE("expand: the first axis varies slowest") {
  const Expanded expanded = ExpandText(
      R"({"base": {}, "axes": {"/workload/bs": ["4k", "8k"], "/network/mtu": [1500, 9000]}})");
  REQUIRE(expanded.expansion);
  const Sweep& sweep = expanded.expansion->sweep;
  REQUIRE(sweep.cells.size() == 4);
  CHECK(sweep.CellName(sweep.cells[1]) == "bs=4k mtu=9000");
  CHECK(sweep.CellName(sweep.cells[2]) == "bs=8k mtu=1500");
}

TEST_CASE("expand: an id is of what is simulated, however it is written") {
  const auto ids = IdsOf(R"({"base": {}, "axes": {"/workload/bs": ["64k"]}})");
  CHECK(IdsOf(R"({"base": {"workload": {"bs": 65536}}})") == ids);
  CHECK(IdsOf(R"({"base": {"description": "other words"}, "axes": {"/workload/bs": ["64k"]}})") ==
        ids);
  CHECK(IdsOf(R"({"base": {}, "axes": {"/workload/bs": ["32k"]}})") != ids);
}

TEST_CASE("expand: another model has other ids") {
  CHECK(IdsOf(R"({"base": {}})", "m1") != IdsOf(R"({"base": {}})", "m2"));
}

TEST_CASE(
    "expand: repetitions have seeds of their own, and more of them leave the first as they are") {
  const auto two = IdsOf(R"({"base": {}, "repetitions": 2})");
  const auto five = IdsOf(R"({"base": {}, "repetitions": 5})");
  REQUIRE(five.size() == 5);
  CHECK(std::vector<std::string>(five.begin(), five.begin() + 2) == two);
  CHECK(IdsOf(R"({"base": {}})")[0] == two[0]);
}

TEST_CASE("expand: points that are the same simulation share an id") {
  CHECK(
      IdsOf(
          R"({"base": {}, "axes": {"/workload/bs": ["4k", "4k", "8k"], "/network/mtu": [1500, 1500, 1500]},
                  "zip": [["/workload/bs", "/network/mtu"]]})")
          .size() == 2);
}

TEST_CASE("expand: the base's expectations do not hold for other settings and are left out") {
  const auto expanded = ExpandText(
      R"({"base": {"expect": {"ddp": {"/offload/placed_fraction": {"min": 0.9}}}}, "compare": ["software"]})");
  REQUIRE(expanded.expansion);
  CHECK(expanded.expansion->scenarios.begin()->second.find("expect") == std::string::npos);
}

TEST_CASE("expand: the plan's own expectations are every point's") {
  const auto expanded =
      ExpandText(R"({"base": {}, "expect": {"ddp": {"/offload/placed_fraction": {"min": 0.9}}}})");
  INFO(expanded.complaints);
  REQUIRE(expanded.expansion);
  CHECK(expanded.expansion->scenarios.begin()->second.find("placed_fraction") != std::string::npos);
}

TEST_CASE("expand: an error in a point names the value in the plan") {
  const auto expanded = ExpandText("{\"base\": {},\n\"axes\": {\"/network/mtu\": [1500, 1]}}");
  CHECK(!expanded.expansion);
  CHECK(expanded.complaints.find("plan.json:2:33: /axes/~1network~1mtu/1: ") == 0);
}

TEST_CASE("derived seeds: the first is the scenario's own, none twice, all below 2^53") {
  CHECK(DerivedSeed(5, 0) == 5);
  std::set<int64_t> seen;
  for (int64_t seed = 0; seed < 20; ++seed) {
    for (int64_t r = 1; r < 200; ++r) {
      const int64_t derived = DerivedSeed(seed, r);
      CHECK((derived >= 0 && derived < (int64_t{1} << 53)));
      seen.insert(derived);
    }
  }
  CHECK(seen.size() == 20 * 199);
}

TEST_CASE("plan: a sweep written and read again is the same") {
  const Expanded expanded = ExpandText(
      R"({"base": {}, "axes": {"/workload/bs": ["4k", "8k"], "/workload/iodepth": [1, 2]},
          "zip": [["/workload/bs", "/workload/iodepth"]], "repetitions": 2, "metrics": ["/host/interrupts"]})");
  INFO(expanded.complaints);
  REQUIRE(expanded.expansion);
  const auto json = SweepJson(expanded.expansion->sweep);
  Sweep again;
  REQUIRE(SweepFromJson(json.dump(), &again).empty());
  CHECK(SweepJson(again) == json);
  CHECK(again.axes[1].follows);
}

TEST_CASE("plan: a broken plan.json is told, not trusted") {
  Sweep sweep;
  CHECK(!SweepFromJson("", &sweep).empty());
  CHECK(!SweepFromJson("{}", &sweep).empty());
  auto json = SweepJson(ExpandText(R"({"base": {}, "axes": {"/seed": [1]}})").expansion->sweep);
  json["cells"][0]["indices"][0] = 7;
  CHECK(!SweepFromJson(json.dump(), &sweep).empty());
}

}  // namespace
}  // namespace ddpsim::sweep

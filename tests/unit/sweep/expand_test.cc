#include "sim/sweep/expand.h"

#include <catch2/catch.hpp>
#include <set>

#include "absl/strings/str_cat.h"
#include "sim/sweep/derived_seed.h"
#include "sim/sweep/plan_reader.h"
#include "sim/text/json_pointer.h"

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

TEST_CASE("expand: pointers that hold parts of each other are refused, wherever they stand") {
  struct Case {
    const char* plan;
    const char* where;
  };
  for (const Case& one : {
           Case{R"({"base": {}, "set": {"/network/c2h/loss": {}}, "axes": {"/network/c2h": [{}]}})",
                "/axes/~1network~1c2h: "},
           Case{R"({"base": {}, "axes": {"/workload": [{}], "/workload/bs": ["4k", "8k"]}})",
                "/axes/~1workload~1bs: "},
           Case{R"({"base": {}, "set": {"/workload": {}, "/workload/bs": "4k"}})",
                "/set/~1workload~1bs: "},
           Case{
               R"({"base": {"variants": {"v": {"/workload": {}}}}, "set": {"/workload/bs": "4k"}})",
               "/base/variants/v/~1workload: "},
           Case{R"({"base": {"variants": {"v": {"/workload": {}}}},
                    "axes": {"/workload/bs": ["4k", "8k"]}})",
                "/base/variants/v/~1workload: "},
           Case{R"({"base": {"variants": {"v": {"/workload/bs": "4k"}}},
                    "axes": {"/workload/bs": ["4k", "8k"]}})",
                "/base/variants/v/~1workload~1bs: "},
       }) {
    const Expanded expanded = ExpandText(one.plan);
    INFO(one.plan << "\n" << expanded.complaints);
    CHECK(!expanded.expansion);
    CHECK(expanded.complaints.find("plan.json:") == 0);
    CHECK(expanded.complaints.find(one.where) != std::string::npos);
  }
}

TEST_CASE("expand: a variant may change what is set for all points, and a part of an axis") {
  CHECK(IdsOf(R"({"base": {"variants": {"v": {"/workload/bs": "4k"}}},
                  "set": {"/workload/bs": "8k"}})")
            .size() == 1);
  CHECK(IdsOf(R"({"base": {"variants": {"v": {"/workload/bs": "4k"}}},
                  "axes": {"/workload": [{"iodepth": 1}, {"iodepth": 2}]}})")
            .size() == 2);
  // Names that begin alike are no parts of each other.
  CHECK_FALSE(LiesInside("/workload/iodepth_batch", "/workload/iodepth"));
}

TEST_CASE("expand: values that differ have labels that differ") {
  const auto expanded = ExpandText(
      R"({"base": {}, "axes": {"/network/c2h": [{"duplicate": {"probability": 0.1}},
                                                {"reorder": {"probability": 0.1}}]}})");
  INFO(expanded.complaints);
  REQUIRE(expanded.expansion);
  const Sweep& sweep = expanded.expansion->sweep;
  CHECK(sweep.CellName(sweep.cells[0]) == R"(c2h={"duplicate":{"probability":0.1}})");
  CHECK(sweep.CellName(sweep.cells[1]) == R"(c2h={"reorder":{"probability":0.1}})");
}

TEST_CASE("expand: a variant's own seed is refused where repetitions would not reach it") {
  const char* plan = R"({"base": {"variants": {"v": {"/seed": 5}}}, "repetitions": )";
  const auto several = ExpandText(absl::StrCat(plan, "2}"));
  CHECK(!several.expansion);
  CHECK(several.complaints.find("plan.json:1:30: /base/variants/v/~1seed: ") == 0);
  CHECK(ExpandText(absl::StrCat(plan, "1}")).expansion);
}

TEST_CASE("expand: words have no order, and text is no figure") {
  const auto complaints = [](const char* more) {
    return ExpandText(absl::StrCat(R"({"base": {}, "axes": {"/workload/bs": ["4k", "8k"],
        "/workload/rw": ["read", "write"]}, )",
                                   more, "}"))
        .complaints;
  };
  CHECK_THAT(complaints(R"("exclude": [{"/workload/bs": {"above": "/workload/rw"}}])"),
             Catch::Contains("/exclude/0/~1workload~1bs/above: no value of /workload/rw"));
  CHECK_THAT(complaints(R"("exclude": [{"/workload/rw": {"min": "4k"}}])"),
             Catch::Contains("/exclude/0/~1workload~1rw/min: no value of /workload/rw"));
  CHECK_THAT(complaints(R"("metrics": ["/fingerprint"])"),
             Catch::Contains("/metrics/0: \"/fingerprint\" is text, no number"));
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

#include "sim/scenario/scenario_loader.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

ScenarioPlan Load(const std::string& text, const LoadOptions& options = {}) {
  LoadResult result = LoadScenario(text, "s.json", options);
  INFO(result.diagnostics.ToString());
  REQUIRE(result.plan.has_value());
  return *result.plan;
}

std::string Complaints(const std::string& text, const LoadOptions& options) {
  const LoadResult result = LoadScenario(text, "s.json", options);
  CHECK_FALSE(result.plan.has_value());
  return result.diagnostics.ToString();
}

TEST_CASE("an empty scenario is the defaults") {
  const Scenario s = Load("{}").scenario;
  CHECK(s.workload.bs == 65536);
  CHECK(s.workload.total_ios == 10'000);
  CHECK(s.compare.size() == 5);
  CHECK(s.host.nvme.data_digest);
  CHECK_FALSE(s.network.c2h.any());
}

TEST_CASE("every kind of value is read") {
  const Scenario s =
      Load(R"({"description": "\u00b5s \ud83d\ude00", "seed": 2e3, "compare": ["ddp", "software"],
    "workload": {"rw": "read", "bs": "4K", "size": 1048576.0},
    "network": {"delay_us": 2.5, "pause": false,
                "c2h": {"loss": {"model": "ranges", "ranges": [{"from": 1, "to": 5, "times": 2}]}},
                "h2c": {"loss": {"model": "list", "packets": [1, 5]}}},
    "target": {"latency_us": {"distribution": "uniform", "min": 1, "max": 9}}})")
          .scenario;
  CHECK(s.description == "µs 😀");
  CHECK(s.seed == 2000);
  CHECK(s.compare == std::vector<Mode>{Mode::kDdp, Mode::kSoftware});
  CHECK(s.workload.rw == settings::ReadWrite::kRead);
  CHECK(s.workload.bs == 4096);
  CHECK(s.workload.size == 1 << 20);
  CHECK(s.network.delay_us == 2.5);
  REQUIRE(s.network.c2h.loss.ranges.size() == 1);
  CHECK(s.network.c2h.loss.ranges[0].times == 2);
  CHECK(s.network.h2c.loss.packets == std::vector<int64_t>{1, 5});
  CHECK(s.target.latency_us.max == 9);
}

TEST_CASE("$schema is for editors and ignored") { Load("{\"$schema\": \"ddpsim.schema.json\"}"); }

TEST_CASE("with a runtime and no total_ios the runtime rules") {
  const auto workload = Load("{\"workload\": {\"runtime_ms\": 50}}").scenario.workload;
  CHECK(workload.total_ios == 0);
  CHECK(workload.runtime_ms == 50);
}

TEST_CASE("with neither given ten thousand I/Os are run") {
  CHECK(Load("{\"workload\": {\"runtime_ms\": 0}}").scenario.workload.total_ios == 10'000);
}

TEST_CASE("an SPDK target has SPDK's limits unless told otherwise") {
  const auto target = Load("{\"target\": {\"kind\": \"spdk\", \"mdts\": 0}}").scenario.target;
  CHECK(target.in_capsule_data == 4096);
  CHECK(target.maxh2cdata == 131072);
  CHECK(target.mdts == 0);
}

TEST_CASE("a latency given as a number is constant") {
  const auto latency = Load("{\"target\": {\"latency_us\": 3}}").scenario.target.latency_us;
  CHECK(latency.distribution == settings::LatencyDistribution::kConstant);
  CHECK(latency.mean == 3);
}

TEST_CASE("--set changes a setting that is there, and makes groups that are not") {
  LoadOptions options;
  options.overrides = {{"/workload/bs", "128k"},
                       {"/network/c2h/loss/model", "bernoulli"},
                       {"/network/c2h/loss/probability", "0.01"},
                       {"/description", "true story"}};
  const Scenario s = Load("{\"workload\": {\"bs\": \"4k\"}}", options).scenario;
  CHECK(s.workload.bs == 128 << 10);
  CHECK(s.network.c2h.loss.probability == 0.01);
  CHECK(s.description == "true story");
}

TEST_CASE("--set takes whole groups and elements of arrays, the later one wins") {
  LoadOptions options;
  options.overrides = {{"/network/c2h/loss", R"({"model": "list", "packets": [4]})"},
                       {"/network/c2h/loss/packets/-", "6"},
                       {"/compare/0", "crc"},
                       {"/compare/0", "skip"}};
  const Scenario s = Load("{\"compare\": [\"software\", \"ddp\"]}", options).scenario;
  CHECK(s.network.c2h.loss.packets == std::vector<int64_t>{4, 6});
  CHECK(s.compare == std::vector<Mode>{Mode::kSkip, Mode::kDdp});
}

TEST_CASE("--set makes an array that is not there for its first element, by index or by -") {
  for (const char* first : {"0", "-"}) {
    LoadOptions options;
    options.overrides = {{"/network/c2h/loss/model", "list"},
                         {std::string("/network/c2h/loss/packets/") + first, "5"},
                         {"/network/c2h/loss/packets/-", "7"}};
    const Scenario s = Load("{}", options).scenario;
    CHECK(s.network.c2h.loss.packets == std::vector<int64_t>{5, 7});
  }
}

TEST_CASE("--seed wins over the file and over --set") {
  LoadOptions options;
  options.overrides = {{"/seed", "3"}};
  options.seed = 4;
  CHECK(Load("{\"seed\": 2}", options).scenario.seed == 4);
}

TEST_CASE("what --set does wrong is blamed on the command line, under its pointer") {
  LoadOptions options;
  options.overrides = {{"/workload/bss", "4k"}, {"/workload/iodepth", "many"},
                       {"/seed/x", "1"},        {"/wrkload/bs", "4k"},
                       {"/compare/7", "ddp"},   {"/network/c2h/loss", "{\"modle\": 1}"}};
  const std::string complaints = Complaints("{\"seed\": 1, \"compare\": [\"ddp\"]}", options);
  CHECK_THAT(complaints, Catch::Contains("command line: /workload/bss: unknown key \"bss\""));
  CHECK_THAT(complaints,
             Catch::Contains("command line: /workload/iodepth: \"many\" is not an integer"));
  CHECK_THAT(complaints, Catch::Contains("command line: /seed/x: /seed is an integer"));
  CHECK_THAT(complaints, Catch::Contains("command line: /wrkload: unknown key \"wrkload\""));
  CHECK_THAT(complaints, Catch::Contains("command line: /compare/7: /compare is an array"));
  CHECK_THAT(complaints, Catch::Contains("command line: /network/c2h/loss/modle: unknown key"));
}

TEST_CASE("a rule broken by --set is blamed on the command line") {
  LoadOptions options;
  options.overrides = {{"/workload/bs", "1000"}};
  CHECK_THAT(Complaints("{\"workload\": {\"bs\": \"4k\"}}", options),
             Catch::StartsWith("command line: /workload/bs: 1000 is not a multiple of 512"));
}

TEST_CASE("a variant is the scenario with its changes, --set included") {
  LoadOptions options;
  options.overrides = {{"/workload/iodepth", "7"}};
  const ScenarioPlan plan = Load(R"({"workload": {"bs": "4k"}, "variants": {
    "large": {"/workload/bs": "1m", "/host/nvme/queues": 4}, "plain": {}}})",
                                 options);
  REQUIRE(plan.variants.size() == 2);
  CHECK(plan.variants[0].name == "large");
  CHECK(plan.variants[0].scenario.workload.bs == 1 << 20);
  CHECK(plan.variants[0].scenario.workload.iodepth == 7);
  CHECK(plan.variants[0].scenario.host.nvme.queues == 4);
  CHECK(plan.variants[1].scenario.workload.bs == 4096);
  CHECK(plan.scenario.host.nvme.queues == 1);
}

TEST_CASE("what is wrong with the scenario is told once, not again for each variant") {
  const std::string complaints =
      Complaints("{\"workload\": {\"bs\": 1000}, \"variants\": {\"a\": {}, \"b\": {}}}", {});
  CHECK(std::count(complaints.begin(), complaints.end(), '\n') == 1);
}

TEST_CASE("a variant's own contradiction is blamed on the variant") {
  CHECK_THAT(Complaints("{\"variants\": {\"a\": {\"/workload/size\": \"4k\"}}}", {}),
             Catch::StartsWith("s.json:1:39: /variants/a/~1workload~1size: 4k holds no I/O"));
}

TEST_CASE("a variant with a seed of its own is refused where each run has several seeds") {
  const char* text = "{\"variants\": {\"a\": {\"/seed\": 5}}}";
  CHECK(Load(text).variants[0].scenario.seed == 5);
  LoadOptions options;
  options.several_seeds = true;
  CHECK_THAT(Complaints(text, options),
             Catch::StartsWith("s.json:1:21: /variants/a/~1seed: a variant cannot have a seed"));
}

TEST_CASE("expectations are read for modes, for variants and for all modes") {
  const ScenarioPlan plan =
      Load(R"({"compare": ["software", "ddp"], "variants": {"v": {}}, "expect": {
    "ddp": {"/offload/placed_fraction": {"min": 0.5, "max": 1}},
    "v/ddp": {"/verification/verdict": {"equals": "pass"}},
    "*": {"/read/errors": {"below": 1}}}})");
  REQUIRE(plan.expect.size() == 5);
  CHECK(plan.expect[1].op == ExpectOperator::kMax);
  CHECK(plan.expect[2].variant == "v");
  CHECK(std::get<std::string>(plan.expect[2].value) == "pass");
  CHECK(plan.expect[3].mode == Mode::kSoftware);
  CHECK(plan.expect[4].mode == Mode::kDdp);
}

TEST_CASE("figures whose keys depend on the run may be expected") {
  Load(
      R"({"expect": {"ddp": {"/offload/not_placed/no_mapping": {"max": 4}, "/read/clat_ns/percentile/99.000000": {"max": 4},
          "/cpu/symbols/memcpy_erms": {"equals": 0}, "/offload/intervals/9": {"min": 0}, "/counters/rx-nvme-tcp-drop": {"equals": 0}}}})");
}

TEST_CASE("a cost profile must be one of those that exist") {
  LoadOptions options;
  options.profiles = {"e5-2660v4", "xeon-8380"};
  CHECK_THAT(Complaints("{\"host\": {\"cpu\": {\"profile\": \"e5-2660v3\"}}}", options),
             Catch::Contains("s.json:1:30: /host/cpu/profile: \"e5-2660v3\" is unknown; accepted: "
                             "e5-2660v4, xeon-8380; did "
                             "you mean \"e5-2660v4\"?"));
}

}  // namespace
}  // namespace ddpsim

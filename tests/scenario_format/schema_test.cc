// The schema, the reference page and the resolved dump are made from the same descriptions as the
// loader.
#include "sim/scenario/schema.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/result/result_reference.h"
#include "sim/scenario/resolved_json.h"
#include "sim/scenario/scenario_loader.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

ScenarioPlan Load(const std::string& text, const std::string& name) {
  LoadResult result = LoadScenario(text, name, {});
  INFO(result.diagnostics.ToString());
  REQUIRE(result.plan.has_value());
  return *result.plan;
}

std::vector<std::filesystem::path> Shipped() {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(DDPSIM_SCENARIOS)) {
    if (entry.path().extension() == ".json") out.push_back(entry.path());
  }
  return out;
}

std::string Contents(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Walks schema and resolved scenario side by side: every setting has a property, with a default
// where it has one.
void CheckDescribed(const Json& schema, const Json& resolved, const std::string& pointer) {
  for (const auto& [key, value] : resolved.items()) {
    INFO(pointer << "/" << key);
    REQUIRE(schema.at("properties").contains(key));
    const Json& property = schema.at("properties").at(key);
    CHECK_FALSE(property.at("description").get<std::string>().empty());
    if (value.is_object()) {
      CheckDescribed(property, value, pointer + "/" + key);
    } else if (property.contains("default")) {
      CHECK(property.at("default") == value);
    }
  }
}

TEST_CASE("each shipped scenario loads, says what it shows, and expects something of every mode") {
  const auto shipped = Shipped();
  CHECK(shipped.size() >= 14);
  for (const auto& path : shipped) {
    INFO(path);
    const ScenarioPlan plan = Load(Contents(path), path.string());
    CHECK(plan.scenario.description.size() > 20);
    for (Mode mode : plan.scenario.compare) {
      CHECK(std::any_of(plan.expect.begin(), plan.expect.end(),
                        [&](const Expectation& e) { return e.mode == mode; }));
    }
  }
}

TEST_CASE("loading the resolved scenario again gives the same scenario") {
  for (const auto& path : Shipped()) {
    INFO(path);
    const Json resolved = ResolvedJson(Load(Contents(path), path.string()));
    CHECK(ResolvedJson(Load(resolved.dump(), "resolved")) == resolved);
  }
}

TEST_CASE("the resolved scenario keeps faults, distributions, variants and expectations") {
  const Json resolved = ResolvedJson(
      Load(R"({"target": {"latency_us": {"distribution": "uniform", "min": 1, "max": 2}},
    "network": {"c2h": {"loss": {"model": "ranges", "ranges": [{"from": 1, "to": 2}]}}},
    "variants": {"v": {"/workload/bs": "4k", "/network/h2c": {"corrupt": {"probability": 0.5}}}},
    "expect": {"v/ddp": {"/read/errors": {"max": 3}}}})",
           "s"));
  CHECK(resolved.at("/target/latency_us/max"_json_pointer) == 2);
  CHECK(resolved.at("/network/c2h/loss/ranges/0/times"_json_pointer) == 1);
  CHECK_FALSE(resolved.at("/network/c2h/loss"_json_pointer).contains("probability"));
  CHECK(resolved["variants"]["v"]["/workload/bs"] == "4k");
  CHECK(resolved["expect"]["v/ddp"]["/read/errors"]["max"] == 3.0);
  CHECK(ResolvedJson(Load(resolved.dump(), "resolved")) == resolved);
}

TEST_CASE("the schema describes every setting, with the loader's default") {
  const Json schema = ScenarioSchema();
  CHECK(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
  CheckDescribed(schema, ResolvedJson(Load("{}", "empty")), "");
}

TEST_CASE("the schema refuses what it does not know, and knows variants, expect and $schema") {
  const Json schema = ScenarioSchema();
  CHECK(schema.at("additionalProperties") == false);
  CHECK(schema.at("/properties/workload/additionalProperties"_json_pointer) == false);
  for (const char* key : {"variants", "expect", "$schema"})
    CHECK(schema.at("properties").contains(key));
}

TEST_CASE("the schema binds the parameters of a loss model to the model") {
  const Json loss =
      ScenarioSchema().at("/properties/network/properties/c2h/properties/loss"_json_pointer);
  const Json& rule = loss.at("allOf").at(0);
  CHECK(rule.at("/if/properties/model/enum/0"_json_pointer) == "bernoulli");
  CHECK(rule.at("/then/required/0"_json_pointer) == "probability");
  CHECK(rule.at("/else/properties/probability"_json_pointer) == false);
}

TEST_CASE("the reference page has a row for every setting and every figure") {
  const std::string page = ScenarioReference();
  for (const char* row :
       {"| `bs` | size | byte | 64k | 512..16m |", "| `rw` | word |  | `randread` |",
        "## `/network/c2h/loss`", "(required with model bernoulli)", "## `/expect`"}) {
    CHECK_THAT(page, Catch::Contains(row));
  }
  CHECK_THAT(ResultReference(), Catch::Contains("| `/offload/not_placed/*` | byte |"));
}

}  // namespace
}  // namespace ddpsim

#include "sim/scenario/schema.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kPointer[] = "^/(seed|compare|workload|network|host|target)(/.*)?$";

Json Number() { return {{"type", Json::array({"number", "string"})}}; }

Json ValuesSchema() {
  const Json range = {{"type", "object"},
                      {"additionalProperties", false},
                      {"required", {"from", "to"}},
                      {"properties",
                       {{"from", Number()},
                        {"to", Number()},
                        {"step", Number()},
                        {"factor", {{"type", "number"}, {"exclusiveMinimum", 1}}}}}};
  return {{"oneOf", {{{"type", "array"}, {"minItems", 1}}, range}}};
}

Json RulesSchema(const char* doc) {
  return {{"description", doc},
          {"type", "array"},
          {"items",
           {{"type", "object"}, {"minProperties", 1}, {"propertyNames", {{"pattern", kPointer}}}}}};
}

Json Count(const char* doc, int64_t most) {
  return {{"description", doc}, {"type", "integer"}, {"minimum", 1}, {"maximum", most}};
}

}  // namespace

nlohmann::ordered_json SweepSchema() {
  const Json zip = {
      {"description", "groups of axes that advance together"},
      {"type", "array"},
      {"items", {{"type", "array"}, {"minItems", 2}, {"items", {{"type", "string"}}}}}};
  Json properties = {
      {"$schema", {{"type", "string"}}},
      {"description", {{"description", "what the sweep shows"}, {"type", "string"}}},
      {"base",
       {{"description", "the scenario's file, relative to this one, or the scenario itself"},
        {"type", Json::array({"string", "object"})}}},
      {"set",
       {{"description", "changes that all points share: {POINTER: VALUE}"},
        {"type", "object"},
        {"propertyNames", {{"pattern", kPointer}}}}},
      {"compare",
       {{"description", "modes that each point runs, the first is the baseline"},
        {"type", "array"},
        {"items", {{"enum", {"software", "crc", "ddp", "ddp+crc", "skip"}}}}}},
      {"axes",
       {{"description",
         "settings and the values that are tried, the first axis varying slowest: {POINTER: "
         "VALUES}"},
        {"type", "object"},
        {"propertyNames", {{"pattern", kPointer}}},
        {"additionalProperties", ValuesSchema()}}},
      {"zip", zip},
      {"where", RulesSchema("a point must fulfil one of these rules")},
      {"exclude", RulesSchema("a point must fulfil none of these rules")},
      {"repetitions", Count("how often each point runs, each time with another seed", 100'000)},
      {"timeout", Count("seconds after which a point has failed", 7 * 86'400)},
      {"metrics",
       {{"description", "more figures for the table: JSON Pointers into an element of runs[]"},
        {"type", "array"},
        {"items", {{"type", "string"}}}}},
      {"expect", {{"description", "as in a scenario, of every point"}, {"type", "object"}}}};
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "ddpsim sweep"},
          {"type", "object"},
          {"additionalProperties", false},
          {"required", {"base"}},
          {"properties", std::move(properties)}};
}

}  // namespace ddpsim

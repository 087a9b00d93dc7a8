// Any bytes as a sweep file: read, and expanded to its points where they are few. Property: a
// refusal says why.
#include <cstdlib>
#include <string>

#include "sim/sweep/expand.h"
#include "sim/sweep/plan_reader.h"
#include "tests/fuzz/fuzz_main.h"

namespace {

constexpr double kFewPoints = 64;  // each loads a scenario

double PointsOf(const ddpsim::sweep::SweepPlan& plan) {
  double points = static_cast<double>(plan.repetitions);
  for (const auto& dimension : plan.dimensions) points *= static_cast<double>(dimension.size);
  return points;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  ddpsim::Diagnostics diagnostics;
  const auto plan = ddpsim::sweep::ReadPlan(text, "fuzz", diagnostics);
  if (!plan && diagnostics.empty()) std::abort();
  if (!plan || PointsOf(*plan) > kFewPoints) return 0;
  ddpsim::sweep::ExpandInput input;
  input.name = "fuzz";
  input.model_version = "fuzz";
  input.base.kind = ddpsim::JsonNode::Kind::kObject;
  if (plan->base_node) input.base = *plan->base_node;
  if (!ddpsim::sweep::Expand(*plan, input, diagnostics) && diagnostics.empty()) std::abort();
  return 0;
}

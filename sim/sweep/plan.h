// A sweep as its file asks for it: a base scenario and, for settings named by JSON Pointer, the
// values that are tried (fio's and Slurm's words: a grid, filters, repetitions). Left out: any
// search that picks points by what earlier ones gave. Invariant: every axis has a value, axes of
// one dimension have as many values as each other, and all values carry their place in the file.
#ifndef DDPSIM_SIM_SWEEP_PLAN_H_
#define DDPSIM_SIM_SWEEP_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario_loader.h"
#include "sim/text/diagnostic.h"
#include "sim/text/json_node.h"

namespace ddpsim::sweep {

struct Axis {
  std::string pointer;
  std::string name;  // for tables and charts: the last names of the pointer
  Origin key;
  std::vector<JsonNode> values;
  std::vector<std::string> labels;  // of the values, for people
};

// Axes that advance together; a single axis is a dimension of its own.
struct Dimension {
  std::vector<size_t> axes;  // into SweepPlan::axes
  size_t size = 0;
};

// What one axis's value must be. Bounds are numbers, sizes, or the pointer of another axis.
struct Condition {
  enum class Kind { kOneOf, kMin, kMax, kAbove, kBelow };
  Kind kind = Kind::kOneOf;
  size_t axis = 0;
  std::vector<JsonNode> values;      // kOneOf: any of them; else one
  std::optional<size_t> other_axis;  // compare with this axis's value instead
};

// All conditions together.
using Rule = std::vector<Condition>;

struct SweepPlan {
  std::string description;
  Origin base_origin;
  std::string base_file;              // as written in the plan; "" if the base stands in it
  std::optional<JsonNode> base_node;  // the base that stands in the plan
  std::vector<PlacedOverride> set;    // changes that all points share
  std::vector<Axis> axes;
  std::vector<Dimension> dimensions;
  std::vector<Rule> where;    // a point must fulfil one, if there are any
  std::vector<Rule> exclude;  // and none of these
  int64_t repetitions = 1;
  int64_t timeout_seconds = 0;             // per point; 0: the default
  std::vector<std::string> extra_metrics;  // JSON Pointers into an element of runs[]
  Origin where_origin;
};

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_PLAN_H_

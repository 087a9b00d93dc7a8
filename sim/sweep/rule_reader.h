// Filters: `where` and `exclude` are arrays of rules; a rule is an object from an axis's pointer to
// what its value must be: a value, an array of values, or bounds {"min", "max", "above", "below"}
// that are numbers, sizes or the pointer of another axis.
#ifndef DDPSIM_SIM_SWEEP_RULE_READER_H_
#define DDPSIM_SIM_SWEEP_RULE_READER_H_

#include <vector>

#include "sim/sweep/plan.h"

namespace ddpsim::sweep {

std::vector<Rule> ReadRuleList(const JsonNode& node, const Origin& origin,
                               const std::vector<Axis>& axes, Diagnostics& out);

// `indices[i]` is the value that axis i has.
bool Fulfils(const Rule& rule, const std::vector<Axis>& axes, const std::vector<size_t>& indices);

// Whether the plan's filters let these values through.
bool Wanted(const SweepPlan& plan, const std::vector<size_t>& indices);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_RULE_READER_H_

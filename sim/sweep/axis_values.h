// The values of an axis: a list, or a range {"from", "to", "step"} or {"from", "to", "factor"} of
// numbers or of sizes ("4k"). Invariant: a range holds `from`, and `to` if a step meets it.
#ifndef DDPSIM_SIM_SWEEP_AXIS_VALUES_H_
#define DDPSIM_SIM_SWEEP_AXIS_VALUES_H_

#include <optional>
#include <string>
#include <vector>

#include "sim/text/diagnostic.h"
#include "sim/text/json_node.h"

namespace ddpsim::sweep {

// More points than this per axis is a slip of the pen.
inline constexpr size_t kMaxAxisValues = 10'000;

// The values in order, or nothing with a complaint in `out`. `origin` is that of `node`.
std::optional<std::vector<JsonNode>> ReadAxisValues(const JsonNode& node, const Origin& origin,
                                                    Diagnostics& out);

// A number, or a size in bytes; nothing for anything else.
std::optional<double> NumberOf(const JsonNode& node);

// Whether two values mean the same: 65536 and "64k" do.
bool SameValue(const JsonNode& a, const JsonNode& b);

// A short text for people: strings bare, the rest as JSON.
std::string ValueLabel(const JsonNode& node);

// The labels of an axis's values. Invariant: those of values that differ differ, for rows of a
// table are told apart by them alone.
std::vector<std::string> ValueLabels(const std::vector<JsonNode>& values);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_AXIS_VALUES_H_

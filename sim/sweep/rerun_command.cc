#include "sim/sweep/rerun_command.h"

#include "absl/strings/str_cat.h"
#include "sim/text/json_parser.h"
#include "sim/text/shell_quoted.h"

namespace ddpsim::sweep {
namespace {

// --set takes what does not parse as JSON for a string.
std::string SetText(const JsonNode& value) {
  Diagnostics unused;
  const bool bare = value.is_string() && !ParseJson(value.text, "", unused);
  return bare ? value.text : JsonText(value);
}

void AddSet(std::string& command, const std::string& pointer, const std::string& value) {
  absl::StrAppend(&command, " --set ", ShellQuoted(absl::StrCat(pointer, "=", value)));
}

}  // namespace

std::string RerunCommand(const SweepPlan& plan, const ExpandInput& input,
                         const std::vector<size_t>& indices) {
  if (input.base_file.empty()) return "";
  std::string command = "run " + ShellQuoted(input.base_file);
  AddSet(command, "/expect", "{}");
  for (const PlacedOverride& set : plan.set) AddSet(command, set.pointer, SetText(set.value));
  for (size_t i = 0; i < indices.size(); ++i)
    AddSet(command, plan.axes[i].pointer, SetText(plan.axes[i].values[indices[i]]));
  for (const Override& set : input.options.overrides) AddSet(command, set.pointer, set.value);
  return command;
}

}  // namespace ddpsim::sweep

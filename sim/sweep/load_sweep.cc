#include "sim/sweep/load_sweep.h"

#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sim/cli/console.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/cli/version.h"
#include "sim/sweep/plan_reader.h"
#include "sim/text/json_parser.h"
#include "sim/text/json_pointer.h"

namespace ddpsim::sweep {
namespace {

std::string StemOf(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.substr(0, name.find('.', 1));
}

// Relative to the plan's folder.
std::string BasePath(const std::string& plan, const std::string& base) {
  const size_t slash = plan.rfind('/');
  if (base[0] == '/' || slash == std::string::npos) return base;
  std::string folder = plan.substr(0, slash + 1), rest = base;
  // "scenarios/sweep/" and "../a.json" are "scenarios/a.json".
  while (absl::StartsWith(rest, "../") && folder.size() > 1 && !absl::EndsWith(folder, "../")) {
    const size_t before = folder.rfind('/', folder.size() - 2);
    const std::string last = folder.substr(before == std::string::npos ? 0 : before + 1);
    if (last == "./") break;
    folder = before == std::string::npos ? "" : folder.substr(0, before + 1);
    rest = rest.substr(3);
  }
  return folder + rest;
}

// What --set or --seed changes is the same for all points: not an axis.
std::string WhyNotSet(const CommandLine& line, const SweepPlan& plan) {
  for (const Axis& axis : plan.axes) {
    if (line.seed && axis.pointer == "/seed") return "--seed: /seed is an axis of the sweep";
    for (const Override& set : line.overrides) {
      if (set.pointer == axis.pointer || HoldPartsOfEachOther(set.pointer, axis.pointer))
        return absl::StrCat("--set ", set.pointer, ": ", axis.pointer, " is an axis of the sweep");
    }
  }
  return "";
}

int ReadBase(const SweepPlan& plan, const std::string& file, ExpandInput& input,
             Diagnostics& diagnostics) {
  if (plan.base_node) {
    input.base = *plan.base_node;
    input.base_origin = plan.base_origin;
    return kExitOk;
  }
  input.base_file = BasePath(file, plan.base_file);
  std::string error;
  int why = kExitNoInput;
  const std::optional<std::string> text = ReadFile(input.base_file, &error, &why);
  if (!text) {
    diagnostics.Add(plan.base_origin, error);
    return why;
  }
  std::optional<JsonNode> base = ParseJson(*text, input.base_file, diagnostics);
  if (!base) return kExitBadData;
  input.base_origin = {input.base_file, "", base->place};
  input.base = std::move(*base);
  return kExitOk;
}

int Say(Diagnostics& diagnostics, int status) {
  diagnostics.Sort();
  std::fputs(diagnostics.ToString().c_str(), stderr);
  return status;
}

}  // namespace

int LoadSweep(const CommandLine& line, const std::vector<std::string>& cost_profiles,
              Expansion* out) {
  const std::string& file = line.operands[0];
  std::string error;
  int why = kExitNoInput;
  const std::optional<std::string> text = ReadFile(file, &error, &why);
  if (!text) {
    Complain(error);
    return why;
  }
  Diagnostics diagnostics;
  const std::optional<SweepPlan> plan = ReadPlan(*text, file, diagnostics);
  if (!plan) return Say(diagnostics, kExitBadData);
  error = WhyNotSet(line, *plan);
  if (!error.empty()) {
    Complain(error);
    return kExitUsage;
  }
  ExpandInput input;
  input.name = StemOf(file);
  input.options = {line.overrides, line.seed, cost_profiles};
  input.model_version = kModelVersion;
  const int status = ReadBase(*plan, file, input, diagnostics);
  if (status != kExitOk) return Say(diagnostics, status);
  std::optional<Expansion> expansion = Expand(*plan, input, diagnostics);
  if (!expansion) return Say(diagnostics, kExitBadData);
  *out = std::move(*expansion);
  out->files = {file, input.base_file};
  return kExitOk;
}

}  // namespace ddpsim::sweep

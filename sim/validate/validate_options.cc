#include "sim/validate/validate_options.h"

#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"

namespace ddpsim {
namespace {

// What is looked at instead of random scenarios.
std::vector<std::string> Subjects(const CommandLine& line) {
  std::vector<std::string> out;
  if (!line.operands.empty()) out.emplace_back("SCENARIO");
  if (line.exhaustive) out.emplace_back("--exhaustive");
  if (!line.suite.empty()) out.emplace_back("--suite");
  return out;
}

// Nothing is run where scenarios are only written.
std::string WhyNotWritten(const CommandLine& line) {
  if (line.own.count("write") == 0) return "";
  const bool other = !Subjects(line).empty() || !line.mutant.empty() || !line.json_file.empty() ||
                     !line.junit_file.empty() || !line.nipa_file.empty() ||
                     line.own.count("coverage") > 0;
  return other ? "--write writes random scenarios and runs none: it takes --seed and --seeds" : "";
}

}  // namespace

std::string WhyContradictory(const CommandLine& line) {
  if (std::string error = WhyNotWritten(line); !error.empty()) return error;
  const std::vector<std::string> subjects = Subjects(line);
  if (subjects.size() > 1) {
    return absl::StrCat(subjects[0], " and ", subjects[1],
                        " are two searches; accepted: one of SCENARIO, --exhaustive and --suite, "
                        "or none of them for random scenarios");
  }
  const bool fixed = line.exhaustive || !line.suite.empty();
  if (!line.overrides.empty() && line.operands.empty())
    return "--set changes a setting of SCENARIO, and none is given";
  if (line.max_states && !line.exhaustive)
    return "--max-states is where --exhaustive stops, and that is not given";
  if (!line.suite.empty() && !line.mutant.empty())
    return "--suite takes no --mutant; accepted: --mutant alone, with SCENARIO or with "
           "--exhaustive";
  if (fixed && (line.seed || line.seeds)) {
    return absl::StrCat(subjects.front(),
                        " takes neither --seed nor --seeds, for it draws nothing "
                        "from them; accepted: with SCENARIO or random scenarios");
  }
  if (subjects.empty() && !line.mutant.empty() && line.seeds)
    return "--mutant alone draws as many seeds as it needs and takes no --seeds; accepted: --seed";
  if (line.own.count("coverage") > 0 && (!subjects.empty() || !line.mutant.empty()))
    return "--coverage counts what random scenarios draw, and none are drawn here";
  return "";
}

std::string WhyTooManySeeds(int64_t first, int64_t count) {
  if (first <= std::numeric_limits<int64_t>::max() - (count - 1)) return "";
  return absl::StrCat("seed ", first, ": there are no ", count,
                      " seeds from there on; accepted: up to 9223372036854775807");
}

}  // namespace ddpsim

#include "sim/validate/exhaustive_search.h"

#include <sys/stat.h>

#include <deque>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "ddpsim/base/mutant.h"
#include "sim/cli/files.h"
#include "sim/cli/signals.h"
#include "sim/validate/context_world.h"
#include "sim/validate/fingerprint_set.h"
#include "sim/validate/minimise.h"

namespace ddpsim {
namespace {

constexpr int64_t kMaxStates = 40'000'000;
constexpr int64_t kMaxStatesPerMutant = 400'000;
constexpr size_t kMaxDepth = 60;
// Not each history comes out as a scenario that breaks a law: some more are looked for.
constexpr size_t kMaxCounterexamples = 24;
constexpr int64_t kMoreTransitions = 300'000;
constexpr double kTimeoutSeconds = 900;

struct Visit {
  WorldState state;
  std::array<WorldAction, kMaxDepth> path;
  uint8_t depth = 0;
};

struct Found {
  int64_t states = 0;
  int64_t transitions = 0;
  int64_t depth = 0;
  bool complete = true;
  std::vector<Counterexample> counterexamples;  // shortest first
  std::array<uint64_t, kFsmEdges> edges{};
};

Found Explore(const WorldBounds& bounds, int64_t max_states) {
  ContextWorld world(bounds);
  FingerprintSet seen;
  std::deque<Visit> queue;
  Found found;
  const absl::Hash<WorldState> hash;
  queue.push_back({world.Initial(), {}, 0});
  seen.Insert(hash(queue.front().state));
  std::vector<WorldAction> actions;
  int64_t more_until = 0;
  while (!queue.empty() && found.counterexamples.size() < kMaxCounterexamples) {
    const Visit from = queue.front();
    queue.pop_front();
    found.depth = from.depth;
    const bool enough = !found.counterexamples.empty() && found.transitions >= more_until;
    if (enough || from.depth == kMaxDepth || static_cast<int64_t>(seen.size()) >= max_states) {
      found.complete = false;
      break;
    }
    world.Actions(from.state, &actions);
    for (const WorldAction& action : actions) {
      Visit to = from;
      to.path[to.depth++] = action;
      const std::string broken = world.Apply(action, &to.state);
      ++found.transitions;
      if (!broken.empty()) {
        if (found.counterexamples.empty()) more_until = found.transitions + kMoreTransitions;
        found.counterexamples.push_back(
            {bounds, broken, {to.path.begin(), to.path.begin() + to.depth}});
        continue;
      }
      if (seen.Insert(hash(to.state))) queue.push_back(to);
    }
  }
  found.states = static_cast<int64_t>(seen.size());
  found.edges = world.edges();
  return found;
}

std::string PathText(const std::vector<WorldAction>& path) {
  std::string text;
  for (const WorldAction& action : path)
    absl::StrAppend(&text, text.empty() ? "" : " ", static_cast<int>(action.move), " ",
                    int{action.index});
  return text;
}

std::vector<WorldAction> PathOf(const std::string& text) {
  std::vector<WorldAction> path;
  const std::vector<std::string> numbers = absl::StrSplit(text, ' ', absl::SkipEmpty());
  for (size_t i = 0; i + 1 < numbers.size(); i += 2) {
    path.push_back({static_cast<WorldMove>(std::stoi(numbers[i])),
                    static_cast<uint8_t>(std::stoi(numbers[i + 1]))});
  }
  return path;
}

std::string ToText(const Found& found) {
  std::string text = absl::StrCat(found.states, "|", found.transitions, "|", found.depth, "|",
                                  found.complete ? 1 : 0);
  for (uint64_t count : found.edges) absl::StrAppend(&text, "|", count);
  for (const Counterexample& one : found.counterexamples)
    absl::StrAppend(&text, "|", one.broken, "|", PathText(one.path));
  return text;
}

// What the text of ToText() says; false: it is torn.
bool FromText(const std::string& text, const WorldBounds& bounds, Found* found) {
  const std::vector<std::string> parts = absl::StrSplit(text, '|');
  if (parts.size() < 4 + kFsmEdges || parts.size() % 2 != 0) return false;
  found->states = std::stoll(parts[0]);
  found->transitions = std::stoll(parts[1]);
  found->depth = std::stoll(parts[2]);
  found->complete = parts[3] == "1";
  for (int i = 0; i < kFsmEdges; ++i) found->edges[i] = std::stoull(parts[4 + i]);
  for (size_t i = 4 + kFsmEdges; i < parts.size(); i += 2)
    found->counterexamples.push_back({bounds, parts[i], PathOf(parts[i + 1])});
  return true;
}

struct Shape {
  const char* name;
  WorldBounds bounds;
};
constexpr Shape kShapes[] = {
    {"any_offset, across gaps", {SearchMode::kAnyOffset, true, 7, 5}},
    {"any_offset, not across gaps", {SearchMode::kAnyOffset, false, 7, 5}},
    {"packet_start, across gaps", {SearchMode::kPacketStart, true, 7, 6}},
    {"packet_start, not across gaps", {SearchMode::kPacketStart, false, 7, 6}},
};

struct SearchOptions {
  int mutant = 0;
  std::string again;
  std::string folder;
};

// Runs the counterexamples as whole scenarios; the first that breaks a law is kept as a file.
void TellCounterexample(const std::vector<Counterexample>& all, const SearchOptions& options,
                        CaseResult* result) {
  Counterexample found;
  const Reproduction run = ReproduceFirst(all, options.mutant, &found);
  result->law = run.outcome.passed ? "context" : run.outcome.law;
  result->detail = found.Story();
  if (run.outcome.passed) result->detail += "; as a whole scenario it breaks no law";
  result->faults = found.Faults();
  mkdir(options.folder.c_str(), 0777);
  const std::string name = absl::StrReplaceAll(result->test, {{",", ""}, {" ", "-"}});
  const std::string file = absl::StrCat(options.folder, "/exhaustive-", name, ".json");
  if (!WriteFile(file, ScenarioFile(run.trial, found.Story())).empty()) return;
  result->scenario_file = file;
  result->command = absl::StrCat(options.again, " ", file);
}

CaseResult CaseOf(const Shape& shape, const WorkerEnd& end, const SearchOptions& options,
                  ValidateReport* report) {
  CaseResult result;
  result.test = shape.name;
  result.group = "exhaustive";
  result.seconds = end.seconds;
  Found found;
  if (end.how != WorkerEnd::How::kDone || !FromText(end.text, shape.bounds, &found)) {
    result.law = end.how == WorkerEnd::How::kTimeout ? "timeout" : "crash";
    result.detail = "the search broke off";
    return result;
  }
  // What was not looked at is not known to be right.
  result.passed = found.counterexamples.empty() && found.complete;
  if (found.counterexamples.empty()) {
    result.law = found.complete ? "" : "not_exhausted";
    result.detail = absl::StrCat(
        found.states, " states, ", found.transitions, " transitions, depth ", found.depth,
        found.complete ? ", all" : ", nothing found, but cut short: --max-states or the depth");
  } else {
    TellCounterexample(found.counterexamples, options, &result);
  }
  report->figures["states"] += found.states;
  report->figures["transitions"] += found.transitions;
  for (int i = 0; i < kFsmEdges; ++i)
    report->figures[FsmEdgeName(static_cast<FsmEdge>(i))] += static_cast<int64_t>(found.edges[i]);
  return result;
}

CaseResult Coverage(const NamedCounts& figures) {
  CaseResult coverage;
  coverage.test = "every transition";
  coverage.group = "exhaustive";
  coverage.passed = true;
  for (int i = 0; i < kFsmEdges; ++i) {
    const char* name = FsmEdgeName(static_cast<FsmEdge>(i));
    const auto seen = figures.find(name);
    if (seen != figures.end() && seen->second > 0) continue;
    coverage.passed = false;
    absl::StrAppend(&coverage.detail, "never seen: ", name, "; ");
  }
  return coverage;
}

}  // namespace

ValidateReport ExhaustiveReport(std::optional<int64_t> max_states, const Workers& workers,
                                int mutant, const std::string& again, const std::string& folder) {
  ValidateReport report;
  report.title = "all histories of the offload context, within bounds";
  report.list_passed = true;
  report.planned = std::size(kShapes) + 1;
  const int64_t limit = max_states.value_or(kMaxStates) / static_cast<int64_t>(std::size(kShapes));
  WorkerPool pool(workers, &ReceivedSignal());
  const std::vector<WorkerEnd> ends = pool.Run(
      std::size(kShapes),
      [&](size_t i) {
        SelectMutant(mutant);
        return ToText(Explore(kShapes[i].bounds, limit));
      },
      [](size_t) { return kTimeoutSeconds; });
  for (size_t i = 0; i < ends.size(); ++i) {
    if (ends[i].how == WorkerEnd::How::kNotRun) return report;
    report.cases.push_back(CaseOf(kShapes[i], ends[i], {mutant, again, folder}, &report));
  }
  report.cases.push_back(Coverage(report.figures));
  return report;
}

std::vector<Counterexample> FindExhaustively(int mutant) {
  // A host of today gives no wrong answer: a history without one is worth more.
  for (bool wrong_answers : {false, true}) {
    for (const Shape& shape : kShapes) {
      WorldBounds bounds = shape.bounds;
      bounds.wrong_answers = wrong_answers;
      const Workers alone;
      WorkerPool pool(alone, &ReceivedSignal());
      const std::vector<WorkerEnd> ends = pool.Run(
          1,
          [&](size_t) {
            SelectMutant(mutant);
            return ToText(Explore(bounds, kMaxStatesPerMutant));
          },
          [](size_t) { return kTimeoutSeconds; });
      if (ends[0].how == WorkerEnd::How::kSignal) return {{bounds, "the context crashes", {}}};
      Found found;
      if (ends[0].how == WorkerEnd::How::kDone && FromText(ends[0].text, bounds, &found) &&
          !found.counterexamples.empty()) {
        return found.counterexamples;
      }
    }
  }
  return {};
}

}  // namespace ddpsim

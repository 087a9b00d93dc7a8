#include "sim/validate/exhaustive_search.h"

#include <deque>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ddpsim/base/mutant.h"
#include "sim/cli/signals.h"
#include "sim/validate/context_world.h"
#include "sim/validate/fingerprint_set.h"
#include "sim/validate/worker_pool.h"

namespace ddpsim {
namespace {

constexpr int64_t kMaxStates = 40'000'000;
constexpr int64_t kMaxStatesPerMutant = 400'000;
constexpr size_t kMaxDepth = 60;
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
  std::string violation;
  std::array<uint64_t, kFsmEdges> edges{};
};

std::string Story(const ContextWorld& world, const Visit& visit, const std::string& broken) {
  std::string story = broken + ":";
  for (size_t i = 0; i < visit.depth; ++i)
    absl::StrAppend(&story, i == 0 ? " " : "; ", world.Describe(visit.path[i]));
  return story;
}

Found Explore(const WorldBounds& bounds, int64_t max_states) {
  ContextWorld world(bounds);
  FingerprintSet seen;
  std::deque<Visit> queue;
  Found found;
  const absl::Hash<WorldState> hash;
  queue.push_back({world.Initial(), {}, 0});
  seen.Insert(hash(queue.front().state));
  std::vector<WorldAction> actions;
  while (!queue.empty() && found.violation.empty()) {
    const Visit from = queue.front();
    queue.pop_front();
    found.depth = from.depth;
    if (from.depth == kMaxDepth || static_cast<int64_t>(seen.size()) >= max_states) {
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
        found.violation = Story(world, to, broken);
        break;
      }
      if (seen.Insert(hash(to.state))) queue.push_back(to);
    }
  }
  found.states = static_cast<int64_t>(seen.size());
  found.edges = world.edges();
  return found;
}

std::string ToText(const Found& found) {
  std::string text = absl::StrCat(found.states, "|", found.transitions, "|", found.depth, "|",
                                  found.complete ? 1 : 0, "|", found.violation);
  for (uint64_t count : found.edges) absl::StrAppend(&text, "|", count);
  return text;
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

CaseResult CaseOf(const Shape& shape, const WorkerEnd& end, ValidateReport* report) {
  CaseResult result;
  result.test = shape.name;
  result.group = "exhaustive";
  result.seconds = end.seconds;
  const std::vector<std::string> parts = absl::StrSplit(end.text, '|');
  if (end.how != WorkerEnd::How::kDone || parts.size() != 5 + kFsmEdges) {
    result.law = end.how == WorkerEnd::How::kTimeout ? "timeout" : "crash";
    result.detail = "the search broke off";
    return result;
  }
  result.passed = parts[4].empty();
  if (!result.passed) result.law = "context";
  result.detail = result.passed
                      ? absl::StrCat(parts[0], " states, ", parts[1], " transitions, depth ",
                                     parts[2], parts[3] == "1" ? ", all" : ", cut short")
                      : parts[4];
  report->figures["states"] += std::stoll(parts[0]);
  report->figures["transitions"] += std::stoll(parts[1]);
  for (int i = 0; i < kFsmEdges; ++i)
    report->figures[FsmEdgeName(static_cast<FsmEdge>(i))] += std::stoll(parts[5 + i]);
  return result;
}

}  // namespace

ValidateReport ExhaustiveReport(std::optional<int64_t> max_states, int jobs,
                                const std::string& folder) {
  ValidateReport report;
  report.title = "all histories of the offload context, within bounds";
  report.list_passed = true;
  report.planned = std::size(kShapes) + 1;
  const int64_t limit = max_states.value_or(kMaxStates) / static_cast<int64_t>(std::size(kShapes));
  WorkerPool pool(jobs, &ReceivedSignal());
  const std::vector<WorkerEnd> ends = pool.Run(
      std::size(kShapes), [&](size_t i) { return ToText(Explore(kShapes[i].bounds, limit)); },
      [](size_t) { return kTimeoutSeconds; });
  for (size_t i = 0; i < ends.size(); ++i) {
    if (ends[i].how == WorkerEnd::How::kNotRun) return report;
    report.cases.push_back(CaseOf(kShapes[i], ends[i], &report));
  }
  CaseResult coverage;
  coverage.test = "every transition";
  coverage.group = "exhaustive";
  coverage.passed = true;
  for (int i = 0; i < kFsmEdges; ++i) {
    const char* name = FsmEdgeName(static_cast<FsmEdge>(i));
    if (report.figures[name] > 0) continue;
    coverage.passed = false;
    absl::StrAppend(&coverage.detail, "never seen: ", name, "; ");
  }
  report.cases.push_back(coverage);
  return report;
}

std::string FindExhaustively(int mutant) {
  for (const Shape& shape : kShapes) {
    WorkerPool pool(1, &ReceivedSignal());
    const std::vector<WorkerEnd> ends = pool.Run(
        1,
        [&](size_t) {
          SelectMutant(mutant);
          return Explore(shape.bounds, kMaxStatesPerMutant).violation;
        },
        [](size_t) { return kTimeoutSeconds; });
    if (ends[0].how == WorkerEnd::How::kSignal) return "the context crashes";
    if (ends[0].how == WorkerEnd::How::kDone && !ends[0].text.empty()) return ends[0].text;
  }
  return "";
}

}  // namespace ddpsim

#include "sim/sweep/expand.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sim/result/result_json.h"
#include "sim/result/sha256.h"
#include "sim/scenario/resolved_json.h"
#include "sim/sweep/axis_values.h"
#include "sim/sweep/cost_estimate.h"
#include "sim/sweep/derived_seed.h"
#include "sim/sweep/rerun_command.h"
#include "sim/sweep/rule_reader.h"

namespace ddpsim::sweep {
namespace {

class Expander {
 public:
  Expander(const SweepPlan& plan, const ExpandInput& input, Diagnostics& out)
      : plan_(plan), input_(input), out_(out) {}

  std::optional<Expansion> Run() {
    DescribeSweep();
    if (!CheckSize()) return std::nullopt;
    std::vector<size_t> position(plan_.dimensions.size(), 0);
    bool any = false;
    do {
      const std::vector<size_t> indices = IndicesOf(position);
      if (!Wanted(plan_, indices)) continue;
      any = true;
      AddCell(indices);
    } while (Advance(position));
    if (!any) out_.Add(plan_.where_origin, "the filters leave no point");
    if (!out_.empty()) return std::nullopt;
    return std::move(result_);
  }

 private:
  void DescribeSweep() {
    Sweep& sweep = result_.sweep;
    sweep.name = input_.name;
    sweep.description = plan_.description;
    sweep.model_version = input_.model_version;
    sweep.repetitions = plan_.repetitions;
    sweep.timeout_seconds = plan_.timeout_seconds;
    sweep.extra_metrics = plan_.extra_metrics;
    for (const Axis& axis : plan_.axes) {
      SweepAxis out{axis.pointer, axis.name, axis.labels, {}, Follows(sweep.axes.size())};
      for (const JsonNode& value : axis.values) {
        if (const std::optional<double> number = NumberOf(value)) out.numbers.push_back(*number);
      }
      if (out.numbers.size() != axis.values.size()) out.numbers.clear();
      sweep.axes.push_back(std::move(out));
    }
  }

  bool Follows(size_t axis) const {
    return std::any_of(plan_.dimensions.begin(), plan_.dimensions.end(), [&](const Dimension& d) {
      return std::find(d.axes.begin() + 1, d.axes.end(), axis) != d.axes.end();
    });
  }

  bool CheckSize() {
    double points = static_cast<double>(plan_.repetitions);
    for (const Dimension& dimension : plan_.dimensions)
      points *= static_cast<double>(dimension.size);
    // Filters may leave few of many; walking through this many takes a second.
    if (points <= 100.0 * kMaxPoints) return true;
    out_.Add({plan_.base_origin.file, "/axes", {}}, absl::StrCat("a grid of ", points, " points"));
    return false;
  }

  std::vector<size_t> IndicesOf(const std::vector<size_t>& position) const {
    std::vector<size_t> indices(plan_.axes.size(), 0);
    for (size_t d = 0; d < position.size(); ++d) {
      for (size_t axis : plan_.dimensions[d].axes) indices[axis] = position[d];
    }
    return indices;
  }

  // The next position, the last dimension fastest; false after the last.
  bool Advance(std::vector<size_t>& position) const {
    for (size_t d = position.size(); d-- > 0;) {
      if (++position[d] < plan_.dimensions[d].size) return true;
      position[d] = 0;
    }
    return false;
  }

  LoadOptions OptionsFor(const std::vector<size_t>& indices) const {
    LoadOptions options = input_.options;
    options.several_seeds = plan_.repetitions > 1;
    // The base's own expectations are those of the base's own settings.
    JsonNode nothing;
    nothing.kind = JsonNode::Kind::kObject;
    nothing.origin_file = plan_.base_origin.file;
    options.placed.push_back({"/expect", nothing, plan_.base_origin});
    for (const PlacedOverride& set : plan_.set) options.placed.push_back(set);
    for (size_t i = 0; i < indices.size(); ++i) {
      const Axis& axis = plan_.axes[i];
      options.placed.push_back({axis.pointer, axis.values[indices[i]], axis.key, true});
    }
    return options;
  }

  void AddCell(const std::vector<size_t>& indices) {
    if (result_.scenarios.size() > kMaxPoints) {
      if (!full_)
        out_.Add({plan_.base_origin.file, "/axes", {}},
                 absl::StrCat("more than ", kMaxPoints, " points"));
      full_ = true;
      return;
    }
    LoadResult loaded = LoadScenario(input_.base, input_.base_origin, OptionsFor(indices));
    for (const Diagnostic& bad : loaded.diagnostics.list()) out_.Add(bad.origin, bad.text);
    if (!loaded.plan || !out_.empty()) return;
    ScenarioPlan& scenario = *loaded.plan;
    scenario.scenario.description.clear();  // changes nothing that is simulated
    SweepCell cell;
    cell.indices = indices;
    AddRuns("", scenario.scenario, cell);
    for (const ScenarioVariant& variant : scenario.variants)
      AddRuns(variant.name, variant.scenario, cell);
    cell.command = RerunCommand(plan_, input_, indices);
    const int64_t seed = scenario.scenario.seed;
    for (int64_t r = 0; r < plan_.repetitions; ++r) {
      scenario.scenario.seed = DerivedSeed(seed, r);
      const std::string text = JsonFileText(ResolvedJson(scenario));
      const std::string id = PointId(text, input_.model_version);
      cell.points.push_back({id, r, scenario.scenario.seed});
      result_.scenarios.emplace(id, text);
    }
    result_.sweep.cells.push_back(std::move(cell));
  }

  static void AddRuns(const std::string& variant, const Scenario& scenario, SweepCell& cell) {
    for (Mode mode : scenario.compare) cell.runs.push_back({variant, ModeName(mode)});
    cell.weight += EstimatedPackets(scenario) * static_cast<double>(scenario.compare.size());
  }

  const SweepPlan& plan_;
  const ExpandInput& input_;
  Diagnostics& out_;
  Expansion result_;
  bool full_ = false;
};

}  // namespace

std::string PointId(const std::string& scenario, const std::string& model_version) {
  return Sha256Hex(absl::StrCat(model_version, "\n", scenario)).substr(0, 16);
}

std::optional<Expansion> Expand(const SweepPlan& plan, const ExpandInput& input, Diagnostics& out) {
  return Expander(plan, input, out).Run();
}

}  // namespace ddpsim::sweep

// A sweep spelled out: every cell of the grid (one value per axis) with its points (one per
// repetition, each a scenario of its own seed). DIR/plan.json holds it, so that status, merge,
// report and a batch on another machine need nothing but the folder. Invariant: cells stand in plan
// order, the first axis varying slowest; two points with the same id are the same simulation.
#ifndef DDPSIM_SIM_SWEEP_SWEEP_H_
#define DDPSIM_SIM_SWEEP_SWEEP_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ddpsim::sweep {

inline constexpr char kPlanFormat[] = "ddpsim-sweep/1";

struct SweepAxis {
  std::string pointer;
  std::string name;
  std::vector<std::string> labels;  // one per value
  std::vector<double> numbers;      // the same as numbers, sizes in bytes; empty: they are words
  bool follows = false;             // zipped to an axis before it: says nothing of its own
};

// One element of a result's runs[].
struct RunKey {
  std::string variant;
  std::string mode;
};

struct SweepPoint {
  std::string id;
  int64_t repetition = 0;
  int64_t seed = 0;
};

struct SweepCell {
  std::vector<size_t> indices;  // per axis
  std::vector<RunKey> runs;
  std::vector<SweepPoint> points;
  double weight = 0;    // what one point costs to run, in packets
  std::string command;  // arguments of `ddpsim` that run it again, save the seed
};

struct Sweep {
  std::string name;  // of the plan's file, without folder and extension
  std::string description;
  std::string model_version;
  int64_t repetitions = 1;
  int64_t timeout_seconds = 0;
  std::vector<std::string> extra_metrics;
  std::vector<SweepAxis> axes;
  std::vector<SweepCell> cells;

  // Every id once, in plan order.
  std::vector<std::string> Ids() const;
  size_t PointCount() const { return cells.size() * static_cast<size_t>(repetitions); }
  // "bs=64k mtu=1500"; axes that follow others only if `all`.
  std::string CellName(const SweepCell& cell, bool all = false) const;
};

nlohmann::ordered_json SweepJson(const Sweep& sweep);
// An error, or "".
std::string SweepFromJson(const std::string& text, Sweep* out);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_SWEEP_H_

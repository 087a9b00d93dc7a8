// DIR of a sweep: plan.json, points/ID.json (results, sealed), failed/ID.json (why a point has
// none, sealed), scenarios/ID.json, tmp/, slurm/, results.csv, results.json, report.html.
// Invariant: who runs points holds the lock; a point whose file is not sealed for its id counts as
// missing.
#ifndef DDPSIM_SIM_SWEEP_SWEEP_FOLDER_H_
#define DDPSIM_SIM_SWEEP_SWEEP_FOLDER_H_

#include <optional>
#include <string>

#include "sim/sweep/sweep.h"

namespace ddpsim::sweep {

enum class PointState { kMissing, kDone, kFailed };

class SweepFolder {
 public:
  explicit SweepFolder(std::string path) : path_(std::move(path)) {}
  ~SweepFolder();
  SweepFolder(const SweepFolder&) = delete;
  SweepFolder& operator=(const SweepFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }
  std::string PointFile(const std::string& id) const { return File("points/" + id + ".json"); }
  std::string FailedFile(const std::string& id) const { return File("failed/" + id + ".json"); }
  std::string ScenarioFile(const std::string& id) const {
    return File("scenarios/" + id + ".json");
  }
  // In tmp/, apart for each process on each machine.
  std::string TemporaryFile(const std::string& name) const;

  // The first symbolic link within the folder (which may be one itself), or "": what a sweep reads
  // and writes there is its own, never what a link leads to.
  std::string WhyNotOwn() const;
  // Makes what is missing of the folders. What went wrong, or "".
  std::string Create() const;
  // Takes the lock till the end of this object. False: *error says why, *busy that another has it.
  bool Lock(std::string* error, bool* busy);
  // Whether somebody holds the lock now.
  bool Busy() const;
  bool HoldsPoints() const;
  // Files that earlier processes of this machine left behind; the caller holds the lock.
  void RemoveTemporaries() const;

  // An error, or "".
  std::string WritePlan(const Sweep& sweep) const;
  // *status (may be null) as ReadFile() has it, and kExitBadData of what is no plan.
  std::string ReadPlan(Sweep* sweep, int* status = nullptr) const;

  PointState StateOf(const std::string& id) const;
  std::string Commit(const std::string& path, const std::string& text) const;

 private:
  std::string path_;
  int lock_ = -1;
};

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_SWEEP_FOLDER_H_

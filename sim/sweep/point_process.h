// Runs one point in a process of its own: `ddpsim run` on the resolved scenario. A crash, the
// kernel's out-of-memory killer or a hang costs this point only. The result is committed to DIR
// only when it is whole and every law held; else the reason is. Invariant: when the parent dies, so
// do the processes it started.
#ifndef DDPSIM_SIM_SWEEP_POINT_PROCESS_H_
#define DDPSIM_SIM_SWEEP_POINT_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "sim/sweep/sweep_folder.h"

namespace ddpsim::sweep {

struct PointEnd {
  enum class How { kDone, kFailed, kIoError };
  How how = How::kFailed;
  std::string text;  // why, if not kDone
  int64_t sim_time_ns = 0;
};

class PointProcess {
 public:
  // `program` and its first arguments; "run SCENARIO --quiet --json FILE" follows.
  PointProcess(const SweepFolder& folder, const std::vector<std::string>& program, std::string id);

  // What went wrong, or "".
  std::string Start();
  void Kill() const;
  pid_t pid() const { return pid_; }
  const std::string& id() const { return id_; }

  // Of a process that was waited for: `status` is waitpid's. Commits result or reason.
  PointEnd Finish(int status, bool timed_out);
  // Of one that was killed on purpose: leaves nothing.
  void Abandon() const;

 private:
  [[noreturn]] void Become(pid_t parent);
  PointEnd Judge(int status, bool timed_out);
  PointEnd CommitResult(const std::string& text);
  PointEnd CommitFailure(const std::string& reason, const std::string& result);
  std::string LogTail() const;

  const SweepFolder& folder_;
  const std::vector<std::string>& program_;
  std::string id_;
  std::string result_;
  std::string log_;
  pid_t pid_ = 0;
};

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_POINT_PROCESS_H_

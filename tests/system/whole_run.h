// A run of the whole system in one mode, to look at when it is over: its boxes, its result, and how
// many units of each row of the cost table were charged from connect to the end.
#ifndef DDPSIM_TESTS_SYSTEM_WHOLE_RUN_H_
#define DDPSIM_TESTS_SYSTEM_WHOLE_RUN_H_

#include <catch2/catch.hpp>
#include <cstdint>

#include "ddpsim/net/cost.h"
#include "ddpsim/ports/fresh_kernel.h"
#include "models/kernel/cost_ledger.h"
#include "sim/scenario/scenario.h"
#include "sim/system/cost_profile.h"
#include "sim/system/result_builder.h"
#include "sim/system/system.h"

namespace ddpsim {

inline Scenario SmallScenario(int64_t ios = 60) {
  Scenario scenario;
  scenario.workload.total_ios = ios;
  scenario.workload.iodepth = 8;
  return scenario;
}

class WholeRun {
 public:
  WholeRun(const Scenario& scenario, Mode mode)
      : config_(TranslateScenario(scenario, mode, Profile())), system_(config_, nullptr) {
    end_ = system_.Run(nullptr, [](int64_t, SimTime) {});
    result_ = BuildResult(&system_, end_);
    for (const Violation& violation : result_.verification.violations)
      UNSCOPED_INFO(violation.law << ": " << violation.detail);
    REQUIRE(result_.verification.verdict == "pass");
    REQUIRE(result_.verification.violations.empty());
    for (uint32_t i = 0; i < kernel().cpu().cores(); ++i)
      AddLedger(kernel().cpu().core(i).ledger(), &ledger_);
    io_ = system_.nvme().IoStats();
    all_ = io_;
    all_ += system_.nvme().controller().admin_queue().stats();
  }

  // Units of `row`, of all contexts.
  int64_t Units(Cost row) const {
    int64_t sum = 0;
    for (size_t i = 0; i < kCpuContexts; ++i) sum += Units(row, static_cast<CpuContext>(i));
    return sum;
  }
  int64_t Units(Cost row, CpuContext context) const {
    const int64_t price = config_.costs.millicycles[static_cast<size_t>(row)];
    const int64_t cycles =
        ledger_.millicycles[static_cast<size_t>(row)][static_cast<size_t>(context)];
    REQUIRE(price > 0);
    REQUIRE(cycles % price == 0);
    return cycles / price;
  }

  System& system() { return system_; }
  Kernel& kernel() { return system_.kernel(); }
  RunEnd end() const { return end_; }
  const RunResult& result() const { return result_; }
  const HostQueueStats& io() const { return io_; }    // of the I/O queues
  const HostQueueStats& all() const { return all_; }  // of these and the admin queue
  const NicStats& nic() { return system_.nic().stats(); }
  const PcieUsage& pcie() const { return system_.pcie().usage(); }

 private:
  static CostProfile Profile() {
    const absl::StatusOr<CostProfile> profile = LoadCostProfile("e5-2660v4");
    REQUIRE(profile.ok());
    return *profile;
  }

  FreshKernel simulation_;
  SystemConfig config_;
  System system_;
  RunEnd end_;
  RunResult result_;
  CostLedger ledger_;
  HostQueueStats io_;
  HostQueueStats all_;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_SYSTEM_WHOLE_RUN_H_

// Settings and counters of the modelled cores. Defaults: Linux 6.1 with HZ=1000 (net/core/dev.c
// netdev_budget, netdev_budget_usecs = 2 jiffies; kernel/softirq.c MAX_SOFTIRQ_TIME,
// MAX_SOFTIRQ_RESTART).
#ifndef DDPSIM_MODELS_KERNEL_CPU_CONFIG_H_
#define DDPSIM_MODELS_KERNEL_CPU_CONFIG_H_

#include <cstdint>

#include "ddpsim/base/fields.h"

namespace ddpsim {

struct CpuConfig {
  int64_t cores = 1;
  int64_t netdev_budget = 300;
  int64_t netdev_budget_usecs = 2000;
  int64_t max_softirq_restart = 10;
  int64_t max_softirq_usecs = 2000;
  int64_t work_turn_usecs = 1000;  // nvme_tcp_io_work() requeues itself after a millisecond

  template <class V>
  void Describe(V& v) {
    v.Integer("cores", cores, Range<int64_t>{1, 64}, "", "modelled cores");
    v.Integer("netdev_budget", netdev_budget, Range<int64_t>{1, 10000}, "packets",
              "net_rx_action() round");
    v.Integer("netdev_budget_usecs", netdev_budget_usecs, Range<int64_t>{1, 1000000}, "us",
              "net_rx_action() round");
    v.Integer("max_softirq_restart", max_softirq_restart, Range<int64_t>{1, 1000}, "",
              "MAX_SOFTIRQ_RESTART");
    v.Integer("max_softirq_usecs", max_softirq_usecs, Range<int64_t>{1, 1000000}, "us",
              "MAX_SOFTIRQ_TIME");
    v.Integer("work_turn_usecs", work_turn_usecs, Range<int64_t>{1, 1000000}, "us",
              "a work's turn on the kworker");
  }
};

struct CpuStats {
  uint64_t pieces = 0;
  uint64_t hardirqs = 0;
  uint64_t softirq_runs = 0;
  uint64_t time_squeezes = 0;  // rounds cut by budget or time (softnet_stat)
  uint64_t ksoftirqd_wakeups = 0;
  uint64_t context_switches = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_CPU_CONFIG_H_

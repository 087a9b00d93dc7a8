// How long a point takes to run, for --dry-run and for the time left: the work grows with the
// packets that are simulated. Left out: what faults add.
#ifndef DDPSIM_SIM_SWEEP_COST_ESTIMATE_H_
#define DDPSIM_SIM_SWEEP_COST_ESTIMATE_H_

#include "sim/scenario/scenario.h"

namespace ddpsim::sweep {

// Measured on an Intel Xeon at 2.8 GHz, g++ -O3: quickstart, 200,000 packets in 0.3 s. The first
// finished points replace it.
inline constexpr double kSecondsPerPacket = 1.7e-6;
// Process, system set-up: measured as above with 1 I/O.
inline constexpr double kSecondsPerPoint = 0.02;

// Packets of one run, both directions.
inline double EstimatedPackets(const Scenario& scenario) {
  const settings::WorkloadConfig& load = scenario.workload;
  const double bs = static_cast<double>(load.bs);
  // An I/O is a command, its data in packets that lack 52 bytes of IP, TCP and options, and ACKs.
  const double per_io = 4 + bs / static_cast<double>(scenario.network.mtu - 52);
  double ios = static_cast<double>(load.total_ios + load.ramp_ios);
  // A guess where time ends the run: the host takes 20 Gb/s.
  if (load.total_ios == 0) ios += static_cast<double>(load.runtime_ms) * 1e-3 * 20e9 / 8 / bs;
  return ios * per_io;
}

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_COST_ESTIMATE_H_

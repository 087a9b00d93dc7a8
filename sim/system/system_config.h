// From one resolved scenario and a mode to the settings of every box. The scenario's words are the
// user's; each box has its own config struct and knows nothing of scenarios.
#ifndef DDPSIM_SIM_SYSTEM_SYSTEM_CONFIG_H_
#define DDPSIM_SIM_SYSTEM_SYSTEM_CONFIG_H_

#include "ddpsim/net/content.h"
#include "models/kernel/kernel_config.h"
#include "models/link/link.h"
#include "models/mem/llc.h"
#include "models/nic/nic_config.h"
#include "models/nvme_host/controller_config.h"
#include "models/nvme_host/load_config.h"
#include "models/nvme_target/target_config.h"
#include "models/pcie/tlp_timing.h"
#include "sim/scenario/scenario.h"
#include "sim/system/cost_profile.h"

namespace ddpsim {

// What SO_RCVBUF makes of less (Linux 6.1 SOCK_MIN_RCVBUF).
inline constexpr int64_t kMinRcvbuf = 2304;

struct SystemConfig {
  uint64_t seed = 1;
  CostTable costs;
  LlcConfig llc;
  PcieConfig pcie;
  LinkQueueConfig link;
  LinkFaults c2h_faults;
  LinkFaults h2c_faults;
  bool faults_from_start = false;
  uint64_t faults_ios = 0;  // faults end when that many I/Os are done; 0: never
  NicConfig nic;
  KernelConfig kernel;
  NvmeHostConfig nvme;
  bool offload = false;  // the driver offers it at all
  LoadConfig load;
  ContentKind content = ContentKind::kPattern;
  TargetConfig target;
  bool data_digest = true;
  uint64_t tie_seed = 0;  // Calendar::SetTieSeed()
  // What the resync design promises after faults (liveness_law.h).
  bool resync_promised = false;
  uint64_t resync_bound = 0;
  bool resync_last_byte = false;
  bool keeps_sync = true;
  // The scenario asks for corruption that nothing can catch, and its `expect` says so.
  bool corruption_expected = false;
};

SystemConfig TranslateScenario(const Scenario& scenario, Mode mode, const CostProfile& profile);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_SYSTEM_CONFIG_H_

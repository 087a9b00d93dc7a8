// Whether anything is still on its way in a system: asked of each box's own state, so that it holds
// for whatever delay, moderation or latency a scenario sets. What only ends something that nobody
// uses any more (FIN-WAIT-2, TIME-WAIT, the target's keep-alive) is not on its way. Left out: the
// nvme-tcp initiator's timers; whoever asks knows whether it is closed.
#ifndef DDPSIM_SIM_SYSTEM_QUIESCENCE_H_
#define DDPSIM_SIM_SYSTEM_QUIESCENCE_H_

#include "models/kernel/kernel.h"
#include "models/link/link.h"
#include "models/nic/nic.h"
#include "models/nvme_target/target_host.h"
#include "models/pcie/pcie_module.h"

namespace ddpsim {

struct QuietBoxes {
  const Link* c2h = nullptr;
  const Link* h2c = nullptr;
  const Nic* nic = nullptr;
  const PcieModule* pcie = nullptr;
  const Kernel* kernel = nullptr;
  const TargetHost* target = nullptr;
};

// Where something is on its way, in words; null: nowhere. REQUIRES: no box is being called.
const char* WhereBusy(const QuietBoxes& boxes);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_QUIESCENCE_H_

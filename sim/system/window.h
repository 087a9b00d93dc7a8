// The measured window: what counters stood at when it opened and when it closed.
#ifndef DDPSIM_SIM_SYSTEM_WINDOW_H_
#define DDPSIM_SIM_SYSTEM_WINDOW_H_

#include "ddpsim/net/exec_context.h"
#include "models/nvme_host/queue_config.h"

namespace ddpsim {

struct WindowSnapshot {
  SimTime at;
  CostLedger ledger;
  SimTime busy;
  HostQueueStats io;
};

struct Window {
  WindowSnapshot start;
  WindowSnapshot end;
  bool open = false;
  bool closed = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_WINDOW_H_

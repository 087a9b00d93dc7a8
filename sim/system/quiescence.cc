#include "sim/system/quiescence.h"

namespace ddpsim {

const char* WhereBusy(const QuietBoxes& boxes) {
  if (!boxes.c2h->quiet()) return "on the link to the host";
  if (!boxes.h2c->quiet()) return "on the link to the target";
  if (!boxes.nic->quiet()) return "in the NIC";
  if (!boxes.pcie->quiet()) return "on PCIe";
  if (!boxes.kernel->quiet()) return "in the host's kernel";
  if (!boxes.target->quiet()) return "at the target";
  return nullptr;
}

}  // namespace ddpsim

#include "sim/validate/unseen_corruption.h"

namespace ddpsim {
namespace {

using settings::CorruptConfig;
using settings::CorruptField;
using settings::FaultConfig;
using settings::NvmeConfig;

bool CorruptsUnseen(const FaultConfig& faults, const NvmeConfig& nvme) {
  if (!faults.script.flipped.empty() && !faults.script.segments.empty()) return true;
  const CorruptConfig& corrupt = faults.corrupt;
  if ((corrupt.probability <= 0 && corrupt.list.empty()) || !corrupt.fix_checksum) return false;
  const bool in_data =
      corrupt.field == CorruptField::kData || corrupt.field == CorruptField::kDigest;
  return !(nvme.data_digest && (in_data || nvme.header_digest));
}

}  // namespace

bool CorruptsUnseen(const Scenario& scenario) {
  return CorruptsUnseen(scenario.network.c2h, scenario.host.nvme) ||
         CorruptsUnseen(scenario.network.h2c, scenario.host.nvme);
}

}  // namespace ddpsim

#include "sim/validate/known_defects.h"

namespace ddpsim {
namespace {

using settings::CorruptConfig;
using settings::CorruptField;
using settings::FaultConfig;
using settings::NicDriver;
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

void LeaveOutKnownDefects(Scenario* s) {
  const bool nic_verifies = s->compare[0] == Mode::kCrc || s->compare[0] == Mode::kDdpCrc;
  settings::NicConfig& nic = s->host.nic;
  // Offload facts section 9, 1: v1 to v9 merge skbs of unequal crc bits.
  const bool corrupts =
      s->network.c2h.corrupt.fix_checksum || !s->network.c2h.script.flipped.empty();
  if (nic_verifies && corrupts && nic.driver < NicDriver::kV10) nic.driver = NicDriver::kV10;
  // 2: with C2HData in chunks the whole request is summed up against one PDU's digest.
  if (nic_verifies && s->host.nvme.data_digest) s->target.c2h_chunk = 0;
  // 14: a ccid that is used again without a generation.
  nic.offload.ccid_gen = true;
  // A NIC that waits at a gap places retransmissions, which no version's driver is ready for.
  if (!nic.offload.ddp_across_data_gap) nic.offload.sgl_cursor_restarts = true;
  // Bytes that were let pass, in a gap or in a segment that overlaps what is expected, are placed
  // through the ccid's next mapping when they come again.
  if (!nic.offload.ddp_across_data_gap || !s->network.c2h.script.segments.empty())
    nic.offload.skips_seen_bytes = true;
}

bool CorruptsUnseen(const Scenario& scenario) {
  return CorruptsUnseen(scenario.network.c2h, scenario.host.nvme) ||
         CorruptsUnseen(scenario.network.h2c, scenario.host.nvme);
}

}  // namespace ddpsim

// The two directions of a device's PCI Express link as two serial resources with latency behind
// them. Up: posted writes and read requests of the device. Down: completions and the CPU's register
// writes. Left out: read tags (outstanding reads are unlimited), other devices, IOMMU. Invariants:
// (1) times returned by PostedWrite() never decrease (PCIe ordering: posted passes nothing posted),
// nor do those of Mmio(); (2) a read request does not pass the writes before it; (3) `now` never
// decreases between calls of one direction.
#ifndef DDPSIM_MODELS_PCIE_PCIE_LINK_H_
#define DDPSIM_MODELS_PCIE_PCIE_LINK_H_

#include <cstdint>

#include "ddpsim/base/sim_time.h"
#include "models/pcie/tlp_timing.h"

namespace ddpsim {

struct PcieUsage {
  SimTime up_busy;    // occupancy of the device-to-host direction
  SimTime down_busy;  // of the other
  int64_t posted_writes = 0;
  int64_t posted_bytes = 0;
  int64_t reads = 0;
  int64_t read_bytes = 0;
  int64_t mmio_writes = 0;
};

class PcieLink {
 public:
  explicit PcieLink(const PcieConfig& config)
      : timing_(config),
        posted_(SimTime::Ns(config.posted_ns)),
        read_(SimTime::Ns(config.read_ns)),
        mmio_(SimTime::Ns(config.mmio_ns)) {}

  // When the last byte is visible to the host.
  SimTime PostedWrite(uint64_t bytes, SimTime now);
  // When the last completion has reached the device.
  SimTime Read(uint64_t bytes, SimTime now);
  // When a register write of the CPU (at most 64 bytes) takes effect in the device.
  SimTime Mmio(SimTime now);

  const PcieUsage& usage() const { return usage_; }

 private:
  static SimTime Later(SimTime a, SimTime b) { return a < b ? b : a; }

  TlpTiming timing_;
  SimTime posted_;
  SimTime read_;
  SimTime mmio_;
  SimTime up_free_;
  SimTime down_free_;  // reserved for completions up to here, which may be ahead of now by the
                       // round trip
  SimTime mmio_free_;
  PcieUsage usage_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_PCIE_PCIE_LINK_H_

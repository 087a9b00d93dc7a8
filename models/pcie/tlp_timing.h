// How long a transfer occupies one direction of a PCI Express link: it is cut into TLPs, each with
// header, framing and LCRC, and a share of the line goes to DLLPs (ACK, UpdateFC). Figures: PCI
// Express Base Specification 3.0, sections 2.2 (headers), 3.5 (LCRC) and 4.2.2 (128b/130b, STP
// token); Neugebauer et al., "Understanding PCIe performance for end host networking", SIGCOMM'18,
// section 3, for the sums and the DLLP share.
// Left out: credits (a host that never stalls), address alignment of the cuts (RCB), relaxed
// ordering, ECRC. Invariant: integer arithmetic only; at least one TLP per transfer.
#ifndef DDPSIM_MODELS_PCIE_TLP_TIMING_H_
#define DDPSIM_MODELS_PCIE_TLP_TIMING_H_

#include <cstdint>

#include "ddpsim/base/fields.h"
#include "ddpsim/base/sim_time.h"

namespace ddpsim {

struct PcieConfig {
  int64_t gen = 3;  // ASPLOS'21 test bed: gen3 x16
  int64_t lanes = 16;
  int64_t mps = 256;   // MaxPayloadSize, common on Xeon E5 root ports
  int64_t mrrs = 512;  // MaxReadRequestSize, Linux default of the device's reset value
  // Device to memory controller, one way. Guess: half of a read's round trip.
  int64_t posted_ns = 350;
  // Request to first completion. SIGCOMM'18 Fig. 6: 547 ns median for 64 cached bytes on a Haswell
  // E5; guess for a NIC's own pipeline and DRAM on top.
  int64_t read_ns = 800;
  // Core to device register, one way. Guess, as posted_ns.
  int64_t mmio_ns = 350;

  template <class V>
  void Describe(V& v) {
    v.Integer("gen", gen, {1, 5}, "", "PCI Express generation");
    v.Integer("lanes", lanes, {1, 32}, "lanes", "link width");
    v.Integer("mps", mps, {128, 4096}, "byte", "MaxPayloadSize of a TLP");
    v.Integer("mrrs", mrrs, {128, 4096}, "byte", "MaxReadRequestSize");
    v.Integer("posted_ns", posted_ns, {0, 100'000}, "ns", "latency of a posted write");
    v.Integer("read_ns", read_ns, {0, 100'000}, "ns", "round trip of a read");
    v.Integer("mmio_ns", mmio_ns, {0, 100'000}, "ns", "latency of a register write");
  }
};

class TlpTiming {
 public:
  explicit TlpTiming(const PcieConfig& config);

  // Memory writes, towards either side.
  SimTime Write(uint64_t bytes) const {
    return OnWire(bytes, Count(bytes, mps_), kRequestOverhead);
  }
  // Read requests, which carry no data.
  SimTime ReadRequests(uint64_t bytes) const {
    return OnWire(0, Count(bytes, mrrs_), kRequestOverhead);
  }
  SimTime Completions(uint64_t bytes) const {
    return OnWire(bytes, Count(bytes, mps_), kCompletionOverhead);
  }
  static uint64_t Count(uint64_t bytes, uint64_t limit) {
    return bytes <= limit ? 1 : (bytes + limit - 1) / limit;
  }
  uint64_t mps() const { return mps_; }

 private:
  // STP token with sequence number 4 B, 4-DW header (64-bit address) 16 B, LCRC 4 B.
  static constexpr uint64_t kRequestOverhead = 24;
  // The same with the 3-DW header of CplD.
  static constexpr uint64_t kCompletionOverhead = 20;

  SimTime OnWire(uint64_t payload, uint64_t tlps, uint64_t overhead) const {
    const uint64_t whole_dw = (payload + 3) & ~uint64_t{3};
    return SimTime::Ps(static_cast<int64_t>((whole_dw + tlps * overhead) * fs_per_byte_ / 1000));
  }

  uint64_t mps_;
  uint64_t mrrs_;
  uint64_t fs_per_byte_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_PCIE_TLP_TIMING_H_

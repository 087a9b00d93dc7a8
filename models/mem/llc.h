// The last-level cache as the cost model needs it: is this range of host memory cached? Residency
// is kept per 4 KiB page with random replacement and, within a resident page, per 64-byte line; so
// a page touched packet by packet misses on every line once. With capacity C and cyclic use of a
// working set W a page survives with h = exp(-(1-h) W/C): the copy cliff between 16 and 32 MiB of
// fio buffers (Pismenny et al., "Autonomous NIC Offloads", ASPLOS'21, Fig. 10) follows from that.
// Left out: sets and ways as such, inner caches, write-back traffic, sharing between cores.
// Invariants: slot and page refer to each other; a device never evicts a page outside the DDIO
// share.
#ifndef DDPSIM_MODELS_MEM_LLC_H_
#define DDPSIM_MODELS_MEM_LLC_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/ids.h"
#include "ddpsim/base/rng.h"

namespace ddpsim {

struct LlcConfig {
  // Not the 35 MB that Intel states for an E5-2660 v4: the measured cliff asks for less (other
  // users, inclusive of L2). Guess that fits ASPLOS'21 Fig. 10.
  uint64_t capacity_bytes = uint64_t{20} << 20;
  // DDIO writes allocate in 2 of 20 ways by default (Intel DDIO technology brief, 2012: 10 %).
  uint64_t ddio_permille = 100;
};

// Cache lines of one access.
struct LlcAccess {
  uint32_t hits = 0;
  uint32_t misses = 0;
};

class Llc {
 public:
  static constexpr uint64_t kPageSize = 4096;
  static constexpr uint64_t kLineSize = 64;

  // `base` is the lowest address that will ever be asked for.
  Llc(const LlcConfig& config, PhysAddr base, Rng rng);

  // A load or store by a core: lines that were not there are there afterwards.
  LlcAccess Touch(PhysAddr addr, uint64_t size);
  // A posted write by a device: updates in place what is resident, else allocates in the DDIO
  // share.
  LlcAccess TouchByDevice(PhysAddr addr, uint64_t size);
  // A read by a device, which allocates nothing.
  LlcAccess Probe(PhysAddr addr, uint64_t size) const;

 private:
  static constexpr uint32_t kNone = 0xffff'ffff;
  struct Slot {
    uint64_t lines = 0;  // bit per line of the page
    uint32_t page = kNone;
  };

  // step(page, lines) says which of the lines are there.
  template <class Step>
  static LlcAccess ForEachPage(uint64_t offset, uint64_t size, Step step);
  uint64_t TouchPage(uint32_t page, uint64_t lines, bool by_device);
  // An unused slot while there are any, else a random one, emptied.
  uint32_t VictimForCore();
  uint32_t VictimForDevice();
  uint32_t Evict(uint32_t slot);

  PhysAddr base_;
  std::vector<Slot> slots_;        // the first `ddio_slots_` are the DDIO share
  std::vector<uint32_t> slot_of_;  // by page number from base_
  uint32_t ddio_slots_;
  uint32_t ddio_filled_ = 0;  // DDIO slots in use
  uint32_t core_filled_;      // first unused slot above the DDIO share
  Rng rng_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_MEM_LLC_H_

// What passive checkers may watch where the device meets host memory. No-op by default.
#ifndef DDPSIM_HW_DMA_OBSERVER_H_
#define DDPSIM_HW_DMA_OBSERVER_H_

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/base/sim_time.h"

namespace ddpsim {

class DmaObserver {
 public:
  virtual ~DmaObserver() = default;
  // The device posted a write at `issued`; the bus says that it is visible at `done`.
  virtual void OnPosted(PhysAddr addr, ByteSpan data, bool is_message, SimTime issued,
                        SimTime done) {}
  // The device wrote memory. `at` is when a bulk write was issued, or when a message (CQE) landed.
  virtual void OnDmaWrite(PhysAddr addr, ByteSpan data, bool is_message, SimTime at) {}
  virtual void OnDmaRead(PhysAddr addr, uint32_t size, SimTime at) {}
  virtual void OnInterrupt(uint32_t vector, SimTime at) {}
};

}  // namespace ddpsim

#endif  // DDPSIM_HW_DMA_OBSERVER_H_

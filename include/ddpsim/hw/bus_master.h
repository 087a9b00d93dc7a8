// What a PCIe device sees of the bus: posted writes, which stay in order, and non-posted reads.
// TLM-2.0 loosely timed: the transfer happens within the call and the returned time says when it is
// over in the simulated system. Invariants: (1) times returned by the two writes never decrease;
// (2) data of Write() is in memory at once, so nobody may look at it before a later WriteMessage()
// (the CQE, then MSI-X) tells so, which lands exactly at its time.
#ifndef DDPSIM_HW_BUS_MASTER_H_
#define DDPSIM_HW_BUS_MASTER_H_

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/base/sim_time.h"

namespace ddpsim {

class BusMaster {
 public:
  virtual ~BusMaster() = default;
  // Posted write of bulk data. Returns when it is visible to the host.
  virtual SimTime Write(PhysAddr addr, ByteSpan data, SimTime now) = 0;
  // Posted write of at most 128 bytes that becomes visible at the returned time and not before.
  virtual SimTime WriteMessage(PhysAddr addr, ByteSpan data, SimTime now) = 0;
  // Non-posted read; returns when the last completion has reached the device.
  virtual SimTime Read(PhysAddr addr, MutableByteSpan out, SimTime now) = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_HW_BUS_MASTER_H_

// Data before CQE before interrupt: posted writes become visible in the order in which the device
// issued them; a receive CQE comes after as many data bytes as it reports; an interrupt comes after
// a CQE (PCIe base specification, transaction ordering), and is raised only while a CQ of its
// vector is armed, once for each time (mlx5: an event disarms). Left out: which of a vector's CQs
// an interrupt is for. A CQE can be reported twice: as it is written, and once more if its CQ is
// armed by a poll that ended before it was visible.
#ifndef DDPSIM_SIM_CHECK_WRITE_ORDER_LAW_H_
#define DDPSIM_SIM_CHECK_WRITE_ORDER_LAW_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/base/ring_queue.h"
#include "sim/check/law.h"

namespace ddpsim {

class WriteOrderLaw : public Law {
 public:
  WriteOrderLaw() : Law("data_before_cqe_before_interrupt") {}

  void OnPosted(PhysAddr addr, ByteSpan data, bool is_message, SimTime done);
  // A message became visible in memory.
  void OnLanded(PhysAddr addr, SimTime at);
  void OnInterrupt(SimTime at);
  void OnArmed(uint32_t cqn, uint32_t vector);

 private:
  struct Vector {
    uint32_t cqs = 0;
    // Interrupts that its CQs may raise, no more than there are CQs: to arm twice is to arm once.
    uint32_t armed = 0;
  };
  void CheckArmed(ByteSpan message, SimTime done);
  struct Message {
    PhysAddr addr;
    SimTime done;
  };
  void CheckReceiveCqe(ByteSpan cqe, SimTime done);

  SimTime last_done_;
  uint64_t data_since_cqe_ = 0;
  RingQueue<Message> in_flight_;
  uint64_t cqes_landed_ = 0;
  uint64_t interrupts_ = 0;
  std::vector<Vector> vectors_;
  static constexpr uint32_t kNoVector = ~0u;
  // By number. A number is given out again, for a CQ of another vector, when its CQ is gone.
  std::vector<uint32_t> vector_of_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_WRITE_ORDER_LAW_H_

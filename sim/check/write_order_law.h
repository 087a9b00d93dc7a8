// Data before CQE before interrupt: posted writes become visible in the order in which the device
// issued them; a receive CQE comes after as many data bytes as it reports; an interrupt comes after
// a CQE of its own (PCIe base specification, transaction ordering). Left out: which CQE an
// interrupt is for (several CQs share a vector, moderation delays some): there are at most as many
// interrupts as CQEs.
#ifndef DDPSIM_SIM_CHECK_WRITE_ORDER_LAW_H_
#define DDPSIM_SIM_CHECK_WRITE_ORDER_LAW_H_

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

 private:
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
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_WRITE_ORDER_LAW_H_

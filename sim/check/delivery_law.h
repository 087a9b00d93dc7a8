// Every delivered byte is what the disk holds at that place, and nothing beside a buffer was
// touched. The workload compares each buffer as it is reaped, with canaries around it; this law
// judges its counts.
#ifndef DDPSIM_SIM_CHECK_DELIVERY_LAW_H_
#define DDPSIM_SIM_CHECK_DELIVERY_LAW_H_

#include "models/nvme_host/load_config.h"
#include "sim/check/law.h"

namespace ddpsim {

class DeliveryLaw : public Law {
 public:
  DeliveryLaw() : Law("delivered_bytes_right") {}

  // `corruption_expected`: the scenario asks for corruption that nothing can catch and says so.
  // `defect`: the known defect that wrong bytes come from, or null.
  void OnEnd(const LoadStats& load, bool corruption_expected, SimTime now,
             const char* defect = nullptr);

  uint64_t bytes_checked() const { return bytes_checked_; }
  uint64_t wrong_bytes() const { return wrong_bytes_; }

 private:
  uint64_t bytes_checked_ = 0;
  uint64_t wrong_bytes_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_DELIVERY_LAW_H_

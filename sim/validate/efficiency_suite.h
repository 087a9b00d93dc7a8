// How much of the offload must be left under random loss, over many seeds. The law
// offloads_all_it_must judges each segment exactly; these bands judge the sum, against what the
// rules alone make one expect: a loss costs its own retransmission, a lost header an outage, and a
// PDU is verified if none of its packets was lost.
#ifndef DDPSIM_SIM_VALIDATE_EFFICIENCY_SUITE_H_
#define DDPSIM_SIM_VALIDATE_EFFICIENCY_SUITE_H_

#include "sim/validate/validate_report.h"
#include "sim/validate/worker_pool.h"

namespace ddpsim {

// What share of payload is placed, and of PDUs verified: not below `low`, not above `high`.
struct Band {
  double low = 0;
  double high = 1;
};
// Under Bernoulli loss with `probability`; a PDU takes `packets` packets, `outage_packets` pass
// while a lost header is searched, asked about and waited for.
Band PlacedBand(double probability, double packets, double outage_packets);
Band VerifiedBand(double probability, double packets);

void EfficiencySuite(const Workers& workers, ValidateReport* report);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_EFFICIENCY_SUITE_H_

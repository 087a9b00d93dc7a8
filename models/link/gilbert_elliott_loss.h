// Bursty loss by a two-state Markov chain (Gilbert 1960, Elliott 1963; netem "loss gemodel"): as
// there, the state moves first and the packet then meets the loss of the new state. Stationary loss
// is (r * loss_good + p * loss_bad) / (p + r) with p = P(good to bad), r = P(bad to good); stays in
// the bad state last 1 / r packets on average. Invariant: starts in the good state.
#ifndef DDPSIM_MODELS_LINK_GILBERT_ELLIOTT_LOSS_H_
#define DDPSIM_MODELS_LINK_GILBERT_ELLIOTT_LOSS_H_

#include "models/link/loss_model.h"

namespace ddpsim {

class GilbertElliottLoss final : public LossModel {
 public:
  GilbertElliottLoss(const LossFault& fault, Rng rng)
      : leave_{fault.p_good_to_bad, fault.p_bad_to_good},
        loss_{fault.loss_good, fault.loss_bad},
        rng_(rng) {}

  bool Drop(const PacketFacts&) override {
    if (rng_.Bernoulli(leave_[bad_])) bad_ = !bad_;
    return rng_.Bernoulli(loss_[bad_]);
  }

 private:
  double leave_[2];  // by state
  double loss_[2];
  bool bad_ = false;
  Rng rng_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_GILBERT_ELLIOTT_LOSS_H_

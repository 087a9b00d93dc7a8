// Independent loss of every packet, ACKs included, with one probability (netem "loss random").
#ifndef DDPSIM_MODELS_LINK_BERNOULLI_LOSS_H_
#define DDPSIM_MODELS_LINK_BERNOULLI_LOSS_H_

#include "models/link/loss_model.h"

namespace ddpsim {

class BernoulliLoss final : public LossModel {
 public:
  BernoulliLoss(double probability, Rng rng) : probability_(probability), rng_(rng) {}
  bool Drop(const PacketFacts&) override { return rng_.Bernoulli(probability_); }

 private:
  double probability_;
  Rng rng_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_BERNOULLI_LOSS_H_

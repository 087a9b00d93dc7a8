// A rule that decides which packets of one direction never arrive.
#ifndef DDPSIM_MODELS_LINK_LOSS_MODEL_H_
#define DDPSIM_MODELS_LINK_LOSS_MODEL_H_

#include <cstdint>
#include <memory>

#include "ddpsim/base/rng.h"
#include "ddpsim/hw/link_observer.h"
#include "models/link/link_faults.h"
#include "models/link/pdu_locator.h"

namespace ddpsim {

// One packet as the models see it.
struct PacketFacts {
  uint64_t data_number = 0;  // which data packet since faults began, from 1; 0: no TCP payload
  PduLocator::Place place;   // only if LinkFaults::needs_streams(); empty without payload
};

class LossModel {
 public:
  virtual ~LossModel() = default;
  // Whether this packet is lost. Called once for every packet, in the order offered, since faults
  // began.
  virtual bool Drop(const PacketFacts& packet) = 0;
};

// Null for LossKind::kNone. `data_pdu_type`: C2HData or H2CData, whichever the direction carries.
std::unique_ptr<LossModel> MakeLossModel(const LossFault& fault, uint8_t data_pdu_type, Rng rng);
LinkDropReason DropReasonOf(LossKind kind);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_LOSS_MODEL_H_

// Loss of the packet that carries one byte of the header, data or digest of every n-th data PDU;
// later sendings are lost too when `times` says so. PDUs are counted over all connections, in the
// order in which their first bytes are sent since faults began. Invariant: a PDU without that byte
// (no digest, offset beyond the part) counts but loses nothing.
#ifndef DDPSIM_MODELS_LINK_PDU_LOSS_H_
#define DDPSIM_MODELS_LINK_PDU_LOSS_H_

#include <vector>

#include "models/link/range_loss.h"

namespace ddpsim {

class PduLoss final : public LossModel {
 public:
  PduLoss(const LossFault& fault, uint8_t data_pdu_type)
      : part_(fault.part),
        every_(fault.every),
        offset_(fault.offset),
        times_(fault.times),
        type_(data_pdu_type) {}
  bool Drop(const PacketFacts& packet) override;

 private:
  struct Walk {
    bool started = false;
    uint64_t next_pdu = 0;  // first PDU of the stream not counted yet
    bool pending = false;   // the newest PDU is chosen, but where the part is was not known yet
  };
  void Choose(const PduLocator::Place& place, Walk* walk);
  // False when the place of the byte is not known yet.
  bool Doom(uint32_t connection, const LocatedPdu& pdu);

  PduPart part_;
  uint64_t every_;
  uint64_t offset_;
  uint32_t times_;
  uint8_t type_;
  uint64_t count_ = 0;
  std::vector<Walk> walks_;  // by connection
  DoomedBytes doomed_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_PDU_LOSS_H_

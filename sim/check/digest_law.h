// No C2HData PDU is accepted on the NIC's word unless its data digest is right. The law computes
// the CRC itself, over the bytes that the application will see, and compares it with the DDGST
// field that came over the wire.
#ifndef DDPSIM_SIM_CHECK_DIGEST_LAW_H_
#define DDPSIM_SIM_CHECK_DIGEST_LAW_H_

#include "ddpsim/net/host_observer.h"
#include "models/mem/host_memory.h"
#include "sim/check/known_defects.h"
#include "sim/check/law.h"

namespace ddpsim {

class DigestLaw : public Law {
 public:
  // `defects` may be null.
  explicit DigestLaw(const HostMemory* memory, KnownDefects* defects = nullptr)
      : Law("digest_accepted_only_if_right"), memory_(memory), defects_(defects) {}

  void OnPduAccepted(const PduAccepted& pdu, SimTime now);
  // PDUs accepted without a software check whose digest was wrong.
  uint64_t false_crc_ok() const { return false_crc_ok_; }

 private:
  uint32_t DigestInMemory(const PduAccepted& pdu) const;
  // A right digest was refused.
  void OnRefused(const PduAccepted& pdu, SimTime now);

  const HostMemory* memory_;
  KnownDefects* defects_;
  uint64_t false_crc_ok_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_DIGEST_LAW_H_

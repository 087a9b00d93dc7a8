// A placed byte is the answer to the request whose buffer it was written to. A ccid is used by one
// command after the other; bytes that answered an earlier one must not go through the mapping of a
// later one, even where the right bytes are copied over them afterwards. Which request a stretch of
// the stream answers is known when software reads its C2HData header: the one that has the command
// identifier then. Which request's buffer was written is known from the setups (DmaMappingLaw).
// Left out: the same as in PlacementLaw, which pairs placements with PDUs.
#ifndef DDPSIM_SIM_CHECK_OWNERSHIP_LAW_H_
#define DDPSIM_SIM_CHECK_OWNERSHIP_LAW_H_

#include <cstdint>

#include "ddpsim/base/ids.h"
#include "sim/check/law.h"

namespace ddpsim {

// A mapping by the number of its setup, counted over all queues from 1; 0: none.
using MappingSerial = uint64_t;

class OwnershipLaw : public Law {
 public:
  OwnershipLaw() : Law("placed_for_own_request") {}

  void OnPlacement() { Looked(); }
  // Bytes of a PDU that answers the request of mapping `answered` went through mapping `written`.
  // False: these are not the same.
  bool OnMatched(Ccid ccid, uint32_t size, MappingSerial answered, MappingSerial written,
                 SimTime now);
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_OWNERSHIP_LAW_H_

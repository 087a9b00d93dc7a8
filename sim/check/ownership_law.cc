#include "sim/check/ownership_law.h"

#include "absl/strings/str_cat.h"

namespace ddpsim {

bool OwnershipLaw::OnMatched(Ccid ccid, uint32_t size, MappingSerial answered,
                             MappingSerial written, SimTime now) {
  // What went to no mapping is told by dma_inside_live_mapping.
  if (written == 0 || written == answered) return true;
  Violate(now, absl::StrCat(size, " bytes of ccid ", ccid, " were placed through mapping ", written,
                            ", but they answer ",
                            answered == 0 ? std::string("a request that is not mapped")
                                          : absl::StrCat("the request of mapping ", answered)));
  return false;
}

}  // namespace ddpsim

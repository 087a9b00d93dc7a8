#include "sim/check/delivery_law.h"

#include "absl/strings/str_cat.h"

namespace ddpsim {

void DeliveryLaw::OnEnd(const LoadStats& load, bool corruption_expected, SimTime now,
                        const char* defect) {
  bytes_checked_ = load.bytes_checked;
  wrong_bytes_ = load.wrong_bytes;
  Looked(load.bytes_checked / 512 + load.canaries_checked);
  if (load.wrong_bytes != 0 && !corruption_expected) {
    Violate(now, absl::StrCat(load.wrong_bytes, " wrong bytes delivered in ", load.wrong_ios,
                              " I/Os, the first at device offset ", load.first_wrong_offset));
    if (defect != nullptr) Explain(defect);
  }
  if (load.canaries_damaged != 0) {
    Violate(now, absl::StrCat(load.canaries_damaged, " canaries beside I/O buffers damaged"));
  }
}

}  // namespace ddpsim

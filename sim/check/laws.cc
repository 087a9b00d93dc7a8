#include "sim/check/laws.h"

namespace ddpsim {

std::vector<const Law*> Laws::All() const {
  std::vector<const Law*> all = {&delivery, &completion,   &mapping,     &order,
                                 &stream,   &transparency, &conservation};
  if (digests) all.push_back(&digest);
  if (offload) all.insert(all.end(), {&resumption, &liveness});
  return all;
}

bool Laws::Pass() const {
  for (const Law* law : All()) {
    if (law->checks() == 0 || law->violation_count() != 0) return false;
  }
  return true;
}

}  // namespace ddpsim

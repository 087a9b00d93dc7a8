#include "sim/check/laws.h"

namespace ddpsim {

std::vector<const Law*> Laws::All() const {
  std::vector<const Law*> all = {&run_completes, &delivery, &completion,   &mapping,
                                 &order,         &stream,   &transparency, &conservation};
  if (writes) all.push_back(&storage);
  if (digests) all.push_back(&digest);
  if (placed) all.insert(all.end(), {&placement, &ownership});
  if (measured) all.push_back(&goodput);
  if (offload) all.insert(all.end(), {&resumption, &liveness, &efficiency});
  return all;
}

std::vector<const Law*> Laws::Everyone() const {
  return {&run_completes, &delivery, &completion, &mapping,   &order,      &stream,
          &transparency,  &digest,   &placement,  &ownership, &resumption, &liveness,
          &conservation,  &storage,  &efficiency, &goodput};
}

bool Laws::Pass() const {
  if (bytes_checked() == 0) return false;
  for (const Law* law : All()) {
    if (law->checks() == 0 || law->violation_count() != 0) return false;
  }
  return true;
}

const Law* Laws::FirstBroken() const {
  const Law* first = nullptr;
  for (const Law* law : Everyone()) {
    if (law->violation_count() == 0) continue;
    if (first == nullptr || law->first_violation_at() < first->first_violation_at()) first = law;
  }
  return first;
}

}  // namespace ddpsim

#include "sim/check/laws.h"

namespace ddpsim {

std::vector<const Law*> Laws::All() const {
  std::vector<const Law*> all = {&run_completes, &delivery, &completion,   &mapping,
                                 &order,         &stream,   &transparency, &conservation};
  const auto ask = [&all](const Law& law, bool has_something) {
    if (has_something || law.violation_count() > 0) all.push_back(&law);
  };
  ask(storage, writes);
  ask(digest, digests);
  ask(placement, placed);
  ask(ownership, placed);
  ask(goodput, measured);
  ask(resumption, offload);
  ask(liveness, offload);
  ask(efficiency, offload);
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

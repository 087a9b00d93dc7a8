#include "sim/check/law.h"

#include "absl/strings/str_cat.h"

namespace ddpsim {

void Law::Violate(SimTime now, const std::string& what) {
  if (violation_count_++ == 0) first_at_ = now;
  if (violations_.size() < kKept) {
    violations_.push_back(absl::StrCat("at ", now.ns(), " ns: ", what));
  }
}

}  // namespace ddpsim

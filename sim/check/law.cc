#include "sim/check/law.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ddpsim/base/check.h"

namespace ddpsim {

void Law::Violate(SimTime now, const std::string& what) {
  const bool all_explained = unexplained_count() == 0;
  ++violation_count_;
  last_kept_ = violations_.size() < kKept || all_explained;
  if (!last_kept_) return;
  if (violations_.size() == kKept) {
    violations_.pop_back();
    defects_.pop_back();
    at_.pop_back();
  }
  violations_.push_back(absl::StrCat("at ", now.ns(), " ns: ", what));
  defects_.push_back(nullptr);
  at_.push_back(now);
}

void Law::Explain(const char* defect) {
  SIM_CHECK(explained_count_ < violation_count_);
  ++explained_count_;
  if (last_kept_) defects_.back() = defect;
}

std::optional<Law::Told> Law::First() const {
  if (violations_.empty()) return std::nullopt;
  const auto unexplained = std::find(defects_.begin(), defects_.end(), nullptr);
  const size_t i =
      unexplained == defects_.end() ? 0 : static_cast<size_t>(unexplained - defects_.begin());
  return Told{&violations_[i], at_[i], defects_[i]};
}

}  // namespace ddpsim

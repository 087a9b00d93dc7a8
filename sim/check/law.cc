#include "sim/check/law.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ddpsim/base/check.h"

namespace ddpsim {

void Law::Violate(SimTime now, const std::string& what) {
  const bool all_explained = unexplained_count() == 0;
  ++violation_count_;
  if (violations_.size() == kKept && !all_explained) return;
  if (violations_.size() == kKept) {
    violations_.pop_back();
    numbers_.pop_back();
    defects_.pop_back();
    at_.pop_back();
  }
  violations_.push_back(absl::StrCat("at ", now.ns(), " ns: ", what));
  numbers_.push_back(violation_count_);
  defects_.push_back(nullptr);
  at_.push_back(now);
}

void Law::Explain(const char* defect, uint64_t count) {
  SIM_CHECK(explained_count_ + count <= violation_count_);
  explained_count_ += count;
  for (size_t i = numbers_.size(); i > 0 && numbers_[i - 1] > violation_count_ - count; --i)
    defects_[i - 1] = defect;
}

void Law::ExplainNumber(const char* defect, uint64_t number) {
  SIM_CHECK(number <= violation_count_ && explained_count_ < violation_count_);
  ++explained_count_;
  const auto it = std::find(numbers_.begin(), numbers_.end(), number);
  if (it != numbers_.end()) defects_[static_cast<size_t>(it - numbers_.begin())] = defect;
}

std::optional<Law::Told> Law::First() const {
  if (violations_.empty()) return std::nullopt;
  const auto unexplained = std::find(defects_.begin(), defects_.end(), nullptr);
  const size_t i =
      unexplained == defects_.end() ? 0 : static_cast<size_t>(unexplained - defects_.begin());
  return Told{&violations_[i], at_[i], defects_[i]};
}

}  // namespace ddpsim

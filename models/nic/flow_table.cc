#include "models/nic/flow_table.h"

#include <algorithm>

namespace ddpsim {

uint32_t FlowTable::Add(const FiveTuple& tuple, uint32_t tirn, FlowTag flow_tag) {
  if (!by_tuple_.emplace(tuple, static_cast<uint32_t>(rules_.size())).second) return 0;
  rules_.push_back({tuple, tirn, flow_tag});
  last_valid_ = false;
  return static_cast<uint32_t>(rules_.size());
}

bool FlowTable::Delete(uint32_t rule) {
  if (rule - 1 >= rules_.size() || rules_[rule - 1].tirn == 0) return false;
  by_tuple_.erase(rules_[rule - 1].tuple);
  rules_[rule - 1].tirn = 0;
  last_valid_ = false;
  return true;
}

const Steering& FlowTable::Find(const FiveTuple& tuple) {
  if (last_valid_ && tuple == last_) return last_steering_;
  last_ = tuple;
  last_valid_ = true;
  last_steering_ = Steering();
  last_steering_.rss_hash = toeplitz_.Hash(tuple.flow);
  const auto it = by_tuple_.find(tuple);
  if (it != by_tuple_.end()) {
    last_steering_.tirn = rules_[it->second].tirn;
    last_steering_.flow_tag = rules_[it->second].flow_tag;
  }
  return last_steering_;
}

bool FlowTable::Uses(uint32_t tirn) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [tirn](const Rule& r) { return r.tirn == tirn; });
}

}  // namespace ddpsim

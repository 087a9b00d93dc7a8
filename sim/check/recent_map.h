// A map that remembers which entry was asked for last: packets come in runs of one flow, and a
// run's look-ups cost a comparison each. Invariants: entries do not move, so a reference stays
// valid until its entry is erased; they are gone through in the order of their keys.
#ifndef DDPSIM_SIM_CHECK_RECENT_MAP_H_
#define DDPSIM_SIM_CHECK_RECENT_MAP_H_

#include <map>

namespace ddpsim {

template <class Key, class Value>
class RecentMap {
 public:
  RecentMap() = default;
  RecentMap(const RecentMap&) = delete;
  RecentMap& operator=(const RecentMap&) = delete;

  // Made if it is not there.
  Value& operator[](const Key& key) {
    if (recent_ == nullptr || recent_->first != key) recent_ = &*entries_.try_emplace(key).first;
    return recent_->second;
  }
  // Null if it is not there.
  Value* Find(const Key& key) {
    if (recent_ != nullptr && recent_->first == key) return &recent_->second;
    const auto it = entries_.find(key);
    if (it == entries_.end()) return nullptr;
    recent_ = &*it;
    return &recent_->second;
  }
  void Erase(const Key& key) {
    if (recent_ != nullptr && recent_->first == key) recent_ = nullptr;
    entries_.erase(key);
  }
  bool empty() const { return entries_.empty(); }
  auto begin() { return entries_.begin(); }
  auto end() { return entries_.end(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::map<Key, Value> entries_;
  typename std::map<Key, Value>::value_type* recent_ = nullptr;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_RECENT_MAP_H_

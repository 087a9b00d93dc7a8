// Numbered firmware objects (CQ, RQ, SQ, TIR, ...). Numbers start at 1, so that 0 names nothing,
// and are given out lowest freed first. Invariant: an object does not move while it lives.
#ifndef DDPSIM_NIC_OBJECT_TABLE_H_
#define DDPSIM_NIC_OBJECT_TABLE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <utility>
#include <vector>

namespace ddpsim {

template <class T>
class ObjectTable {
 public:
  template <class... Args>
  uint32_t Create(Args&&... args) {
    auto object = std::make_unique<T>(std::forward<Args>(args)...);
    if (free_.empty()) {
      objects_.push_back(std::move(object));
      return static_cast<uint32_t>(objects_.size());
    }
    const uint32_t number = free_.top();
    free_.pop();
    objects_[number - 1] = std::move(object);
    return number;
  }
  // Null when the number names nothing.
  T* Find(uint32_t number) const {
    return number - 1 < objects_.size() ? objects_[number - 1].get() : nullptr;
  }
  bool Destroy(uint32_t number) {
    if (Find(number) == nullptr) return false;
    objects_[number - 1].reset();
    free_.push(number);
    return true;
  }
  // Highest number ever given out.
  uint32_t limit() const { return static_cast<uint32_t>(objects_.size()); }

 private:
  std::vector<std::unique_ptr<T>> objects_;
  std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<uint32_t>> free_;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_OBJECT_TABLE_H_

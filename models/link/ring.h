// A FIFO in one array that grows to its peak and stays; entries keep the number they were pushed
// with.
#ifndef DDPSIM_MODELS_LINK_RING_H_
#define DDPSIM_MODELS_LINK_RING_H_

#include <cstdint>
#include <memory>
#include <utility>

namespace ddpsim {

template <class T>
class Ring {
 public:
  bool empty() const { return begin_ == end_; }
  uint64_t size() const { return end_ - begin_; }
  // Numbers of the entries: [begin(), end()).
  uint64_t begin() const { return begin_; }
  uint64_t end() const { return end_; }
  T& at(uint64_t number) { return slots_[number & mask_]; }
  const T& at(uint64_t number) const { return slots_[number & mask_]; }
  T& front() { return at(begin_); }
  const T& front() const { return at(begin_); }
  void push_back(T&& value) {
    if (size() > mask_) Grow();
    at(end_++) = std::move(value);
  }
  void push_back(const T& value) { push_back(T(value)); }
  T pop_front() { return std::move(at(begin_++)); }
  // For large entries: the caller has moved out of front() what it needs.
  void drop_front() { ++begin_; }

 private:
  void Grow() {
    const uint64_t mask = 2 * mask_ + 1;
    std::unique_ptr<T[]> larger(new T[mask + 1]);
    for (uint64_t i = begin_; i != end_; ++i) larger[i & mask] = std::move(at(i));
    slots_ = std::move(larger);
    mask_ = mask;
  }

  static constexpr uint64_t kInitialSlots = 64;

  std::unique_ptr<T[]> slots_{new T[kInitialSlots]};
  uint64_t mask_ = kInitialSlots - 1;  // slots, a power of two, less one
  uint64_t begin_ = 0;
  uint64_t end_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_RING_H_

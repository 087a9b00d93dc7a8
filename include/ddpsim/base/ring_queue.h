// A first-in first-out queue in one array that only ever grows: what std::deque would be without
// its chunk allocations.
#ifndef DDPSIM_BASE_RING_QUEUE_H_
#define DDPSIM_BASE_RING_QUEUE_H_

#include <cstddef>
#include <utility>
#include <vector>

namespace ddpsim {

template <class T>
class RingQueue {
 public:
  bool empty() const { return head_ == tail_; }
  size_t size() const { return tail_ - head_; }
  T& front() { return slots_[head_ & mask_]; }
  const T& front() const { return slots_[head_ & mask_]; }
  T& operator[](size_t i) { return slots_[(head_ + i) & mask_]; }
  // The new last entry, with whatever an earlier one left there: for entries that are dear to copy.
  T& push_slot() {
    if (size() == slots_.size()) Grow();
    return slots_[tail_++ & mask_];
  }
  void push_back(T value) { push_slot() = std::move(value); }
  T pop_front() { return std::move(slots_[head_++ & mask_]); }
  // For a front() that holds nothing worth moving out; it stays as it is until overwritten.
  void drop_front() { ++head_; }

 private:
  void Grow() {
    std::vector<T> wider(slots_.empty() ? 8 : slots_.size() * 2);
    const size_t n = size();
    for (size_t i = 0; i < n; ++i) wider[i] = std::move((*this)[i]);
    slots_ = std::move(wider);
    mask_ = slots_.size() - 1;
    head_ = 0;
    tail_ = n;
  }

  std::vector<T> slots_;
  size_t mask_ = 0;  // slots, a power of two, less one
  size_t head_ = 0;  // counts up
  size_t tail_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_BASE_RING_QUEUE_H_

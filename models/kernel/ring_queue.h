// A first-in first-out queue in one array that only ever grows: what std::deque would be without
// its chunk allocations.
#ifndef DDPSIM_MODELS_KERNEL_RING_QUEUE_H_
#define DDPSIM_MODELS_KERNEL_RING_QUEUE_H_

#include <cstddef>
#include <utility>
#include <vector>

namespace ddpsim {

template <class T>
class RingQueue {
 public:
  bool empty() const { return head_ == tail_; }
  size_t size() const { return tail_ - head_; }
  T& front() { return slots_[head_ & (slots_.size() - 1)]; }
  T& operator[](size_t i) { return slots_[(head_ + i) & (slots_.size() - 1)]; }
  void push_back(T value) {
    if (size() == slots_.size()) Grow();
    slots_[tail_++ & (slots_.size() - 1)] = std::move(value);
  }
  T pop_front() { return std::move(slots_[head_++ & (slots_.size() - 1)]); }

 private:
  void Grow() {
    std::vector<T> wider(slots_.empty() ? 8 : slots_.size() * 2);
    const size_t n = size();
    for (size_t i = 0; i < n; ++i) wider[i] = std::move((*this)[i]);
    slots_ = std::move(wider);
    head_ = 0;
    tail_ = n;
  }

  std::vector<T> slots_;
  size_t head_ = 0;  // counts up; the array's size is a power of two
  size_t tail_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_RING_QUEUE_H_

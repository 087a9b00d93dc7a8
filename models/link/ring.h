// A FIFO in one array that grows to its peak and stays; entries keep the number they were pushed
// with.
#ifndef DDPSIM_MODELS_LINK_RING_H_
#define DDPSIM_MODELS_LINK_RING_H_

#include <cstdint>
#include <utility>
#include <vector>

namespace ddpsim {

template <class T>
class Ring {
 public:
  Ring() : slots_(64) {}
  bool empty() const { return begin_ == end_; }
  uint64_t size() const { return end_ - begin_; }
  // Numbers of the entries: [begin(), end()).
  uint64_t begin() const { return begin_; }
  uint64_t end() const { return end_; }
  T& at(uint64_t number) { return slots_[number & (slots_.size() - 1)]; }
  const T& at(uint64_t number) const { return slots_[number & (slots_.size() - 1)]; }
  T& front() { return at(begin_); }
  const T& front() const { return at(begin_); }
  void push_back(T value) {
    if (size() == slots_.size()) Grow();
    at(end_++) = std::move(value);
  }
  T pop_front() { return std::move(at(begin_++)); }

 private:
  void Grow() {
    std::vector<T> larger(slots_.size() * 2);
    for (uint64_t i = begin_; i != end_; ++i) larger[i & (larger.size() - 1)] = std::move(at(i));
    slots_ = std::move(larger);
  }

  std::vector<T> slots_;  // a power of two
  uint64_t begin_ = 0;
  uint64_t end_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_RING_H_

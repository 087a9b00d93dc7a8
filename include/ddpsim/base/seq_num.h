// A TCP sequence number with serial arithmetic (RFC 9293 section 3.4): comparisons are modulo 2^32
// and only meaningful for numbers less than 2^31 apart.
#ifndef DDPSIM_BASE_SEQ_NUM_H_
#define DDPSIM_BASE_SEQ_NUM_H_

#include <cstdint>
#include <utility>

namespace ddpsim {

class SeqNum {
 public:
  constexpr SeqNum() = default;
  explicit constexpr SeqNum(uint32_t value) : value_(value) {}
  constexpr uint32_t value() const { return value_; }

  friend constexpr SeqNum operator+(SeqNum a, uint32_t n) { return SeqNum(a.value_ + n); }
  friend constexpr SeqNum operator-(SeqNum a, uint32_t n) { return SeqNum(a.value_ - n); }
  constexpr SeqNum& operator+=(uint32_t n) {
    value_ += n;
    return *this;
  }
  // Signed distance from b to a.
  friend constexpr int32_t operator-(SeqNum a, SeqNum b) {
    return static_cast<int32_t>(a.value_ - b.value_);
  }
  friend constexpr bool operator==(SeqNum a, SeqNum b) { return a.value_ == b.value_; }
  friend constexpr bool operator!=(SeqNum a, SeqNum b) { return a.value_ != b.value_; }
  friend constexpr bool operator<(SeqNum a, SeqNum b) { return a - b < 0; }
  friend constexpr bool operator<=(SeqNum a, SeqNum b) { return a - b <= 0; }
  friend constexpr bool operator>(SeqNum a, SeqNum b) { return a - b > 0; }
  friend constexpr bool operator>=(SeqNum a, SeqNum b) { return a - b >= 0; }
  template <typename H>
  friend H AbslHashValue(H h, SeqNum s) {
    return H::combine(std::move(h), s.value_);
  }

 private:
  uint32_t value_ = 0;
};

constexpr SeqNum SeqMax(SeqNum a, SeqNum b) { return a < b ? b : a; }
constexpr SeqNum SeqMin(SeqNum a, SeqNum b) { return a < b ? a : b; }

}  // namespace ddpsim

#endif  // DDPSIM_BASE_SEQ_NUM_H_

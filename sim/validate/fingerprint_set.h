// Which states were seen, by 64-bit fingerprints in an open-addressing table: 8 bytes each and
// nothing else. Two states may share one (n * n / 2^65 for n states: 1e-5 at 2e7); the later is
// then taken for seen. Invariant: no more than 5/8 of the table is used.
#ifndef DDPSIM_SIM_VALIDATE_FINGERPRINT_SET_H_
#define DDPSIM_SIM_VALIDATE_FINGERPRINT_SET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ddpsim {

class FingerprintSet {
 public:
  FingerprintSet() : table_(size_t{1} << 16) {}
  size_t size() const { return size_; }
  // False if it was there.
  bool Insert(uint64_t fingerprint) {
    if (fingerprint == 0) fingerprint = 1;  // 0: an empty place
    if (size_ * 8 >= table_.size() * 5) Grow();
    return Put(fingerprint);
  }

 private:
  bool Put(uint64_t fingerprint) {
    const size_t mask = table_.size() - 1;
    size_t i = (fingerprint ^ (fingerprint >> 32)) & mask;
    while (table_[i] != 0) {
      if (table_[i] == fingerprint) return false;
      i = (i + 1) & mask;
    }
    table_[i] = fingerprint;
    ++size_;
    return true;
  }
  void Grow() {
    std::vector<uint64_t> old(table_.size() * 2);
    old.swap(table_);
    size_ = 0;
    for (uint64_t fingerprint : old) {
      if (fingerprint != 0) Put(fingerprint);
    }
  }

  std::vector<uint64_t> table_;
  size_t size_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_FINGERPRINT_SET_H_

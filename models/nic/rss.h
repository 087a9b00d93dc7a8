// Receive side scaling: the Toeplitz hash over source address, destination address, source port,
// destination port (Microsoft, "RSS hashing functions": TcpIPv4) with Microsoft's verification key,
// which is also a common driver default (mlx5 draws a random key at load; a fixed one keeps runs
// equal). Indirection: hash modulo the number of queues. Invariant: the hash depends on the 12
// bytes only.
#ifndef DDPSIM_NIC_RSS_H_
#define DDPSIM_NIC_RSS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "ddpsim/base/bytes.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {

class ToeplitzHash {
 public:
  static constexpr size_t kKeySize = 40;
  static constexpr size_t kInputSize = 12;

  ToeplitzHash();
  explicit ToeplitzHash(const std::array<uint8_t, kKeySize>& key);
  uint32_t Hash(const FourTuple& tuple) const;

 private:
  // Contribution of each value of each input byte: the bits of the sliding key window XORed
  // together.
  std::array<std::array<uint32_t, 256>, kInputSize> table_;
};

// CQE byte rss_hash_type: what was hashed (Linux 6.1 mlx5 device.h CQE_RSS_HTYPE_IP 3 << 2,
// CQE_RSS_HTYPE_L4 3 << 6). Fields: 1 = IPv4; L4 1 = TCP.
inline constexpr uint8_t kRssHashTypeTcpIpv4 = (1 << 2) | (1 << 6);

class RssTable {
 public:
  void Set(std::vector<uint32_t> rqns) { rqns_ = std::move(rqns); }
  bool empty() const { return rqns_.empty(); }
  // REQUIRES: !empty().
  uint32_t Rqn(uint32_t hash) const { return rqns_[hash % static_cast<uint32_t>(rqns_.size())]; }

 private:
  std::vector<uint32_t> rqns_;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_RSS_H_

// The completion token of a send WQE's last frame: which queue, which life of that queue number,
// which WQE. Never 0.
#ifndef DDPSIM_NIC_SEND_TOKEN_H_
#define DDPSIM_NIC_SEND_TOKEN_H_

#include <cstdint>

namespace ddpsim {

// serial (31 bits, from 1) | SQ number (17 bits, as in a doorbell) | WQE index (16 bits)
inline constexpr int kTokenSqnShift = 16;
inline constexpr int kTokenSerialShift = 33;

constexpr uint64_t SendToken(uint32_t sqn, uint32_t serial, uint16_t wqe_index) {
  return uint64_t{serial} << kTokenSerialShift | uint64_t{sqn} << kTokenSqnShift | wqe_index;
}

struct SentWqe {
  uint32_t sqn;
  uint32_t serial;
  uint16_t wqe_index;
  constexpr bool OfQueue(uint32_t queue_serial) const { return serial == queue_serial; }
};

constexpr SentWqe DecodeSendToken(uint64_t token) {
  return {static_cast<uint32_t>(token >> kTokenSqnShift & 0x1ffff),
          static_cast<uint32_t>(token >> kTokenSerialShift), static_cast<uint16_t>(token)};
}

}  // namespace ddpsim

#endif  // DDPSIM_NIC_SEND_TOKEN_H_

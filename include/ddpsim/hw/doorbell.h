// The NIC's BAR as the driver writes it: one 32-bit register per queue and kind. Mirrors the UAR
// page and doorbell records of mlx5 (there, RQ and CQ doorbells are records in memory that the NIC
// polls; here every doorbell is a posted MMIO write).
#ifndef DDPSIM_HW_DOORBELL_H_
#define DDPSIM_HW_DOORBELL_H_

#include <cstdint>

namespace ddpsim {

enum class DoorbellKind : uint32_t {
  kSq = 0,          // value: producer counter in WQEBBs (mod 2^16 as in the WQE index)
  kRq = 1,          // value: producer counter in WQEs (mod 2^32)
  kCqConsumer = 2,  // value: consumer counter in CQEs (mod 2^32): frees ring space
  kCqArm = 3,       // value: consumer counter: interrupt at the next CQE beyond it
  kCommand = 4,     // 64-bit value: bus address of a CommandMailbox
};

inline constexpr uint64_t kBarBase = 0xf000'0000'0000u;
inline constexpr uint64_t kBarSize = 1u << 24;
// MSI-X messages are posted writes of the vector number to this address (x86: the local APIC's
// window).
inline constexpr uint64_t kMsixAddress = 0xfee0'0000u;

constexpr uint64_t DoorbellOffset(DoorbellKind kind, uint32_t queue) {
  return (static_cast<uint64_t>(kind) << 20) | (static_cast<uint64_t>(queue) << 3);
}
constexpr DoorbellKind DoorbellKindOf(uint64_t offset) {
  return static_cast<DoorbellKind>((offset >> 20) & 0xf);
}
constexpr uint32_t DoorbellQueueOf(uint64_t offset) {
  return static_cast<uint32_t>((offset >> 3) & 0x1ffff);
}

}  // namespace ddpsim

#endif  // DDPSIM_HW_DOORBELL_H_

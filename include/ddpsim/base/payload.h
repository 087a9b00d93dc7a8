// A run of immutable bytes that somebody else keeps alive: what an skb frag or a bio_vec is. Used
// on both ways: TCP's send queue holds Payloads over the ULP's buffers, received skbs hold Payloads
// over RX buffers or (direct data placement) over the destination pages themselves. Real bytes
// today. Everything that needs them goes through this type, so that an extent of a known pattern
// can join later. Invariant: while `owner` is held the bytes do not move; a null owner means that
// the bytes outlive the connection (pages of a request).
#ifndef DDPSIM_BASE_PAYLOAD_H_
#define DDPSIM_BASE_PAYLOAD_H_

#include <cstdint>
#include <utility>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/base/ref_buffer.h"

namespace ddpsim {

struct Payload {
  const uint8_t* data = nullptr;
  uint32_t size = 0;
  PhysAddr addr = 0;  // bus address where the bytes live in host memory; 0 on the target
  RefPtr<const RefBuffer> owner;

  ByteSpan bytes() const { return ByteSpan(data, size); }
  // REQUIRES: offset + length <= size.
  Payload Sub(uint32_t offset, uint32_t length) const {
    return Payload{data + offset, length, addr == 0 ? 0 : addr + offset, owner};
  }
  // May `next`, which follows in the stream, be made part of this run (skb_can_coalesce())?
  bool Adjoins(const Payload& next) const {
    return data != nullptr && data + size == next.data && owner == next.owner &&
           (addr == 0 ? next.addr == 0 : addr + size == next.addr);
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_BASE_PAYLOAD_H_

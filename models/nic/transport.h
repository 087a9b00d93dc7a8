// A transport interface receive (TIR): where a flow rule leads. With the NVMe/TCP offload it owns
// the flow's offload context.
#ifndef DDPSIM_NIC_TRANSPORT_H_
#define DDPSIM_NIC_TRANSPORT_H_

#include <cstdint>

#include "models/nic/ccid_table.h"
#include "models/nic/receive_ring.h"
#include "models/nic/rx_context.h"

namespace ddpsim {

struct Transport {
  uint32_t rqn = 0;
  ReceiveRing* rq = nullptr;
  bool zero_copy_en = false;  // as created
  bool zero_copy = false;     // and the static parameters agree
  bool crc_en = false;
  TagBufferTable* tags = nullptr;
  uint32_t tag_table = 0;  // its number
  RxContext context;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_TRANSPORT_H_

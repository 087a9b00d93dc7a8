// Fills CQEs and writes them to their ring, by one bus message each, so that the owner bit cannot
// be seen before the rest. A CQ of 128-byte entries carries the NVMe/TCP part at +0 and the
// ordinary CQE at +64, for every packet alike (mlx5 cqe_sz 1). Invariant: a CQE with the resync
// flag carries neither a placement nor the digest flag.
#ifndef DDPSIM_NIC_CQE_WRITER_H_
#define DDPSIM_NIC_CQE_WRITER_H_

#include <cstdint>
#include <optional>

#include "ddpsim/base/seq_num.h"
#include "ddpsim/hw/bus_master.h"
#include "ddpsim/hw/cqe.h"
#include "models/nic/completion_queue.h"

namespace ddpsim {

struct ReceiveCqe {
  uint32_t byte_count = 0;
  uint32_t rss_hash = 0;
  uint8_t rss_hash_type = 0;
  uint8_t checksum_flags = 0;  // CqeChecksumFlag bits
  uint32_t flow_tag = 0;
  uint32_t rqn = 0;
  uint16_t wqe_counter = 0;
  SimTime timestamp;
  // Offload. REQUIRES: a CQ of 128-byte entries if any is set.
  bool zc = false;
  bool ddgst_ok = false;
  uint16_t ccid = 0;
  uint32_t ccoff = 0;
  uint16_t cclen = 0;
  uint16_t hlen = 0;
  std::optional<SeqNum> resync_tcp_sn;
};

Cqe128 EncodeReceiveCqe(const ReceiveCqe& cqe, uint8_t owner);
Cqe64 EncodeSendCqe(uint32_t sqn, uint16_t wqe_counter, SimTime timestamp, uint8_t owner);

// Write the next CQE of `cq`. Return when the queue wants to interrupt, Never() if it does not.
SimTime WriteReceiveCqe(const ReceiveCqe& cqe, CompletionQueue* cq, BusMaster* bus, SimTime now);
SimTime WriteSendCqe(uint32_t sqn, uint16_t wqe_counter, CompletionQueue* cq, BusMaster* bus,
                     SimTime now);

}  // namespace ddpsim

#endif  // DDPSIM_NIC_CQE_WRITER_H_

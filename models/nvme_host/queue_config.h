// What one nvme_tcp_queue is told, what it counts, and the boxes around it.
// Invariant: counters only grow; a window's figure is the difference of two copies.
#ifndef DDPSIM_MODELS_NVME_HOST_QUEUE_CONFIG_H_
#define DDPSIM_MODELS_NVME_HOST_QUEUE_CONFIG_H_

#include <cstdint>

#include "ddpsim/base/calendar.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/net/byte_stream.h"
#include "ddpsim/net/exec_context.h"
#include "ddpsim/net/host_observer.h"
#include "ddpsim/net/ulp_ddp.h"
#include "models/mem/host_memory.h"
#include "models/mem/llc.h"
#include "models/nvme_host/host_refusal.h"

namespace ddpsim {

// The offload's open questions on the ULP's side.
struct DdpSettings {
  // v21+ sets up in queue_rq, v1 to v20 right before the capsule is sent.
  bool setup_at_send = false;
  // v6+ answers a resync request only at exactly the asked header; v1 to v5 at the first one at or
  // after it.
  bool resync_exact = true;
  // The code compares the first byte of a header; ulp-ddp-offload.rst says the last.
  bool resync_last_byte = false;
};

struct QueueConfig {
  uint32_t qid = 0;
  CoreId io_cpu = 0;
  bool recorded_admin = false;  // recorded, and no I/O queue: its qid is just a number
  uint32_t depth = 32;          // tags; NVME_AQ_DEPTH for the admin queue
  bool header_digest = false;
  bool data_digest = false;
  bool any_digests = false;        // what the host asked for is not known
  bool no_cid_generation = false;  // NVME_QUIRK_SKIP_CID_GEN
  int64_t hz = 250;                // CONFIG_HZ
  uint32_t ccid_range = 0;         // where identifiers are no plain tags: all are below it
  DdpSettings ddp;
};

// The boxes a queue works with. All outlive it; ddp and observer may be null.
struct HostBoxes {
  HostMemory* memory = nullptr;
  Llc* llc = nullptr;
  CpuScheduler* scheduler = nullptr;
  ByteStreamFactory* streams = nullptr;
  UlpDdpDevOps* ddp = nullptr;
  HostObserver* observer = nullptr;
  Calendar* calendar = nullptr;
};

struct HostQueueStats {
  uint64_t ic_reqs = 0;
  uint64_t ic_resps = 0;
  uint64_t capsule_cmds = 0;
  uint64_t h2c_data = 0;
  uint64_t capsule_resps = 0;
  uint64_t c2h_data = 0;        // begun
  uint64_t c2h_data_ended = 0;  // their digests judged, where they have one
  uint64_t r2ts = 0;
  uint64_t term_reqs = 0;
  uint64_t payload_bytes = 0;   // of C2HData
  uint64_t copied_bytes = 0;    // by the CPU
  uint64_t placed_bytes = 0;    // found in place: src == dst
  uint64_t digests_by_nic = 0;  // C2HData PDUs that needed no software check
  uint64_t digests_by_software = 0;
  uint64_t digests_recalculated = 0;  // of digests_by_software: a second pass, as a bit was missing
  uint64_t digests_bad = 0;
  uint64_t header_digests = 0;
  uint64_t header_digests_bad = 0;
  uint64_t ddp_setups = 0;
  uint64_t ddp_setup_failures = 0;
  uint64_t ddp_teardowns = 0;
  uint64_t ddp_cancelled = 0;   // cancelled before a teardown: the mapping dies with the queue
  uint64_t late_teardowns = 0;  // for requests that were cancelled meanwhile
  uint64_t resync_requests = 0;
  uint64_t resync_responses = 0;
  uint64_t requests = 0;
  uint64_t retries = 0;
  uint64_t cancelled = 0;
  uint64_t protocol_errors = 0;
  // Responses to requests that were completed before, which only a generation tells: blk-mq warns.
  uint64_t completed_twice = 0;
  uint64_t datao_ignored = 0;                 // C2HData whose DATAO is not where the request stands
  uint64_t refusals[kHostRefusalKinds] = {};  // of protocol_errors, by HostRefusalKind

  // Applies `f` to each counter of both.
  template <class F>
  static void ForEach(HostQueueStats& a, const HostQueueStats& b, F f) {
    static_assert(sizeof(HostQueueStats) % sizeof(uint64_t) == 0);
    auto* to = reinterpret_cast<uint64_t*>(&a);
    const auto* from = reinterpret_cast<const uint64_t*>(&b);
    for (size_t i = 0; i < sizeof(HostQueueStats) / sizeof(uint64_t); ++i) f(to[i], from[i]);
  }
  HostQueueStats& operator+=(const HostQueueStats& o) {
    ForEach(*this, o, [](uint64_t& a, uint64_t b) { a += b; });
    return *this;
  }
  HostQueueStats& operator-=(const HostQueueStats& o) {
    ForEach(*this, o, [](uint64_t& a, uint64_t b) { a -= b; });
    return *this;
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_QUEUE_CONFIG_H_

// Follows each resync request until the host confirms it, or until the stream shows that no PDU
// started there.
#ifndef DDPSIM_SIM_SYSTEM_RESYNC_LEDGER_H_
#define DDPSIM_SIM_SYSTEM_RESYNC_LEDGER_H_

#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"
#include "ddpsim/base/seq_num.h"
#include "ddpsim/base/sim_time.h"

namespace ddpsim {

class ResyncLedger {
 public:
  void OnRequest(uint32_t queue, SeqNum seq, SimTime now);
  void OnResponse(uint32_t queue, SeqNum seq, SimTime now);
  // The host reads on at `seq`: requests before it that nobody confirmed named no header.
  void OnStreamRead(uint32_t queue, SeqNum seq);

  uint64_t requests() const { return requests_; }
  uint64_t responses() const { return responses_; }
  uint64_t false_matches() const { return false_matches_; }
  const std::vector<int64_t>& latencies_ns() const { return latencies_ns_; }

 private:
  struct Open {
    SeqNum seq;
    SimTime at;
  };
  absl::btree_map<uint32_t, std::vector<Open>> open_;
  uint64_t requests_ = 0;
  uint64_t responses_ = 0;
  uint64_t false_matches_ = 0;
  std::vector<int64_t> latencies_ns_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_RESYNC_LEDGER_H_

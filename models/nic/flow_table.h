// Flow steering: exact 5-tuple to transport interface receive (TIR) and flow tag. Mirrors the
// accel_fs_tcp flow table of mlx5, where the NVMe/TCP offload puts one rule per connection.
// Remembers the last tuple it was asked for with its RSS hash: packets come in trains.
// Left out: other matches, priorities. Invariant: at most one rule per tuple.
#ifndef DDPSIM_NIC_FLOW_TABLE_H_
#define DDPSIM_NIC_FLOW_TABLE_H_

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/wire/ip.h"
#include "models/nic/rss.h"

namespace ddpsim {

struct Steering {
  uint32_t tirn = 0;  // 0: no rule, spread by RSS
  FlowTag flow_tag = 0;
  uint32_t rss_hash = 0;
};

class FlowTable {
 public:
  // Returns the rule's number, or 0 if the tuple has a rule already.
  uint32_t Add(const FiveTuple& tuple, uint32_t tirn, FlowTag flow_tag);
  bool Delete(uint32_t rule);
  const Steering& Find(const FiveTuple& tuple);
  // True if a rule leads to the TIR.
  bool Uses(uint32_t tirn) const;

 private:
  struct Rule {
    FiveTuple tuple;
    uint32_t tirn = 0;
    FlowTag flow_tag = 0;
  };

  ToeplitzHash toeplitz_;
  absl::flat_hash_map<FiveTuple, uint32_t> by_tuple_;  // to an index in rules_
  std::vector<Rule> rules_;                            // rule number - 1; deleted: tirn 0
  FiveTuple last_;
  Steering last_steering_;
  bool last_valid_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_FLOW_TABLE_H_

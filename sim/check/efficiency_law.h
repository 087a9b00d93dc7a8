// A context does all that the published rules let it do: each segment that is to be offloaded is,
// each digest that can be verified is, the first data of a segment whose ccid is mapped is placed,
// each header that is found is asked about, and after the answer the context goes on at the next
// PDU. Held against OffloadOracle, segment by segment. A NIC that does less is slow, and breaks the
// law; one that does more is other laws' business, and its flow is not judged any further. Left
// out: what the NIC let go by before its context was started.
#ifndef DDPSIM_SIM_CHECK_EFFICIENCY_LAW_H_
#define DDPSIM_SIM_CHECK_EFFICIENCY_LAW_H_

#include <cstdint>
#include <optional>
#include <string>

#include "ddpsim/hw/nic_observer.h"
#include "sim/check/law.h"
#include "sim/check/offload_oracle.h"
#include "sim/check/recent_map.h"

namespace ddpsim {

class EfficiencyLaw : public Law {
 public:
  EfficiencyLaw() : Law("offloads_all_it_must") {}

  void SetRules(const OracleRules& rules) { rules_ = rules; }
  // As NicObserver has them.
  void OnContextParams(uint32_t tirn, const ContextParams& params, SeqNum answer);
  void OnContextStart(uint32_t tirn, SeqNum next_pdu, bool searching);
  void OnMapping(uint32_t tag_table, Ccid ccid, uint64_t mapped_bytes, uint64_t length);
  void OnFrame(const Frame& frame, const RxVerdict& verdict, SimTime now);
  // Frames that a context was to judge, whether the law followed it or not.
  uint64_t presented() const { return presented_; }
  // Whether the rules owed the placement to the frame that came last, whose flow has kept to them.
  bool LastWasOwed(const NicPlacement& placement) const;

 private:
  struct Flow {
    OffloadOracle oracle;
    ContextParams params;
    uint64_t started_at = 0;  // by the count of events
    bool judged = true;
  };
  struct Mapping {
    uint64_t at = 0;
    uint64_t mapped_bytes = 0;
    uint64_t length = 0;
  };
  static uint64_t Key(uint32_t tag_table, Ccid ccid) { return uint64_t{tag_table} << 16 | ccid; }
  // What the NIC did not do and should have, if anything.
  std::optional<std::string> Missed(const Flow& flow, const OracleVerdict& owed,
                                    const RxVerdict& verdict);
  // The NIC went further than the rules.
  static bool Beyond(const Flow& flow, const OracleVerdict& owed, const RxVerdict& verdict);
  // Numbers of tables are used again: what was mapped before the flow began is another's.
  bool CanBePlaced(const Flow& flow, uint32_t tag_table, const DataOwed& data);

  OracleRules rules_;
  RecentMap<uint32_t, Flow> flows_;  // by TIR
  RecentMap<uint64_t, Mapping> mappings_;
  uint64_t events_ = 0;
  uint64_t presented_ = 0;
  const OracleVerdict* owed_ = nullptr;  // to the last frame; null: nobody knows
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_EFFICIENCY_LAW_H_

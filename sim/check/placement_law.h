// Each placed byte goes to the command and the offset that the PDU around it names, as software
// then reads that PDU in the stream: what the NIC believed of the packet is held against what TCP
// made of it. Finds a wrong place also where software heals it by a copy. Pairs each placement with
// its PDU for OwnershipLaw as well. Left out: placements in what software has left behind for long
// (kRemembered PDUs). Invariant: a placement is judged once, when software has passed it.
#ifndef DDPSIM_SIM_CHECK_PLACEMENT_LAW_H_
#define DDPSIM_SIM_CHECK_PLACEMENT_LAW_H_

#include <cstdint>
#include <deque>

#include "ddpsim/hw/nic_observer.h"
#include "sim/check/law.h"
#include "sim/check/ownership_law.h"
#include "sim/check/recent_map.h"

namespace ddpsim {

// A C2HData PDU as software read its header.
struct C2HDataSeen {
  SeqNum data_seq;
  Ccid ccid = 0;
  uint32_t datao = 0;
  uint32_t datal = 0;
  MappingSerial mapping = 0;  // of the request that it answers
};

class PlacementLaw : public Law {
 public:
  // `ownership` may be null.
  explicit PlacementLaw(OwnershipLaw* ownership = nullptr)
      : Law("placed_where_pdu_says"), ownership_(ownership) {}

  // Each frame as the NIC judged it; `port` names the connection, `written` the mapping whose
  // memory was written. False: the bytes are known to be another request's.
  bool OnFrame(uint16_t port, const RxVerdict& verdict, MappingSerial written, SimTime now);
  void OnC2HData(uint16_t port, const C2HDataSeen& pdu, SimTime now);
  // The connection's stream goes on somewhere else.
  void Forget(uint16_t port) { flows_.Erase(port); }

 private:
  static constexpr size_t kRemembered = 256;
  struct Placed {
    int64_t at = 0;  // in the stream
    Ccid ccid = 0;
    uint32_t ccoff = 0;
    uint32_t size = 0;
    MappingSerial written = 0;
  };
  struct Pdu {
    int64_t begin = 0;  // of its data, in the stream
    int64_t end = 0;
    Ccid ccid = 0;
    uint32_t datao = 0;
    MappingSerial mapping = 0;
  };
  struct Flow {
    bool known = false;
    SeqNum last;  // the sequence number seen last, and where it lies
    int64_t last_at = 0;
    std::deque<Placed> pending;  // by place; mostly they come in order
    std::deque<Pdu> passed;      // newest last
  };
  // Where in the stream `seq` lies, counted from the first that was seen.
  static int64_t Unwrap(Flow* flow, SeqNum seq);
  bool Judge(const Placed& placed, const Flow& flow, SimTime now);

  OwnershipLaw* ownership_;
  RecentMap<uint16_t, Flow> flows_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_PLACEMENT_LAW_H_

// After faults stop, every queue is offloading again within B bytes of new stream, B being what can
// be in flight twice over and two PDUs. The design promises it only where a searching NIC looks at
// every offset: with packet_start it waits for a packet that happens to begin with a header; after
// a false match nobody ever says no; an answer that got lost is not given again. What arrives while
// an answer stands in the ICOSQ, for as long as the WQEs in front of it and its own may take, is
// not counted. Where there is no promise the law counts and measures and does not judge. Left out:
// losses that no fault asked for (a full ring without pause). And a context in sync never loses its
// place on the very segment that it expects.
#ifndef DDPSIM_SIM_CHECK_LIVENESS_LAW_H_
#define DDPSIM_SIM_CHECK_LIVENESS_LAW_H_

#include <cstdint>

#include "ddpsim/hw/nic_observer.h"
#include "sim/check/law.h"
#include "sim/check/recent_map.h"

namespace ddpsim {

class LivenessLaw : public Law {
 public:
  LivenessLaw() : Law("offloading_again") {}

  void SetPromise(bool promised, uint64_t bound_bytes) {
    promised_ = promised;
    bound_ = bound_bytes;
  }
  // Headers may come corrupted, or the driver may have told the NIC wrong lengths: then losing sync
  // is right.
  void ExpectLossOfSync() { keeps_sync_ = false; }
  void OnFaultsBegin() { faults_ = true; }
  void OnFaultsOver();
  // Each frame of an offloaded connection, as the NIC judged it; `port` names the connection.
  void OnFrame(uint16_t port, const RxVerdict& verdict, SimTime now);
  // A candidate of that connection proved to be no PDU header: nobody will say so.
  void OnFalseMatch(uint16_t port) { Excuse(port); }
  // An answer got lost, which nobody gives again, or was put off.
  void OnAnswerFault(uint16_t port) { Excuse(port); }
  // How long a WQE takes in the ICOSQ, and each of its KLM entries.
  void SetIcosqLatency(SimTime wqe, SimTime klm) {
    wqe_latency_ = wqe;
    klm_latency_ = klm;
  }
  // An answer was posted; with it so many WQEs and KLM entries stand in the connection's ICOSQ.
  void OnAnswerPosted(uint16_t port, uint32_t wqes, uint32_t klms, SimTime now);

  // Connections that are not offloading.
  uint64_t open() const;
  // The longest outage without faults, in bytes of new stream.
  uint64_t longest() const { return longest_; }

 private:
  struct Flow {
    bool known = false;
    SeqNum end;  // of what the NIC has seen
    bool out = false;
    bool excused = false;
    bool told = false;
    bool in_sync = false;  // the last segment was offloaded, and ended at:
    SeqNum expected;
    uint64_t bytes = 0;  // of new stream since it went out, faults being over
    SimTime answer_due;  // by then the last answer was executed
  };
  void CheckSync(uint16_t port, const RxVerdict& verdict, Flow* flow, SimTime now);
  // The outage that is open now is beyond the promise.
  void Excuse(uint16_t port);

  RecentMap<uint16_t, Flow> flows_;
  bool faults_ = false;
  bool keeps_sync_ = true;
  bool promised_ = false;
  uint64_t bound_ = 0;
  SimTime wqe_latency_;
  SimTime klm_latency_;
  uint64_t longest_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_LIVENESS_LAW_H_

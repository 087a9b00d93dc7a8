// A NIC that lost its place offloads again only from a header that software met: the host answers
// for a PDU header that it has just reached in the stream, and the context leaves tracking only by
// the answer to its latest candidate (ASPLOS'21 section 4.3, d2; nvme_tcp_resync_response()).
#ifndef DDPSIM_SIM_CHECK_RESUMPTION_LAW_H_
#define DDPSIM_SIM_CHECK_RESUMPTION_LAW_H_

#include <cstdint>

#include "absl/container/btree_map.h"
#include "ddpsim/hw/nic_observer.h"
#include "sim/check/law.h"

namespace ddpsim {

class ResumptionLaw : public Law {
 public:
  ResumptionLaw() : Law("resumed_on_confirmed_header") {}

  // resync_seq_is last_byte: answers name another byte of the header than requests do.
  void AnswersNameLastByte() { last_byte_ = true; }
  // Each frame of an offloaded connection, as the NIC judged it; `port` names the connection.
  void OnFrame(uint16_t port, const RxVerdict& verdict, SimTime now);
  void OnPduHeader(uint16_t port, SeqNum seq) { flows_[port].header = seq; }
  void OnResyncResponse(uint16_t port, SeqNum seq, SimTime now);

 private:
  struct Flow {
    OffloadState state = OffloadState::kOffloading;
    SeqNum candidate;  // latest
    SeqNum header;     // that software met last
    bool confirmed = false;
  };
  absl::btree_map<uint16_t, Flow> flows_;
  bool last_byte_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_RESUMPTION_LAW_H_

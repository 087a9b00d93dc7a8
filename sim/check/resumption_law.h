// A NIC that lost its place asks about a place where a header's pattern is, and offloads again only
// from a true header: the host answers for a PDU header that it has just reached in the stream, the
// context leaves tracking only by the answer to its latest candidate, and only where software then
// meets a header (ASPLOS'21 section 4.3, d2; nvme_tcp_resync_response()). A search goes forward: a
// retransmission, which leaves every other state alone (Fig. 8a), leaves it alone too. Left out:
// the pattern of a candidate that began in the packet before.
#ifndef DDPSIM_SIM_CHECK_RESUMPTION_LAW_H_
#define DDPSIM_SIM_CHECK_RESUMPTION_LAW_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "ddpsim/hw/nic_observer.h"
#include "sim/check/law.h"
#include "sim/check/pdu_reader.h"
#include "sim/check/recent_map.h"

namespace ddpsim {

class ResumptionLaw : public Law {
 public:
  ResumptionLaw() : Law("resumed_on_confirmed_header") {}

  // resync_seq_is last_byte: answers name another byte of the header than requests do.
  void AnswersNameLastByte() { last_byte_ = true; }
  // Else candidates are taken as they come.
  void SetReader(const PduReader& reader) { reader_ = reader; }
  // Each frame of an offloaded connection, as the NIC judged it; `port` names the connection.
  void OnFrame(uint16_t port, const RxVerdict& verdict, SimTime now);
  // REQUIRES: the frame that OnFrame() got, whole.
  void OnRequest(uint16_t port, const Frame& frame, const RxVerdict& verdict, SimTime now);
  void OnPduHeader(uint16_t port, SeqNum seq, SimTime now);
  void OnResyncResponse(uint16_t port, SeqNum seq, SimTime now);
  // A fault's answer, posted some time from now on: the NIC cannot tell it from the host's.
  void OnStrayAnswer(uint16_t port, SeqNum seq) { flows_[port].strays.push_back(seq); }

 private:
  // Somewhere in [from, to] a header must begin.
  struct Resumed {
    SeqNum from;
    SeqNum to;
  };
  struct Flow {
    OffloadState state = OffloadState::kOffloading;
    SeqNum candidate;                // latest
    SeqNum header;                   // that software met last
    std::optional<SeqNum> searched;  // the search has come so far
    bool confirmed = false;
    std::vector<SeqNum> strays;   // as many as the scenario lists
    bool awaits_first = false;    // resumed by the answer, nothing offloaded since
    std::deque<Resumed> resumed;  // not reached by software yet
    std::deque<SeqNum> met;       // the headers that software met, as far as they are remembered
    bool met_all = true;          // none was forgotten
  };
  static constexpr size_t kMet = 4096;
  void CheckForward(uint16_t port, const RxVerdict& verdict, Flow* flow, SimTime now);
  void OnResumed(uint16_t port, const RxVerdict& verdict, Flow* flow, SimTime now);
  // A header begins in [from, to], or software will find that none does. A late original reaches
  // the NIC when software may have read that place from its retransmission.
  void Expect(uint16_t port, Resumed resumed, Flow* flow, SimTime now);
  void ViolateNoHeader(uint16_t port, SeqNum from, SeqNum next, SimTime now);

  RecentMap<uint16_t, Flow> flows_;
  bool last_byte_ = false;
  std::optional<PduReader> reader_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_RESUMPTION_LAW_H_

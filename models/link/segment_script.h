// A box on the way that keeps a connection's segments and sends their bytes on as a script says:
// cut anew, in another order, late, twice or never. What a middlebox, a GRO/GSO forwarder or a
// retransmitting TCP may do, step by step: for counterexamples. From the first kept segment on
// until the script is over, all data of the connection is kept, retransmissions too; what was not
// sent on by then is lost, and TCP's to repair. It is over early when the sender, waiting for ACKs,
// sends again what it has sent while the next step waits for more. Left out: ACKs without data
// (they pass), more than one connection. Invariants: each step goes out once, in order, when the
// sender has sent its bytes; the bytes are the sender's, save those flipped.
#ifndef DDPSIM_MODELS_LINK_SEGMENT_SCRIPT_H_
#define DDPSIM_MODELS_LINK_SEGMENT_SCRIPT_H_

#include <vector>

#include "ddpsim/wire/frame.h"
#include "ddpsim/wire/ip.h"
#include "models/link/link_faults.h"
#include "models/link/pdu_locator.h"

namespace ddpsim {

class SegmentScript {
 public:
  SegmentScript(const ScriptFault& fault, FramePool* pool);

  // Whether the box keeps the frame, which then goes no further.
  bool Keep(const Frame& frame, const ParsedFrame& parsed, const PduLocator::Place& place,
            SimTime now);
  // When the next step is due; Never() while its bytes have not come, or when the script is over.
  SimTime NextDue() const { return due_; }
  // REQUIRES: NextDue() <= now.
  FramePtr TakeNext(SimTime now);
  bool over() const { return next_ == fault_.segments.size(); }
  size_t steps_not_sent() const { return fault_.segments.size() - sent_; }

 private:
  void Remember(const ParsedFrame& parsed, const PduLocator::Place& place);
  void Arm(SimTime now);

  ScriptFault fault_;
  FramePool* pool_;
  uint64_t begin_ = 0;  // of the bytes that steps name
  std::vector<uint8_t> bytes_;
  uint64_t known_ = 0;  // bytes from begin_ on that the sender has sent
  size_t next_ = 0;
  size_t sent_ = 0;
  SimTime last_;
  SimTime due_ = SimTime::Never();
  // Of the segment kept last: what is sent on looks like it.
  EthIpAddresses addresses_;
  TcpHeader header_;
  SeqNum begin_seq_;
  uint16_t ip_id_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_SEGMENT_SCRIPT_H_

// The send side of a target queue: which PDU is next, in which pieces it goes to TCP and with which
// flags (Linux 6.1 nvmet_tcp_fetch_cmd(), nvmet_try_send_*()). MSG_MORE on a header, on data that a
// digest or response follows, and on whatever is followed by another PDU of the batch; MSG_EOR on a
// data digest that ends a batch: this decides where PDU headers fall in TCP segments. A batch is
// what had completed when the list ran empty; what completes later waits for the next one. Left
// out: pages as skb frags of their own (a limit of 17 frags per skb only binds in merged streams of
// several small reads). Invariants: one call sends at most one C2HData PDU with its response, one
// R2T or one response; a piece that TCP did not take whole goes on where it stopped.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_SEND_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_SEND_H_

#include <cstdint>

#include "models/nvme_target/target_command.h"
#include "models/nvme_target/target_parts.h"
#include "models/nvme_target/target_stream.h"

namespace ddpsim {

class TargetSend {
 public:
  TargetSend(TargetParts* parts, QueueIdentity* identity, TargetStream* stream, CommandPool* pool)
      : parts_(parts), id_(identity), stream_(stream), pool_(pool) {}

  // nvmet_tcp_queue_response()
  void Queue(TargetCommand* command) { completed_.PushBack(command); }
  // False: nothing to send, or TCP is full.
  bool TryOne(bool last_in_batch, SimTime now);
  bool idle() const { return current_ == nullptr && batch_.empty() && completed_.empty(); }

  void SendIcResp(const IcRespRepr& response, SimTime now);
  void SendTermReq(const TermReqRepr& term, SimTime now);

  // Work of the last TryOne(), for its price.
  uint32_t pdus() const { return pdus_; }
  uint32_t pages() const { return pages_; }

  void Abandon();

 private:
  TargetCommand* Fetch();
  bool Success(const TargetCommand& command) const;
  void BeginData(TargetCommand* command);
  void BeginR2T(TargetCommand* command);
  void TellR2T(const TargetCommand& command, SimTime now);
  void BeginResponse(TargetCommand* command);
  bool SendData(TargetCommand* command, bool last_in_batch, SimTime now);
  bool SendDataDigest(TargetCommand* command, bool last_in_batch, SimTime now);
  // Behind the data of one C2HData PDU: its digest, the next one, the response or the end.
  void AfterData(TargetCommand* command);
  void AfterPdu(TargetCommand* command);
  bool SendPiece(TargetCommand* command, bool more, bool eor, SimTime now);
  // The bytes reserved in the slabs, as the command's next piece.
  void SetPiece(TargetCommand* command, uint32_t size) {
    command->piece = parts_->slabs.Commit(size);
  }
  bool MoreInBatch(bool last_in_batch) const { return !last_in_batch && !batch_.empty(); }
  void CountPdu(PduType type) {
    ++parts_->stats.pdus_sent[static_cast<size_t>(type)];
    ++pdus_;
  }
  void Finish(TargetCommand* command);
  void CountEnd(const TargetCommand& command);

  TargetParts* parts_;
  QueueIdentity* id_;
  TargetStream* stream_;
  CommandPool* pool_;
  CommandList completed_;             // resp_list
  CommandList batch_;                 // resp_send_list
  TargetCommand* current_ = nullptr;  // snd_cmd
  uint32_t pdus_ = 0;
  uint32_t pages_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_SEND_H_

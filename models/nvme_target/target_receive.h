// The receive side of a target queue: walks the byte stream PDU by PDU (Linux 6.1
// nvmet_tcp_try_recv_one(): RECV_PDU, RECV_DATA, RECV_DDGST). Data is judged where it lies, in the
// skbs: NVM data is compared with the content and summed, only admin data is copied. Left out: the
// copy into pages of its own. Invariants: one call handles at most one PDU; after a fatal error
// nothing is read any more; a PDU's data counts only once its digest was right.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_RECEIVE_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_RECEIVE_H_

#include <cstdint>

#include "models/nvme_target/target_command.h"
#include "models/nvme_target/target_parts.h"
#include "models/nvme_target/target_stream.h"

namespace ddpsim {

// What the receive side asks of its queue. Errors name the FES of a TermReq.
class ReceiveEvents {
 public:
  virtual PduError OnIcReq(const IcReqRepr& request, SimTime now) = 0;
  // Bytes that follow a capsule for a target that believes the SGL.
  virtual uint32_t InCapsuleData(const NvmeSqe& sqe) const = 0;
  // `*receiving`: the command whose data follows in the capsule, null if none is to be read.
  virtual PduError OnCapsule(const CapsuleCmdRepr& capsule, SimTime now,
                             TargetCommand** receiving) = 0;
  virtual PduError OnH2CData(const H2CDataRepr& pdu, TargetCommand** receiving) = 0;
  // A PDU's data is complete and its digest right.
  virtual void OnData(TargetCommand* command, uint32_t bytes, SimTime now) = 0;
  // Its digest was wrong. True: go on, the command has failed.
  virtual bool OnBadDigest(TargetCommand* command, SimTime now) = 0;

 protected:
  ~ReceiveEvents() = default;
};

enum class ReceiveVerdict : uint8_t { kAgain, kDone, kFatal };

class TargetReceive {
 public:
  TargetReceive(TargetParts* parts, QueueIdentity* identity, TargetStream* stream,
                ReceiveEvents* events)
      : parts_(parts), id_(identity), stream_(stream), events_(events) {}

  // kAgain: what there was did not complete a PDU. kFatal: error() says why.
  ReceiveVerdict TryOne(SimTime now);
  const PduError& error() const { return error_; }
  Refusal refusal() const { return refusal_; }
  // The header complained about.
  ByteSpan bad_header() const { return ByteSpan(header_, filled_); }
  void Stop() { state_ = State::kStopped; }

 private:
  enum class State : uint8_t { kPdu, kData, kDigest, kStopped };

  ReceiveVerdict Step(SimTime now);
  // Fills header_ up to `size`; false: not all there yet.
  bool Fill(uint32_t size);
  ReceiveVerdict ReceivePdu(SimTime now);
  // Of the common header, and of the whole one.
  PduError CheckBegin() const;
  PduError CheckWhole(const PduCommonHeader& ch, Refusal* why);
  PduError Dispatch(SimTime now);
  PduError ParseCapsule(ByteSpan header, CapsuleCmdRepr* capsule) const;
  PduError ParseData(ByteSpan header, H2CDataRepr* pdu) const;
  ReceiveVerdict ReceiveData(SimTime now);
  void TakeData(const uint8_t* data, uint32_t size);
  ReceiveVerdict ReceiveDigest(SimTime now);
  void Compare(TargetCommand* command, uint32_t at, ByteSpan data);
  ReceiveVerdict Fatal(const PduError& error, Refusal why);
  void BeginPdu();
  void EndData(SimTime now);

  TargetParts* parts_;
  QueueIdentity* id_;
  TargetStream* stream_;
  ReceiveEvents* events_;
  State state_ = State::kPdu;
  bool connected_ = false;  // ICReq came
  uint32_t filled_ = 0;
  uint32_t read_ = 0;  // in this call
  uint32_t pdu_data_ = 0;
  uint32_t data_left_ = 0;
  uint32_t crc_ = 0;
  TargetCommand* receiving_ = nullptr;
  PduError error_;
  Refusal refusal_ = Refusal::kHeader;
  uint8_t header_[256];  // PDO is one byte
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_RECEIVE_H_

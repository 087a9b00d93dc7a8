// A capture of one NVMe/TCP connection made in tests, PDU by PDU, from its SYN on. Each PDU travels
// in packets of its own; what a field should not be is written over it before it is sent.
#ifndef DDPSIM_TESTS_SUPPORT_NVME_CAPTURE_H_
#define DDPSIM_TESTS_SUPPORT_NVME_CAPTURE_H_

#include <algorithm>
#include <cstring>

#include "ddpsim/wire/crc32c.h"
#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "tests/support/capture_builder.h"

namespace ddpsim {

struct NvmeCaptureOptions {
  bool header_digest = false;
  bool data_digest = false;
  uint8_t hpda = 0;
  uint16_t qid = 1;
  IcRespRepr answer = {0, 0, false, false, 131072};  // digests are those asked for
  bool answer_as_asked = true;
  uint32_t answer_plen = 128;
  bool connect_missing = false;  // the capture does not hold its capsule
};

class NvmeCapture {
 public:
  explicit NvmeCapture(const NvmeCaptureOptions& options = {}) {
    framing_.header_digest = options.header_digest;
    framing_.data_digest = options.data_digest;
    Packet(true, {}, kTcpSyn);
    Packet(false, {}, kTcpSyn | kTcpAck);
    Packet(true, {}, kTcpAck);
    IcReqRepr request;
    request.hpda = options.hpda;
    request.header_digest = options.header_digest;
    request.data_digest = options.data_digest;
    Bytes pdu(kMaxPduHeader);
    pdu.resize(EmitIcReq(request, pdu.data()));
    Send(true, pdu);
    IcRespRepr answer = options.answer;
    if (options.answer_as_asked) {
      answer.header_digest = options.header_digest;
      answer.data_digest = options.data_digest;
    }
    pdu.resize(kMaxPduHeader);
    pdu.resize(EmitIcResp(answer, pdu.data()));
    StoreLe32(&pdu[4], options.answer_plen);
    Send(false, pdu);
    to_host_ = framing_;
    to_host_.pda = options.hpda;
    FabricsConnectSqe connect;
    connect.qid = options.qid;
    connect.sqsize = 127;
    NvmeSqe sqe;
    std::memcpy(static_cast<void*>(&sqe), &connect, sizeof(connect));
    const Bytes capsule = CommandPdu(sqe);
    if (options.connect_missing) {
      host_ += static_cast<uint32_t>(capsule.size());
    } else {
      Send(true, capsule);
    }
    Response(0);
  }

  Bytes CommandPdu(const NvmeSqe& sqe) const {
    Bytes pdu(kMaxPduHeader);
    pdu.resize(EmitCapsuleCmd({sqe, 0}, framing_, pdu.data()));
    return pdu;
  }
  void Command(uint16_t cid, uint8_t opcode, uint32_t length,
               uint8_t sgl_type = kSglTransportDataBlock) {
    NvmeSqe sqe;
    sqe.opcode = opcode;
    sqe.flags = kSqeFlagSgl;
    sqe.command_id = cid;
    sqe.sgl.length = length;
    sqe.sgl.type = sgl_type;
    Send(true, CommandPdu(sqe));
  }
  // With its data and digest, to be altered and sent.
  Bytes DataPdu(uint16_t cid, uint32_t datao, uint32_t length, bool last = true,
                bool success = false) const {
    Bytes pdu(kMaxPduHeader);
    pdu.resize(EmitC2HData({cid, datao, length, last, success}, to_host_, pdu.data()));
    Bytes data(length);
    for (uint32_t i = 0; i < length; ++i) data[i] = static_cast<uint8_t>((datao + i) / 7 + cid);
    Append(&pdu, data);
    if (framing_.data_digest && length > 0) Append(&pdu, Le32(Crc32c(0, ByteSpan(data))));
    return pdu;
  }
  void Data(uint16_t cid, uint32_t datao, uint32_t length, bool last = true, bool success = false) {
    Send(false, DataPdu(cid, datao, length, last, success));
  }
  void Response(uint16_t cid, uint16_t status = 0) {
    CapsuleRespRepr resp;
    resp.cqe.command_id = cid;
    resp.cqe.status_field = status;
    Bytes pdu(kMaxPduHeader);
    pdu.resize(EmitCapsuleResp(resp, framing_, pdu.data()));
    Send(false, pdu);
  }
  void R2T(uint16_t cid, uint32_t offset, uint32_t length) {
    Bytes pdu(kMaxPduHeader);
    pdu.resize(EmitR2T({cid, 5, offset, length}, framing_, pdu.data()));
    Send(false, pdu);
  }
  void TermReq(FatalErrorStatus fes, uint32_t fei) {
    Bytes pdu(kMaxPduHeader);
    pdu.resize(EmitTermReq(PduType::kC2HTermReq, {{fes, fei}, {}}, pdu.data()));
    Send(false, pdu);
  }
  void Read(uint16_t cid, uint32_t length) {
    Command(cid, kNvmeCmdRead, length);
    Data(cid, 0, length);
    Response(cid);
  }
  // Makes the header digest right again.
  void Mend(Bytes* pdu) const {
    if (framing_.header_digest) AppendHeaderDigest(pdu->data(), 24);
  }
  void Send(bool from_host, const Bytes& pdu) {
    constexpr size_t kMss = 1448;
    for (size_t at = 0; at < pdu.size(); at += kMss) {
      const size_t end = std::min(pdu.size(), at + kMss);
      Packet(from_host,
             Bytes(pdu.begin() + static_cast<long>(at), pdu.begin() + static_cast<long>(end)),
             kTcpAck | kTcpPsh);
    }
  }
  // A segment beside the stream: it begins `ahead` bytes ahead of what the target sends next.
  void Beside(int32_t ahead, const Bytes& payload, uint8_t flags = kTcpAck) {
    FrameSpec spec;
    spec.seq = target_ + static_cast<uint32_t>(ahead);
    spec.ack = host_;
    spec.flags = flags;
    spec.ip_id = static_cast<uint16_t>(++count_);
    spec.payload = payload;
    Append(&file_, PcapRecord(MakeFrame(spec), 1 + at_us_ / 1'000'000, at_us_ % 1'000'000));
    at_us_ += 50;
  }
  // The target sends bytes that the capture does not hold.
  void Miss(uint32_t bytes) { target_ += bytes; }
  const Bytes& file() const { return file_; }

 private:
  void Packet(bool from_host, const Bytes& payload, uint8_t flags) {
    uint32_t& seq = from_host ? host_ : target_;
    FrameSpec spec;
    spec.from_host = from_host;
    spec.seq = seq;
    spec.ack = (flags & kTcpAck) != 0 ? (from_host ? target_ : host_) : 0;
    spec.flags = flags;
    spec.ip_id = static_cast<uint16_t>(++count_);
    spec.payload = payload;
    spec.mss = (flags & kTcpSyn) != 0 ? 1460 : 0;
    Append(&file_, PcapRecord(MakeFrame(spec), 1 + at_us_ / 1'000'000, at_us_ % 1'000'000));
    seq += static_cast<uint32_t>(payload.size()) + ((flags & kTcpSyn) != 0 ? 1 : 0);
    at_us_ += 50;
  }

  Bytes file_ = PcapHeader();
  PduFraming framing_;
  PduFraming to_host_;  // with the padding of C2HData
  uint32_t count_ = 0;
  uint32_t host_ = 5000;
  uint32_t target_ = 9000;
  uint32_t at_us_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_SUPPORT_NVME_CAPTURE_H_

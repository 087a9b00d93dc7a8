// A receive path alone, fed by hand with bytes of a controller.
#ifndef DDPSIM_TESTS_UNIT_NVME_HOST_RECV_FEED_H_
#define DDPSIM_TESTS_UNIT_NVME_HOST_RECV_FEED_H_

#include <vector>

#include "ddpsim/wire/crc32c.h"
#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "models/nvme_host/init_connection.h"
#include "models/nvme_host/recv_path.h"
#include "tests/unit/nvme_host/fake_host.h"

namespace ddpsim {

using Bytes = std::vector<uint8_t>;

class PduLog final : public HostObserver {
 public:
  void OnPduAccepted(const PduAccepted& pdu, SimTime) override { pdus.push_back(pdu); }
  std::vector<PduAccepted> pdus;
};

// One request of 4096 bytes with cid 0x1001, in a buffer that has as much behind it.
class Feed final : public RecvEvents {
 public:
  explicit Feed(bool header_digest = false, bool data_digest = true)
      : offload(config, boxes, &stats), path(config, boxes, &offload, this, &stats) {
    boxes.memory = &memory;
    boxes.llc = &llc;
    boxes.observer = &log;
    framing.header_digest = header_digest;
    framing.data_digest = data_digest;
    path.Reset();
    path.SetFraming(framing);
    request.started = true;
    request.cid = 0x1001;
    request.addr = memory.Allocate(8192);
    request.data = memory.At(request.addr, 8192);
    request.data_len = 4096;
  }
  FoundRequest FindRequest(Cid cid) override {
    if (cid == request.cid) return {&request, HostRefusalKind::kNone};
    return {};
  }
  HostRefusal OnIcResp(ExecContext&, const IcRespLayout& resp) override {
    return CheckIcResp(resp, config);
  }
  HostRefusal OnCapsuleResp(ExecContext&, const NvmeCqe&) override {
    ++responses;
    return {};
  }
  HostRefusal OnR2T(ExecContext&, const R2TRepr&) override { return {}; }
  HostRefusal OnDataSuccess(ExecContext&, Request*) override {
    ++successes;
    return {};
  }

  bool SendBytes(const Bytes& bytes) {
    SkbPtr skb = skbs.Allocate();
    skb->size = static_cast<uint32_t>(bytes.size());
    skb->frags.push_back(Payload{bytes.data(), skb->size, 0, nullptr});
    ExecContext ctx = cpu.Context();
    return path.OnSkb(ctx, *skb);
  }
  // A header of any kind, with its digest made right.
  bool SendHeader(Bytes header) {
    if (framing.header_digest) {
      const uint32_t digest = Crc32c(0, ByteSpan(header));
      header.resize(header.size() + 4);
      StoreLe32(&header[header.size() - 4], digest);
    }
    return SendBytes(header);
  }
  // Data of zeros and a digest of zeros, which is a wrong one.
  bool Send(const C2HDataRepr& repr, uint32_t datal) {
    Bytes bytes(kMaxPduHeader);
    bytes.resize(EmitC2HData(repr, framing, bytes.data()));
    bytes.resize(bytes.size() + datal + framing.DataDigestSize(datal));
    return SendBytes(bytes);
  }
  std::string why() const { return HostRefusalText(path.refusal()); }
  HostRefusalKind kind() const { return path.refusal().kind; }

  FakeScheduler cpu;
  HostMemory memory{1 << 20};
  Llc llc{LlcConfig(), HostMemory::kBase, Rng(1, "llc")};
  QueueConfig config;
  HostBoxes boxes;
  HostQueueStats stats;
  SkbPool skbs;
  PduFraming framing;
  PduLog log;
  Request request;
  DdpOffload offload;
  RecvPath path;
  int responses = 0;
  int successes = 0;
};

// Fields of a header of 24 bytes.
inline Bytes PduHeader(uint8_t type, uint8_t flags, uint8_t hlen, uint8_t pdo, uint32_t plen) {
  Bytes out(24);
  out[0] = type;
  out[1] = flags;
  out[2] = hlen;
  out[3] = pdo;
  StoreLe32(&out[4], plen);
  return out;
}

// C2HData for the request of Feed.
inline Bytes DataHeader(uint8_t flags, uint8_t pdo, uint32_t plen, uint32_t datao, uint32_t datal) {
  Bytes out = PduHeader(7, flags, 24, pdo, plen);
  out[8] = 0x01;
  out[9] = 0x10;
  StoreLe32(&out[12], datao);
  StoreLe32(&out[16], datal);
  return out;
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_NVME_HOST_RECV_FEED_H_

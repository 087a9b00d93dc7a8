#include "models/nic/cqe_writer.h"

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

uint8_t OpOwn(CqeOpcode opcode, uint8_t owner) {
  return static_cast<uint8_t>(static_cast<uint8_t>(opcode) << 4 | owner);
}

void EncodeOffload(const ReceiveCqe& cqe, Cqe128* out) {
  if (cqe.resync_tcp_sn.has_value()) {
    SIM_CHECK(!cqe.zc && !cqe.ddgst_ok, "ccoff and resync_tcp_sn share a field");
    out->cqe64.nvmeotcp_flags = kCqeNvmeotcpResync;
    out->nvmeotcp.ccoff_or_resync_tcp_sn = cqe.resync_tcp_sn->value();
    return;
  }
  if (cqe.ddgst_ok) out->cqe64.nvmeotcp_flags |= kCqeNvmeotcpDdgst;
  if (!cqe.zc) return;
  out->cqe64.nvmeotcp_flags |= kCqeNvmeotcpZc;
  out->nvmeotcp.cclen = cqe.cclen;
  out->nvmeotcp.hlen = cqe.hlen;
  out->nvmeotcp.ccoff_or_resync_tcp_sn = cqe.ccoff;
  out->nvmeotcp.ccid = cqe.ccid;
}

ByteSpan BytesOf(const void* p, size_t size) {
  return ByteSpan(static_cast<const uint8_t*>(p), size);
}

SimTime WriteNext(ByteSpan entry, CompletionQueue* cq, BusMaster* bus, SimTime now) {
  const SimTime visible = bus->WriteMessage(cq->next_address(), entry, now);
  // Moderation counts from when the NIC issues the CQE; the MSI-X message follows it on the same
  // ordered path.
  (void)visible;
  return cq->OnWritten(now);
}

}  // namespace

Cqe128 EncodeReceiveCqe(const ReceiveCqe& cqe, uint8_t owner) {
  Cqe128 out;
  Cqe64& c = out.cqe64;
  c.rss_hash_result = cqe.rss_hash;
  c.rss_hash_type = cqe.rss_hash_type;
  c.flags_rqpn = cqe.rqn & 0xff'ffff;
  c.hds_ip_ext = cqe.checksum_flags;
  c.byte_cnt = cqe.byte_count;
  c.timestamp = static_cast<uint64_t>(cqe.timestamp.ns());
  c.sop_drop_qpn = cqe.flow_tag & 0xff'ffff;
  c.wqe_counter = cqe.wqe_counter;
  c.op_own = OpOwn(CqeOpcode::kRespSend, owner);
  EncodeOffload(cqe, &out);
  return out;
}

Cqe64 EncodeSendCqe(uint32_t sqn, uint16_t wqe_counter, SimTime timestamp, uint8_t owner) {
  Cqe64 c;
  c.timestamp = static_cast<uint64_t>(timestamp.ns());
  c.sop_drop_qpn = sqn & 0xff'ffff;
  c.wqe_counter = wqe_counter;
  c.op_own = OpOwn(CqeOpcode::kReq, owner);
  return c;
}

SimTime WriteReceiveCqe(const ReceiveCqe& cqe, CompletionQueue* cq, BusMaster* bus, SimTime now) {
  const Cqe128 entry = EncodeReceiveCqe(cqe, cq->owner());
  if (cq->cqe_bytes() == sizeof(Cqe128)) {
    return WriteNext(BytesOf(&entry, sizeof(entry)), cq, bus, now);
  }
  SIM_CHECK(entry.cqe64.nvmeotcp_flags == 0, "offload results need 128-byte CQEs");
  return WriteNext(BytesOf(&entry.cqe64, sizeof(Cqe64)), cq, bus, now);
}

SimTime WriteSendCqe(uint32_t sqn, uint16_t wqe_counter, CompletionQueue* cq, BusMaster* bus,
                     SimTime now) {
  Cqe128 entry;
  entry.cqe64 = EncodeSendCqe(sqn, wqe_counter, now, cq->owner());
  if (cq->cqe_bytes() == sizeof(Cqe128)) {
    return WriteNext(BytesOf(&entry, sizeof(entry)), cq, bus, now);
  }
  return WriteNext(BytesOf(&entry.cqe64, sizeof(Cqe64)), cq, bus, now);
}

}  // namespace ddpsim

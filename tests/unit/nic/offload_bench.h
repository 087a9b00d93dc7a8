// NicBench with one offloaded connection: tag buffer table, mkeys, TIR, parameters and flow rule,
// as the driver's sk_add leaves them, and a stream of PDUs to send.
#ifndef DDPSIM_TESTS_UNIT_NIC_OFFLOAD_BENCH_H_
#define DDPSIM_TESTS_UNIT_NIC_OFFLOAD_BENCH_H_

#include <vector>

#include "tests/unit/nic/nic_bench.h"
#include "tests/unit/nic/pdu_stream.h"

namespace ddpsim {

inline constexpr uint32_t kSeq = 1000;
inline constexpr uint32_t kTag = 0x51;
inline constexpr uint32_t kQueueSize = 16;

// One offloaded connection, as the driver's sk_add would leave it.
class OffloadBench : public NicBench {
 public:
  explicit OffloadBench(PduFraming framing = {false, true, 0}, bool zc = true, bool crc = true,
                        NicConfig config = {})
      : NicBench(config), stream(framing) {
    CommandMailbox m = NewCommand(CommandOpcode::kCreateTagBufferTable);
    m.create_tag_buffer_table.log_entries = 4;
    table = Ok(m);
    for (uint32_t ccid = 0; ccid < kQueueSize; ++ccid) {
      m = NewCommand(CommandOpcode::kCreateMkey);
      m.create_mkey = {8, table, ccid};
      mkeys.push_back(Ok(m));
    }
    m = NewCommand(CommandOpcode::kCreateTir);
    m.create_tir = {rqn, zc, crc, table};
    tirn = Ok(m);
    StaticParams(framing, zc, crc, 0);
    Start();
    m = NewCommand(CommandOpcode::kSetFlowRule);
    m.flow_rule = {0x0a000001, 0x0a000002, 4420, 50000, tirn, kTag};
    rule = Ok(m);
    PostRx(60);
  }

  // The stream begins (again) at kSeq.
  void Start() {
    std::vector<uint8_t> wqe;
    Append(&wqe, Ctrl(WqeOpcode::kSetPsv, kOpcModSetPsvProgressParams, 0, 2, true, tirn));
    Append(&wqe, uint32_t{0});
    WqeProgressParams progress;
    progress.next_pdu_tcp_sn = kSeq;
    Append(&wqe, progress);
    PostIco(wqe);
    Run(SimTime::Us(20));
  }
  void StaticParams(PduFraming framing, bool zc, bool crc, uint32_t resync_tcp_sn) {
    std::vector<uint8_t> wqe;
    Append(&wqe, Ctrl(WqeOpcode::kUmr, kOpcModUmrStaticParams, 0, 12, false, tirn));
    Append(&wqe, WqeUmrCtrlSegment());
    Append(&wqe, WqeMkeyContextSegment());
    WqeStaticParams params;
    params.zero_copy_en = zc;
    params.ddgst_offload_en = crc;
    params.ddgst_en = framing.data_digest;
    params.hddgst_en = framing.header_digest;
    params.nvme_resync_tcp_sn = resync_tcp_sn;
    Append(&wqe, params);
    PostIco(wqe);
  }
  void Umr(uint32_t ccid, uint64_t length, uint32_t offset, std::vector<Klm> klms) {
    std::vector<uint8_t> wqe;
    const uint32_t padded = (static_cast<uint32_t>(klms.size()) + 3) / 4 * 4;
    Append(&wqe, Ctrl(WqeOpcode::kUmr, kOpcModUmrMkey, 0, 8 + padded, false, mkeys[ccid]));
    WqeUmrCtrlSegment umr;
    umr.xlt_octowords = static_cast<uint16_t>(klms.size());
    umr.xlt_offset = static_cast<uint16_t>(offset);
    umr.mkey_mask = kMkeyMaskLen | kMkeyMaskFree;
    Append(&wqe, umr);
    WqeMkeyContextSegment context;
    context.len = length;
    Append(&wqe, context);
    for (const Klm& k : klms) {
      WqeKlm klm;
      klm.bcount = k.bytes;
      klm.va = k.addr;
      Append(&wqe, klm);
    }
    wqe.resize(kUmrHeaderSize + padded * 16);
    PostIco(wqe);
  }
  // Maps the command's buffer to one range at kData + ccid * 64 KiB.
  static PhysAddr DestinationOf(uint32_t ccid) { return kData + ccid * 0x10000; }
  void Map(uint32_t ccid, uint32_t length) {
    Umr(ccid, length, 0, {{DestinationOf(ccid), length}});
    Run(SimTime::Us(5));
  }
  void Invalidate(uint32_t ccid) {
    std::vector<uint8_t> wqe;
    Append(&wqe, Ctrl(WqeOpcode::kUmr, kOpcModUmrMkey, 0x77, 8, true, mkeys[ccid]));
    WqeUmrCtrlSegment umr;
    umr.mkey_mask = kMkeyMaskFree;
    Append(&wqe, umr);
    WqeMkeyContextSegment context;
    context.status = kMkeyStatusFree;
    Append(&wqe, context);
    PostIco(wqe);
  }
  // Sends stream bytes as one packet; returns its CQE.
  Cqe128 Send(uint32_t from, uint32_t size) {
    Receive(MakeFrame(SeqNum(kSeq) + from, stream.Slice(from, size)));
    return RxCqe(packets++);
  }
  // The application's buffer holds the command's data in [from, to).
  bool Placed(uint32_t ccid, uint32_t from, uint32_t to) const {
    for (uint32_t i = from; i < to; ++i) {
      if (bus.memory[DestinationOf(ccid) + i] != DataByte(static_cast<uint16_t>(ccid), i))
        return false;
    }
    return true;
  }
  bool Untouched(uint32_t ccid, uint32_t from, uint32_t to) const {
    for (uint32_t i = from; i < to; ++i) {
      if (bus.memory[DestinationOf(ccid) + i] != 0) return false;
    }
    return true;
  }
  // The RX buffer of the last packet holds stream byte `from + at` at its place in the packet.
  bool Buffered(uint32_t from, uint32_t at, uint32_t size) const {
    const uint8_t* p = &bus.memory[BufferOf(packets - 1) + kHeaders + at];
    return ByteSpan(p, size) == stream.Slice(from + at, size);
  }

  SampleStream stream;
  uint32_t table = 0, tirn = 0, rule = 0;
  std::vector<uint32_t> mkeys;
  uint32_t packets = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_NIC_OFFLOAD_BENCH_H_

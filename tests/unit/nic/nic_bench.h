// A NIC on a FakeBus with a driver's hands: creates objects by mailbox commands, posts WQEs, builds
// frames, reads CQEs.
#ifndef DDPSIM_TESTS_UNIT_NIC_NIC_BENCH_H_
#define DDPSIM_TESTS_UNIT_NIC_NIC_BENCH_H_

#include <cstring>
#include <vector>

#include "ddpsim/base/check.h"
#include "ddpsim/hw/cqe.h"
#include "ddpsim/hw/wqe.h"
#include "ddpsim/wire/segment_writer.h"
#include "models/nic/nic.h"
#include "tests/unit/nic/fake_bus.h"

namespace ddpsim {

class NicBench : public NicObserver {
 public:
  // Memory map.
  static constexpr PhysAddr kMailbox = 0x1000;
  static constexpr PhysAddr kRxCqRing = 0x10000;
  static constexpr PhysAddr kRqRing = 0x20000;
  static constexpr PhysAddr kTxCqRing = 0x30000;
  static constexpr PhysAddr kSqRing = 0x40000;
  static constexpr PhysAddr kIcoCqRing = 0x50000;
  static constexpr PhysAddr kIcosqRing = 0x60000;
  static constexpr PhysAddr kRxBuffers = 0x100000;
  static constexpr uint32_t kRxBufferSize = 2048;
  static constexpr PhysAddr kData = 0x300000;
  static constexpr uint32_t kLogRing = 6;

  explicit NicBench(NicConfig config = {}) : nic(config, &bus, &pool) {
    nic.set_observer(this);
    CommandMailbox m = NewCommand(CommandOpcode::kCreateCq);
    m.create_cq = {kRxCqRing, kLogRing, 128, 3, 8, 64};
    rx_cqn = Ok(m);
    m = NewCommand(CommandOpcode::kCreateRq);
    m.create_rq = {kRqRing, kLogRing, rx_cqn};
    rqn = Ok(m);
    m = NewCommand(CommandOpcode::kCreateCq);
    m.create_cq = {kTxCqRing, kLogRing, 64, 4, 0, 0};
    tx_cqn = Ok(m);
    m = NewCommand(CommandOpcode::kCreateSq);
    m.create_sq = {kSqRing, kLogRing, tx_cqn, 0};
    sqn = Ok(m);
    m = NewCommand(CommandOpcode::kCreateCq);
    m.create_cq = {kIcoCqRing, kLogRing, 64, 5, 0, 0};
    ico_cqn = Ok(m);
    m = NewCommand(CommandOpcode::kCreateSq);
    m.create_sq = {kIcosqRing, kLogRing, ico_cqn, 1};
    icosqn = Ok(m);
  }

  // ---- commands ----
  static CommandMailbox NewCommand(CommandOpcode opcode) {
    CommandMailbox m;
    std::memset(static_cast<void*>(&m), 0, sizeof(m));
    m.opcode = opcode;
    return m;
  }
  CommandMailbox Command(CommandMailbox m) {
    std::memcpy(&bus.memory[kMailbox], &m, sizeof(m));
    nic.OnMmioWrite(DoorbellOffset(DoorbellKind::kCommand, 0), kMailbox, now);
    std::memcpy(static_cast<void*>(&m), &bus.memory[kMailbox], sizeof(m));
    return m;
  }
  uint32_t Ok(const CommandMailbox& m) {
    const CommandMailbox done = Command(m);
    SIM_CHECK(done.status == CommandStatus::kOk, "the bench asks for what it can have");
    return done.object;
  }
  void UseRss() {
    CommandMailbox m = NewCommand(CommandOpcode::kSetRssTable);
    m.set_rss_table.count = 1;
    m.set_rss_table.rqn[0] = rqn;
    Ok(m);
  }

  // ---- doorbells and time ----
  void Doorbell(DoorbellKind kind, uint32_t queue, uint32_t value) {
    nic.OnMmioWrite(DoorbellOffset(kind, queue), value, now);
  }
  // Posts `count` more RX buffers and waits until the NIC has them.
  void PostRx(uint32_t count, bool wait = true) {
    for (uint32_t i = 0; i < count; ++i, ++rq_producer) {
      const uint32_t slot = rq_producer % (1u << kLogRing);
      WqeDataSegment wqe;
      wqe.byte_count = kRxBufferSize;
      wqe.addr = BufferOf(rq_producer);
      std::memcpy(&bus.memory[kRqRing + slot * sizeof(wqe)], &wqe, sizeof(wqe));
    }
    Doorbell(DoorbellKind::kRq, rqn, rq_producer);
    if (wait) Run(SimTime::Us(1));
  }
  static PhysAddr BufferOf(uint32_t counter) {
    return kRxBuffers + (counter % (1u << kLogRing)) * kRxBufferSize;
  }
  // Lets time pass, waking the NIC when it wants to be woken.
  void Run(SimTime duration) {
    const SimTime end = now + duration;
    while (nic.NextDeadline() <= end) {
      now = std::max(now, nic.NextDeadline());
      nic.OnTimer(now);
    }
    now = end;
  }

  // ---- frames ----
  static EthIpAddresses Addresses() {
    EthIpAddresses a;
    a.source_ip = 0x0a000001;
    a.destination_ip = 0x0a000002;
    return a;
  }
  FramePtr MakeFrame(SeqNum seq, ByteSpan payload) {
    TcpHeader tcp;
    tcp.source_port = 4420;
    tcp.destination_port = 50000;
    tcp.seq = seq;
    tcp.flags = kTcpAck;
    tcp.options.has_timestamps = true;  // headers of 66 bytes
    const Payload gather[] = {{payload.data(), static_cast<uint32_t>(payload.size()), 0, nullptr}};
    return WriteSegment(pool, Addresses(), 1, tcp, gather, 0, gather[0].size);
  }
  static constexpr uint32_t kHeaders = 66;
  void Receive(const FramePtr& frame) { nic.OnFrame(frame, now); }

  Cqe128 RxCqe(uint32_t index) const {
    Cqe128 cqe;
    std::memcpy(static_cast<void*>(&cqe), &bus.memory[kRxCqRing + index * sizeof(cqe)],
                sizeof(cqe));
    return cqe;
  }
  Cqe64 Cqe64At(PhysAddr ring, uint32_t index) const {
    Cqe64 cqe;
    std::memcpy(static_cast<void*>(&cqe), &bus.memory[ring + index * sizeof(cqe)], sizeof(cqe));
    return cqe;
  }

  // ---- WQEs ----
  static WqeCtrlSegment Ctrl(WqeOpcode opcode, uint8_t mod, uint16_t index, uint32_t ds, bool cqe,
                             uint32_t object) {
    WqeCtrlSegment ctrl;
    ctrl.opmod_idx_opcode =
        uint32_t{mod} << 24 | uint32_t{index} << 8 | static_cast<uint8_t>(opcode);
    ctrl.qpn_ds = ds;
    ctrl.fm_ce_se = cqe ? kCeCqe : 0;
    ctrl.imm = object << 8;
    return ctrl;
  }
  // Writes a WQE to a ring at `*producer` (wrapping) and rings.
  void PostWqe(PhysAddr ring, uint32_t queue, uint16_t* producer, const std::vector<uint8_t>& wqe) {
    const uint32_t mask = (1u << kLogRing) - 1;
    for (size_t at = 0; at < wqe.size(); at += kWqebbSize, ++*producer) {
      uint8_t* slot = &bus.memory[ring + (*producer & mask) * kWqebbSize];
      std::memcpy(slot, wqe.data() + at, std::min<size_t>(kWqebbSize, wqe.size() - at));
    }
    Doorbell(DoorbellKind::kSq, queue, *producer);
  }
  void PostIco(const std::vector<uint8_t>& wqe) { PostWqe(kIcosqRing, icosqn, &ico_producer, wqe); }

  void OnReceived(const Frame& frame, const RxVerdict& verdict, SimTime) override {
    verdicts.push_back(verdict);
    spans.assign(verdict.not_placed.begin(), verdict.not_placed.end());
  }
  void OnOutOfBuffer(const Frame&, SimTime) override { ++out_of_buffer; }

  FakeBus bus;
  FramePool pool;
  Nic nic;
  SimTime now = SimTime::Us(1);
  uint32_t rx_cqn = 0, rqn = 0, tx_cqn = 0, sqn = 0, ico_cqn = 0, icosqn = 0;
  uint32_t rq_producer = 0;
  uint16_t sq_producer = 0;
  uint16_t ico_producer = 0;
  std::vector<RxVerdict> verdicts;
  std::vector<NotPlacedSpan> spans;  // of the last frame
  int out_of_buffer = 0;
};

// Appends a segment to a WQE.
template <class T>
void Append(std::vector<uint8_t>* wqe, const T& segment) {
  const uint8_t* p = reinterpret_cast<const uint8_t*>(&segment);
  wqe->insert(wqe->end(), p, p + sizeof(segment));
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_NIC_NIC_BENCH_H_

#include "tests/unit/kernel/fake_nic.h"

#include <cstring>

#include "ddpsim/base/check.h"
#include "ddpsim/hw/doorbell.h"

namespace ddpsim {

WqeCtrlSegment FakeNic::Wqe::ctrl() const {
  WqeCtrlSegment ctrl;
  std::memcpy(&ctrl, bytes.data(), sizeof(ctrl));
  return ctrl;
}

void FakeNic::OnMmioWrite(const MmioWrite& write) {
  const uint32_t queue = DoorbellQueueOf(write.offset);
  const auto value = static_cast<uint32_t>(write.value);
  switch (DoorbellKindOf(write.offset)) {
    case DoorbellKind::kSq:
      return OnSqDoorbell(queue, static_cast<uint16_t>(value));
    case DoorbellKind::kRq:
      rqs.at(queue).producer = value;
      return;
    case DoorbellKind::kCqConsumer:
      cqs.at(queue).consumer = value;
      return;
    case DoorbellKind::kCqArm: {
      Cq& cq = cqs.at(queue);
      cq.consumer = value;
      cq.armed = true;
      if (cq.producer != cq.consumer && interrupt) {
        cq.armed = false;
        interrupt(cq.in.msix_vector);
      }
      return;
    }
    case DoorbellKind::kCommand:
      return OnCommand(write.value);
  }
}

void FakeNic::OnCommand(PhysAddr mailbox) {
  CommandMailbox box;
  uint8_t* at = memory_->At(mailbox, sizeof(box));
  std::memcpy(&box, at, sizeof(box));
  box.status = CommandStatus::kOk;
  if (fail_next != CommandStatus::kOk && fail_opcode == box.opcode) {
    box.status = fail_next;
    fail_next = CommandStatus::kOk;
  } else {
    box.object = next_object_++;
    if (box.opcode == CommandOpcode::kCreateCq) cqs[box.object].in = box.create_cq;
    if (box.opcode == CommandOpcode::kCreateRq) rqs[box.object].in = box.create_rq;
    if (box.opcode == CommandOpcode::kCreateSq) sqs[box.object].in = box.create_sq;
    if (box.opcode == CommandOpcode::kDestroyCq) cqs.erase(box.destroy.object);
    if (box.opcode == CommandOpcode::kDestroySq) sqs.erase(box.destroy.object);
  }
  commands.push_back(box);
  std::memcpy(at, &box, sizeof(box));
}

void FakeNic::OnSqDoorbell(uint32_t sqn, uint16_t producer) {
  Sq& sq = sqs.at(sqn);
  while (sq.done != producer) {
    const uint32_t index = sq.done & ((1u << sq.in.log_wqebbs) - 1);
    const uint8_t* at = memory_->At(sq.in.ring + index * kWqebbSize, kWqebbSize);
    WqeCtrlSegment ctrl;
    std::memcpy(&ctrl, at, sizeof(ctrl));
    SIM_CHECK(ctrl.wqe_index() == sq.done, "index in the WQE");
    SIM_CHECK(ctrl.qpn_ds >> 8 == sqn, "queue in the WQE");
    const uint32_t size = ctrl.ds_count() * kDsSize;
    Wqe wqe{sqn, std::vector<uint8_t>(at, at + size)};
    sq.done = static_cast<uint16_t>(sq.done + (size + kWqebbSize - 1) / kWqebbSize);
    wqes.push_back(wqe);
    if (on_wqe) on_wqe(wqe);
    if ((ctrl.fm_ce_se & kCeCqe) != 0 && !hold_completions) CompleteSend(wqe);
  }
}

void FakeNic::CompleteSend(const Wqe& wqe) {
  Cqe64 cqe;
  cqe.wqe_counter = wqe.ctrl().wqe_index();
  cqe.sop_drop_qpn = wqe.sqn;
  WriteCqe(sqs.at(wqe.sqn).in.cqn, cqe, {});
}

void FakeNic::Receive(uint32_t rqn, ByteSpan frame,
                      std::function<void(Cqe64*, CqeNvmeotcp*)> fill) {
  Rq& rq = rqs.at(rqn);
  SIM_CHECK(rq.taken != rq.producer, "no receive buffer posted");
  const uint32_t index = rq.taken & ((1u << rq.in.log_entries) - 1);
  WqeDataSegment segment;
  std::memcpy(&segment, memory_->At(rq.in.ring + index * sizeof(segment), sizeof(segment)),
              sizeof(segment));
  SIM_CHECK(frame.size() <= segment.byte_count, "frame longer than its buffer");
  memory_->Write(segment.addr, frame);
  Cqe64 cqe;
  cqe.byte_cnt = static_cast<uint32_t>(frame.size());
  cqe.hds_ip_ext = kCqeL2Ok | kCqeL3Ok | kCqeL4Ok;
  cqe.wqe_counter = static_cast<uint16_t>(rq.taken++);
  CqeNvmeotcp part;
  if (fill) fill(&cqe, &part);
  WriteCqe(rq.in.cqn, cqe, part);
}

void FakeNic::WriteCqe(uint32_t cqn, Cqe64 cqe, const CqeNvmeotcp& part) {
  Cq& cq = cqs.at(cqn);
  const uint32_t entries = 1u << cq.in.log_entries;
  SIM_CHECK(cq.producer - cq.consumer < entries, "CQ overflow");
  cqe.op_own = static_cast<uint8_t>((cq.producer & entries) != 0 ? 1 : 0);
  PhysAddr at = cq.in.ring + uint64_t{cq.producer & (entries - 1)} * cq.in.cqe_bytes;
  if (cq.in.cqe_bytes == sizeof(Cqe128)) {
    memory_->Write(at, ByteSpan(reinterpret_cast<const uint8_t*>(&part), sizeof(part)));
    at += sizeof(part);
  }
  memory_->Write(at, ByteSpan(reinterpret_cast<const uint8_t*>(&cqe), sizeof(cqe)));
  ++cq.producer;
  if (!cq.armed || !interrupt) return;
  cq.armed = false;
  interrupt(cq.in.msix_vector);
}

}  // namespace ddpsim

#include "models/nic/command_interface.h"

#include <memory>
#include <utility>
#include <vector>

#include "ddpsim/hw/cqe.h"

namespace ddpsim {
namespace {

constexpr uint32_t kMaxLogEntries = 16;     // WQE counters of CQEs have 16 bits
constexpr uint32_t kMaxLogCqEntries = 22;   // mlx5 log_max_cq_sz
constexpr uint32_t kMaxLogTagEntries = 16;  // a ccid has 16 bits
constexpr uint32_t kMaxKlms = 1 << 16;      // xlt_offset has 16 bits

}  // namespace

CommandStatus CommandInterface::CreateCq(const CreateCqIn& in, uint32_t* object) {
  if (in.log_entries > kMaxLogCqEntries) return CommandStatus::kBadParameter;
  if (in.cqe_bytes != sizeof(Cqe64) && in.cqe_bytes != sizeof(Cqe128)) {
    return CommandStatus::kBadParameter;
  }
  *object = o_->cqs.Create(in);
  o_->cqs.Find(*object)->number = *object;
  return CommandStatus::kOk;
}

CommandStatus CommandInterface::ModifyCq(const ModifyCqIn& in) {
  CompletionQueue* cq = o_->cqs.Find(in.cqn);
  if (cq == nullptr) return CommandStatus::kBadObject;
  cq->moderation().SetLimits(in.moderation_usecs, in.moderation_frames);
  return CommandStatus::kOk;
}

CommandStatus CommandInterface::CreateRq(const CreateRqIn& in, uint32_t* object) {
  CompletionQueue* cq = o_->cqs.Find(in.cqn);
  if (cq == nullptr) return CommandStatus::kBadObject;
  if (in.log_entries > kMaxLogEntries) return CommandStatus::kBadParameter;
  ++cq->users;
  *object = o_->rqs.Create(in, cq);
  return CommandStatus::kOk;
}

CommandStatus CommandInterface::CreateSq(const CreateSqIn& in, uint32_t* object) {
  CompletionQueue* cq = o_->cqs.Find(in.cqn);
  if (cq == nullptr) return CommandStatus::kBadObject;
  if (in.log_wqebbs > kMaxLogEntries) return CommandStatus::kBadParameter;
  ++cq->users;
  *object = o_->sqs.Create(in, next_sq_serial_++);
  return CommandStatus::kOk;
}

CommandStatus CommandInterface::CreateTagBufferTable(const CreateTagBufferTableIn& in,
                                                     uint32_t* object) {
  if (in.log_entries > kMaxLogTagEntries) return CommandStatus::kBadParameter;
  *object = o_->tag_tables.Create(in.log_entries);
  return CommandStatus::kOk;
}

CommandStatus CommandInterface::CreateMkey(const CreateMkeyIn& in, uint32_t* object) {
  TagBufferTable* table = o_->tag_tables.Find(in.tag_buffer_table);
  if (table == nullptr) return CommandStatus::kBadObject;
  if (in.max_klms == 0 || in.max_klms > kMaxKlms || !table->Free(in.ccid)) {
    return CommandStatus::kBadParameter;
  }
  *object = o_->mkeys.Create(in.max_klms);
  Mkey* mkey = o_->mkeys.Find(*object);
  mkey->tag_table = in.tag_buffer_table;
  mkey->ccid = static_cast<Ccid>(in.ccid);
  table->Bind(in.ccid, *object, mkey);
  return CommandStatus::kOk;
}

CommandStatus CommandInterface::CreateTir(const CreateTirIn& in, uint32_t* object) {
  ReceiveRing* rq = o_->rqs.Find(in.rqn);
  TagBufferTable* tags = o_->tag_tables.Find(in.tag_buffer_table);
  if (rq == nullptr || (in.tag_buffer_table != 0 && tags == nullptr)) {
    return CommandStatus::kBadObject;
  }
  const bool offload = in.nvmeotcp_zero_copy_en != 0 || in.nvmeotcp_crc_en != 0;
  if (offload && rq->cq()->cqe_bytes() != sizeof(Cqe128)) return CommandStatus::kBadParameter;
  if (in.nvmeotcp_zero_copy_en != 0 && tags == nullptr) return CommandStatus::kBadParameter;
  if (tags != nullptr) ++tags->users;
  *object = o_->tirs.Create();
  Transport* tir = o_->tirs.Find(*object);
  tir->rqn = in.rqn;
  tir->rq = rq;
  tir->zero_copy_en = in.nvmeotcp_zero_copy_en != 0;
  tir->crc_en = in.nvmeotcp_crc_en != 0;
  tir->tags = tags;
  tir->tag_table = in.tag_buffer_table;
  return CommandStatus::kOk;
}

CommandStatus CommandInterface::SetFlowRule(const FlowRuleIn& in, uint32_t* object) {
  if (o_->tirs.Find(in.tirn) == nullptr) return CommandStatus::kBadObject;
  FiveTuple tuple;
  tuple.flow = {in.source_ip, in.destination_ip, in.source_port, in.destination_port};
  *object = o_->flows.Add(tuple, in.tirn, in.flow_tag);
  return *object != 0 ? CommandStatus::kOk : CommandStatus::kBadParameter;
}

CommandStatus CommandInterface::SetRssTable(const SetRssTableIn& in) {
  if (in.count > 64) return CommandStatus::kBadParameter;
  for (uint32_t i = 0; i < in.count; ++i) {
    if (o_->rqs.Find(in.rqn[i]) == nullptr) return CommandStatus::kBadObject;
  }
  o_->rss.Set(std::vector<uint32_t>(in.rqn, in.rqn + in.count));
  return CommandStatus::kOk;
}

CommandStatus CommandInterface::DestroyCq(uint32_t object) {
  CompletionQueue* cq = o_->cqs.Find(object);
  if (cq == nullptr || cq->users != 0) return CommandStatus::kBadObject;
  o_->cqs.Destroy(object);
  return CommandStatus::kOk;
}

CommandStatus CommandInterface::DestroySq(uint32_t object) {
  SendRing* sq = o_->sqs.Find(object);
  if (sq == nullptr) return CommandStatus::kBadObject;
  --o_->cqs.Find(sq->cqn())->users;
  o_->sqs.Destroy(object);
  return CommandStatus::kOk;
}

// The mkeys live and die with the table that points to them.
CommandStatus CommandInterface::DestroyTagBufferTable(uint32_t object) {
  TagBufferTable* table = o_->tag_tables.Find(object);
  if (table == nullptr || table->users != 0) return CommandStatus::kBadObject;
  for (uint32_t mkey : table->mkeys()) o_->mkeys.Destroy(mkey);
  o_->tag_tables.Destroy(object);
  return CommandStatus::kOk;
}

CommandStatus CommandInterface::DestroyTir(uint32_t object) {
  Transport* tir = o_->tirs.Find(object);
  if (tir == nullptr || o_->flows.Uses(object)) return CommandStatus::kBadObject;
  if (tir->tags != nullptr) --tir->tags->users;
  o_->tirs.Destroy(object);
  return CommandStatus::kOk;
}

void CommandInterface::Execute(CommandMailbox* m) {
  m->object = 0;
  switch (m->opcode) {
    case CommandOpcode::kCreateCq:
      m->status = CreateCq(m->create_cq, &m->object);
      return;
    case CommandOpcode::kModifyCq:
      m->status = ModifyCq(m->modify_cq);
      return;
    case CommandOpcode::kCreateRq:
      m->status = CreateRq(m->create_rq, &m->object);
      return;
    case CommandOpcode::kCreateSq:
      m->status = CreateSq(m->create_sq, &m->object);
      return;
    case CommandOpcode::kCreateTagBufferTable:
      m->status = CreateTagBufferTable(m->create_tag_buffer_table, &m->object);
      return;
    case CommandOpcode::kCreateMkey:
      m->status = CreateMkey(m->create_mkey, &m->object);
      return;
    case CommandOpcode::kCreateTir:
      m->status = CreateTir(m->create_tir, &m->object);
      return;
    case CommandOpcode::kSetFlowRule:
      m->status = SetFlowRule(m->flow_rule, &m->object);
      return;
    case CommandOpcode::kSetRssTable:
      m->status = SetRssTable(m->set_rss_table);
      return;
    case CommandOpcode::kDestroyCq:
      m->status = DestroyCq(m->destroy.object);
      return;
    case CommandOpcode::kDestroySq:
      m->status = DestroySq(m->destroy.object);
      return;
    case CommandOpcode::kDestroyTagBufferTable:
      m->status = DestroyTagBufferTable(m->destroy.object);
      return;
    case CommandOpcode::kDestroyTir:
      m->status = DestroyTir(m->destroy.object);
      return;
    case CommandOpcode::kDeleteFlowRule:
      m->status =
          o_->flows.Delete(m->destroy.object) ? CommandStatus::kOk : CommandStatus::kBadObject;
      return;
  }
  m->status = CommandStatus::kBadParameter;
}

}  // namespace ddpsim

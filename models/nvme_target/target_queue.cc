#include "models/nvme_target/target_queue.h"

#include <algorithm>

#include "ddpsim/base/mutant.h"

namespace ddpsim {

TargetQueue::TargetQueue(uint32_t connection, TargetParts* parts, TargetStream* stream,
                         Calendar* calendar)
    : parts_(parts),
      stream_(stream),
      executor_(parts, &id_, this),
      receive_(parts, &id_, stream, this),
      send_(parts, &id_, stream, &pool_),
      work_timer_(calendar, this) {
  id_.connection = connection;
}

// the worker

void TargetQueue::QueueWork(SimTime now) {
  if (dead_) return;
  if (work_ != Work::kIdle) {
    again_ |= work_ != Work::kQueued;  // queue_work() on running work: it runs once more
    return;
  }
  work_ = Work::kQueued;
  work_timer_.Arm(now + SimTime::Ns(parts_->config.pace.wakeup_ns));
}

void TargetQueue::OnDeadline(SimTime now) {
  if (work_ == Work::kQueued) {
    work_ = Work::kReceiving;
    again_ = pending_ = false;
    done_ = ops_ = 0;
  }
  Step(now);
}

// nvmet_tcp_io_work()
void TargetQueue::Step(SimTime now) {
  while (work_ == Work::kReceiving || work_ == Work::kSending) {
    SimTime cost;
    const bool receiving = work_ == Work::kReceiving;
    const bool did = receiving ? ReceiveOne(now, &cost) : SendOne(now, &cost);
    if (dead_) return;
    const uint32_t budget = receiving ? parts_->habits.recv_budget : parts_->habits.send_budget;
    if (did) {
      ++ops_;
      ++done_;
    }
    const bool budget_used = did && done_ >= budget;
    if (!did || budget_used) {
      pending_ |= budget_used;
      done_ = 0;
      if (receiving) {
        work_ = Work::kSending;
      } else if (pending_ && ops_ < parts_->habits.work_budget) {
        work_ = Work::kReceiving;
        pending_ = false;
      } else {
        return EndTurn(now + cost);
      }
    }
    if (cost > SimTime::Zero()) return work_timer_.Arm(now + cost);
  }
}

bool TargetQueue::ReceiveOne(SimTime now, SimTime* cost) {
  switch (receive_.TryOne(now)) {
    case ReceiveVerdict::kAgain:
      return false;
    case ReceiveVerdict::kFatal:
      Fatal(now);
      return false;
    case ReceiveVerdict::kDone:
      break;
  }
  *cost = SimTime::Ns(parts_->config.pace.recv_ns);
  return true;
}

bool TargetQueue::SendOne(SimTime now, SimTime* cost) {
  const WorkerPace& pace = parts_->config.pace;
  const uint32_t budget = parts_->habits.send_budget;
  if (!send_.TryOne(done_ + 1 == budget, now)) return false;
  int64_t ns = send_.pdus() * pace.send_ns + send_.pages() * pace.page_ns;
  // A gathering target hands over the whole batch at one time.
  while (parts_->habits.gather && done_ + 1 < budget && send_.TryOne(done_ + 2 == budget, now)) {
    ns += send_.pdus() * pace.send_ns + send_.pages() * pace.page_ns;
    ++done_;
    ++ops_;
  }
  *cost = SimTime::Ns(ns);
  return true;
}

void TargetQueue::EndTurn(SimTime at) {
  if (pending_ || again_) {
    work_ = Work::kQueued;
    work_timer_.Arm(at);
  } else {
    work_ = Work::kIdle;
  }
}

// what the receive side finds

PduError TargetQueue::OnIcReq(const IcReqRepr& request, SimTime now) {
  const TargetHabits& habits = parts_->habits;
  if (request.hpda > habits.max_pda) {
    return {FatalErrorStatus::kUnsupportedParameter, offsetof(IcReqLayout, hpda)};
  }
  IcRespRepr response;
  response.cpda = request.hpda;
  response.header_digest = request.header_digest;
  response.data_digest = request.data_digest;
  response.maxh2cdata = static_cast<uint32_t>(parts_->config.maxh2cdata);
  send_.SendIcResp(response, now);
  id_.send = {request.header_digest, request.data_digest, request.hpda};
  id_.receive = {request.header_digest, request.data_digest, response.cpda};
  return {};
}

PduError TargetQueue::OnCapsule(const CapsuleCmdRepr& capsule, SimTime now,
                                TargetCommand** receiving) {
  TargetCommand* command = pool_.Get();
  if (command == nullptr) return {FatalErrorStatus::kDataOutOfRange, 0};
  command->sqe = capsule.sqe;
  command->cqe.command_id = capsule.sqe.command_id;
  if (parts_->observer != nullptr) {
    parts_->observer->OnCommand(id_.connection, id_.qid, capsule.sqe, now);
  }
  const NvmeStatus status = executor_.Prepare(command, capsule.data_length);
  // nvmet_req_init()
  if (status == kNvmeSuccess && id_.controller != nullptr) id_.controller->OnCommand();
  if (status != kNvmeSuccess) {
    command->cqe.set_status(status);
    command->init_failed = true;
  } else if (command->write && command->keeps_data && command->transfer_len > 0) {
    command->data = parts_->data.Allocate(command->transfer_len);
  }
  if (capsule.data_length > 0) {
    *receiving = command;
  } else if (command->init_failed) {
    RefuseCommand(command, now);
  } else if (command->NeedsDataIn()) {
    send_.Queue(command);  // an R2T
    QueueWork(now);
  } else {
    Execute(command, now);
  }
  return {};
}

// nvmet_tcp_handle_h2c_data_pdu()
PduError TargetQueue::OnH2CData(const H2CDataRepr& pdu, TargetCommand** receiving) {
  TargetCommand* command = pool_.Find(pdu.ttag);
  if (command == nullptr || !command->r2t_sent) {
    return {FatalErrorStatus::kInvalidHeaderField, offsetof(DataPduLayout, ttag)};
  }
  if (parts_->habits.checks_cccid && pdu.cccid != command->sqe.command_id) {
    return {FatalErrorStatus::kInvalidHeaderField, offsetof(DataPduLayout, cccid)};
  }
  if (pdu.datal > parts_->config.maxh2cdata) return {FatalErrorStatus::kLimitExceeded, 0};
  const bool fits = pdu.datao == command->received && pdu.datal > 0 &&
                    pdu.datal <= command->transfer_len - command->received;
  if (!fits) return {FatalErrorStatus::kDataOutOfRange, 0};
  command->pdu_offset = pdu.datao;
  *receiving = command;
  return {};
}

void TargetQueue::OnData(TargetCommand* command, uint32_t bytes, SimTime now) {
  if (command->init_failed) return RefuseCommand(command, now);
  command->received += bytes;
  command->taken += command->pdu_taken;
  if (!command->keeps_data) {
    if (command->pdu_wrong != 0) ++parts_->stats.wrong_writes;
    parts_->stats.wrong_bytes += command->pdu_wrong;
    if (command->wrong == 0) command->first_wrong = command->pdu_first_wrong;
    command->wrong += command->pdu_wrong;
    if (parts_->observer != nullptr) {
      parts_->observer->OnDataWritten(id_.connection, command->sqe.command_id, command->pdu_offset,
                                      bytes, now);
    }
  }
  const bool all = DDPSIM_MUTANT(kWriteExecutedEarly) ? !command->executed
                                                      : command->received == command->transfer_len;
  if (all) Execute(command, now);
}

bool TargetQueue::OnBadDigest(TargetCommand* command, SimTime now) {
  Refuse(Refusal::kDataDigest, now);
  if (parts_->habits.data_digest_fatal) return false;
  if (!command->init_failed) command->cqe.set_status(kNvmeTransientTransportError);
  command->r2t_sent = false;
  Complete(command, now);
  return true;
}

// commands

void TargetQueue::RefuseCommand(TargetCommand* command, SimTime now) {
  if (id_.qid != 0) Refuse(Refusal::kCommand, now);
  Complete(command, now);
}

void TargetQueue::Execute(TargetCommand* command, SimTime now) {
  const bool connecting = id_.size == 0;
  switch (executor_.Execute(command)) {
    case ExecuteVerdict::kDone:
      if (id_.qid != 0 && command->cqe.status() != kNvmeSuccess) Refuse(Refusal::kCommand, now);
      if (connecting && id_.size != 0) pool_.Install(id_.size);
      if (id_.qid == 0 && command->cqe.status() == kNvmeSuccess) NoteAlive(command->sqe, now);
      return Complete(command, now);
    case ExecuteVerdict::kBackend:
      if (DDPSIM_MUTANT(kWriteNotExecuted) && command->write) return Complete(command, now);
      TellStored(command, now);
      return parts_->backend.Start(this, command, now);
    case ExecuteVerdict::kParked:
      return;
  }
}

// What reaches the disk reaches it, even if the connection dies meanwhile.
void TargetQueue::TellStored(TargetCommand* command, SimTime now) {
  command->executed = true;
  if (parts_->observer == nullptr || !command->write || command->keeps_data) return;
  parts_->observer->OnWriteStored(
      id_.connection, command->sqe.command_id,
      {command->device_offset, command->taken, command->wrong, command->first_wrong}, now);
}

void TargetQueue::Refuse(Refusal why, SimTime now) {
  ++parts_->stats.refused[static_cast<size_t>(why)];
  if (parts_->observer != nullptr) parts_->observer->OnRefused(id_.connection, why, now);
}

void TargetQueue::NoteAlive(const NvmeSqe& sqe, SimTime now) {
  if (sqe.opcode == kNvmeAdminKeepAlive) return id_.controller->RestartKeepAlive(now);
  if (sqe.opcode != kNvmeFabrics) return;
  const auto property = SqeAs<FabricsPropertySqe>(sqe);
  if (property.fctype == kFabricsConnect) {
    id_.controller->StartKeepAlive(SqeAs<FabricsConnectSqe>(sqe).kato, now);
  } else if (property.fctype == kFabricsPropertySet) {
    if (id_.controller->TakeEnabled()) id_.controller->RestartKeepAlive(now);
  }
}

void TargetQueue::OnBackendDone(TargetCommand* command, SimTime now) {
  if (dead_) return;
  if (command->sqe.opcode == kNvmeCmdRead) {
    command->data = parts_->data.Allocate(command->transfer_len);
    parts_->content->Fill(command->device_offset, command->data->bytes());
  }
  Complete(command, now);
}

// __nvmet_req_complete()
void TargetQueue::Complete(TargetCommand* command, SimTime now) {
  if (!id_.sqflow_disabled) {
    if (id_.size != 0) id_.sq_head = static_cast<uint16_t>((id_.sq_head + 1) % id_.size);
    command->cqe.sq_head = id_.sq_head;
  }
  command->cqe.sq_id = id_.qid;
  send_.Queue(command);
  QueueWork(now);
}

// the end

void TargetQueue::Fatal(SimTime now) {
  ++parts_->stats.fatal_errors;
  if (receive_.refusal() != Refusal::kDataDigest) Refuse(receive_.refusal(), now);
  if (parts_->habits.sends_term_req) {
    // SPDK leaves it to the host to close.
    const ByteSpan header = receive_.bad_header();
    send_.SendTermReq(
        {receive_.error(), header.first(std::min<size_t>(header.size(), kTermReqMaxData))}, now);
    return;
  }
  if (id_.controller == nullptr) return OnControllerFailed(now);
  for (TargetQueue* queue : id_.controller->Fail()) queue->OnControllerFailed(now);
}

void TargetQueue::OnControllerFailed(SimTime now) {
  Die(now);
  if (parts_->habits.no_linger) stream_->Abort(now);
}

void TargetQueue::Die(SimTime now) {
  if (dead_) return;
  dead_ = true;
  work_ = Work::kIdle;
  work_timer_.Disarm();
  receive_.Stop();
  for (uint32_t left = pool_.PendingWrites(); left > 0; --left) Refuse(Refusal::kAborted, now);
  send_.Abandon();
  pool_.Abandon();
  if (TargetController* controller = id_.controller) {
    controller->RemoveQueue(id_.qid);
    if (!controller->has_queues()) parts_->subsystem.Destroy(controller->cntlid());
    id_.controller = nullptr;
  }
  stream_->Shutdown(now);
}

}  // namespace ddpsim

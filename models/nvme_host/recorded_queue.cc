#include "models/nvme_host/recorded_queue.h"

#include <algorithm>
#include <utility>

#include "ddpsim/base/check.h"
#include "models/nvme_host/init_connection.h"
#include "models/nvme_host/send_path.h"

namespace ddpsim {
namespace {

constexpr SimTime kIoWorkQuota = SimTime::Ms(1);  // nvme_tcp_io_work(): msecs_to_jiffies(1)

bool IsConnect(const NvmeSqe& sqe) {
  return sqe.opcode == kNvmeFabrics && SqeAs<FabricsConnectSqe>(sqe).fctype == kFabricsConnect;
}

}  // namespace

RecordedQueue::RecordedQueue(const QueueConfig& config, const HostBoxes& boxes,
                             BufferSource* buffers, RecordedQueueOwner* owner)
    : config_(config),
      boxes_(boxes),
      buffers_(buffers),
      owner_(owner),
      offload_(config_, boxes_, &stats_),
      recv_(config_, boxes_, &offload_, this, &stats_) {}

RecordedQueue::~RecordedQueue() = default;

void RecordedQueue::Attach(ExecContext& ctx, ByteStream* stream,
                           const std::optional<PduFraming>& framing) {
  SIM_CHECK(state_ == State::kNew);
  stream_ = stream;
  state_ = State::kReceiving;
  recv_.Reset();
  joined_ = framing.has_value();
  if (joined_) recv_.SetFraming(*framing);
  stream_->SetCallbacks(this);
}

void RecordedQueue::AddOffload(ExecContext& ctx) {
  if (state_ != State::kReceiving) return;
  adding_ = true;
  adding_ = offload_.Add(ctx, stream_, this) && adding_;
}

void RecordedQueue::SkAddDone(ExecContext& ctx, bool offloaded) {
  adding_ = false;
  offload_.OnAdded(offloaded);
  recv_.OffloadChanged();
  for (auto& [cid, slot] : slots_) {
    if (slot.active == nullptr && slot.torn.empty() && !slot.waiting.empty())
      Activate(&ctx, &slot, true);
  }
}

void RecordedQueue::OnCommand(ExecContext& ctx, const RecordedCommand& command) {
  if (state_ != State::kReceiving) return;
  Slot& slot = slots_[command.sqe.command_id];
  slot.waiting.push_back(command);
  ++waiting_;
  if (adding_) return;
  if (slot.active == nullptr && slot.torn.empty()) {
    Activate(&ctx, &slot, true);
  } else {
    ++late_setups_;
  }
}

Request* RecordedQueue::Activate(ExecContext* ctx, Slot* slot, bool map) {
  const RecordedCommand command = slot->waiting.front();
  slot->waiting.pop_front();
  --waiting_;
  if (free_.empty()) free_.push_back(std::make_unique<Request>());
  std::unique_ptr<Request> request = std::move(free_.back());
  free_.pop_back();
  std::vector<SglEntry> sgl = std::move(request->sgl);
  *request = Request();
  request->sgl = std::move(sgl);
  request->sqe = command.sqe;
  request->cid = command.sqe.command_id;
  request->write = !command.to_host;
  request->data_len = command.length;
  request->started = true;
  request->io = ++serial_;
  request->data_recvd = command.first_offset;
  if (command.to_host) {
    request->addr = buffers_->TakeBuffer(command.length);
    request->data = boxes_.memory->At(request->addr, command.length);
  }
  // What is in the capsule has been sent with it.
  const bool inline_data = command.sqe.sgl.type == kSglDataBlockOffset;
  if (!command.to_host && inline_data) request->data_sent = request->data_len;
  ++stats_.requests;
  slot->partly_passed = command.unknown || command.partly_passed;
  slot->was_write = request->write;
  slot->was_event = command.event;
  slot->active = std::move(request);
  Request* active = slot->active.get();
  if (boxes_.observer != nullptr)
    boxes_.observer->OnRequestStart(config_.qid, active->cid, active->io, ctx->Now());
  const bool own = command.to_host && !buffers_->IsShared(active->addr);
  if (map && own && !command.unknown) offload_.Setup(*ctx, active);
  return active;
}

void RecordedQueue::StopAt(ExecContext& ctx, SeqNum until) {
  stop_at_ = until;
  if (state_ == State::kReceiving) QueueWork(ctx);
}

void RecordedQueue::Stop(ExecContext& ctx) {
  if (state_ != State::kReceiving && state_ != State::kFailed) {
    state_ = State::kStopped;
    return;
  }
  if (reading_) {
    reading_ = false;
    stream_->Release(ctx);
  }
  state_ = State::kStopped;
  in_work_ = work_pending_ = adding_ = false;
  stream_->SetCallbacks(nullptr);
  stream_->Shutdown(ctx);
  offload_.Remove(ctx);
  recv_.OffloadChanged();
  stream_ = nullptr;
  CancelAll(ctx);
}

void RecordedQueue::CancelAll(ExecContext& ctx) {
  for (auto& [cid, slot] : slots_) {
    if (slot.active != nullptr) slot.torn.push_back(std::move(slot.active));
    waiting_ -= slot.waiting.size();
    slot.waiting.clear();
    for (std::unique_ptr<Request>& request : slot.torn) {
      ++stats_.cancelled;
      if (!request->nvme_done) request->status = kNvmeHostAborted;
      // The mapping died with the queue's offload.
      if (request->offloaded && !request->teardown_pending) ++stats_.ddp_cancelled;
      if (request->offloaded && boxes_.observer != nullptr)
        boxes_.observer->OnDdpTeardownDone(config_.qid, request->cid, ctx.Now());
      request->offloaded = request->teardown_pending = false;
      Finish(ctx, std::move(request));
    }
    slot.torn.clear();
  }
}

void RecordedQueue::QueueWork(ExecContext& ctx) {
  if (work_pending_) return;  // WORK_STRUCT_PENDING is set already
  work_pending_ = true;
  ctx.Charge(Cost::kQueueWork);
  ctx.Queue(config_.io_cpu, CpuContext::kKworker, this);
}

void RecordedQueue::OnDataReady(ExecContext& ctx) {
  ctx.Charge(Cost::kDataReady);
  if (state_ == State::kReceiving) QueueWork(ctx);
}

// The peer closed: what came before is read first.
void RecordedQueue::OnStateChange(ExecContext& ctx) {
  if (state_ == State::kReceiving && stream_->closed()) StopAt(ctx, stream_->copied_seq());
}

// The read half of HostQueue::RunPiece().
bool RecordedQueue::RunPiece(ExecContext& ctx) {
  if (state_ != State::kReceiving) {
    work_pending_ = false;
    return false;
  }
  if (!reading_) {
    work_pending_ = false;
    ctx.Charge(Cost::kIoWork);
    if (!in_work_) {
      in_work_ = true;
      deadline_ = ctx.start() + kIoWorkQuota;
    }
    stream_->Lock(ctx);
    reading_ = true;
    copied_ = 0;
  }
  if (ReceiveOne(ctx)) return true;
  if (!reading_) return false;  // stopped
  const bool pending = copied_ > 0;
  EndReadSection(ctx);
  if (state_ != State::kReceiving) return false;
  if (!pending) {
    in_work_ = false;
    if (work_pending_) return true;
    if (stop_at_.has_value() && stream_->copied_seq() >= *stop_at_) Stop(ctx);
    return false;
  }
  if (ctx.Now() > deadline_) {  // quota is exhausted
    in_work_ = false;
    ctx.Charge(Cost::kQueueWork);
  }
  return true;
}

bool RecordedQueue::ReceiveOne(ExecContext& ctx) {
  const Skb* skb = stream_->PeekReceive();
  if (skb == nullptr) return false;
  const uint32_t size = skb->size;
  if (boxes_.observer != nullptr)
    boxes_.observer->OnStreamRead(config_.qid, skb->seq, size, ctx.Now());
  ctx_ = &ctx;
  const bool good = recv_.OnSkb(ctx, *skb);
  ctx_ = nullptr;
  if (!good) {
    ++stats_.protocol_errors;
    EndReadSection(ctx);
    state_ = State::kFailed;
    owner_->OnViolation(ctx, this, recv_.refusal());
    return false;
  }
  stream_->Consume(ctx, size);
  copied_ += size;
  EndAbandoned(ctx);
  // Behind all that was read: the offload begins with the next byte.
  if (std::exchange(connected_, false)) owner_->OnConnected(ctx, this);
  return true;
}

void RecordedQueue::EndReadSection(ExecContext& ctx) {
  if (copied_ > 0) stream_->OnRead(ctx, copied_);
  reading_ = false;
  stream_->Release(ctx);
}

RecordedQueue::Slot* RecordedQueue::Find(Cid cid) {
  const auto it = slots_.find(cid);
  if (it == slots_.end()) return nullptr;
  Slot& slot = it->second;
  // The recorded host was faster than this one: its next command is answered already.
  if (slot.active == nullptr && !slot.waiting.empty()) Activate(ctx_, &slot, false);
  return &slot;
}

bool RecordedQueue::TakeUnrecorded(Cid cid) {
  const auto it = unrecorded_.find(cid);
  if (it == unrecorded_.end()) return false;
  if (--it->second == 0) unrecorded_.erase(it);
  return true;
}

FoundRequest RecordedQueue::FindRequest(Cid cid) {
  Slot* slot = Find(cid);
  if (slot == nullptr) return {};
  if (slot->active == nullptr) {
    // Without generations the ended request is found, and has no bytes left.
    return {nullptr, config_.no_cid_generation ? HostRefusalKind::kDataUnexpected
                                               : HostRefusalKind::kGeneration};
  }
  owner_->OnDataBegins(this, *slot->active);
  return {slot->active.get(), HostRefusalKind::kNone};
}

HostRefusal RecordedQueue::OnIcResp(ExecContext& ctx, const IcRespLayout& resp) {
  const HostRefusal refusal = CheckIcResp(resp, config_);
  if (!refusal.ok()) return refusal;
  PduFraming framing;
  framing.header_digest = config_.header_digest = (resp.dgst & 1) != 0;
  framing.data_digest = config_.data_digest = (resp.dgst & 2) != 0;
  recv_.SetFraming(framing);
  return {};
}

HostRefusal RecordedQueue::OnCapsuleResp(ExecContext& ctx, const NvmeCqe& cqe) {
  Slot* slot = Find(cqe.command_id);
  if (slot == nullptr || slot->active == nullptr) {
    if (TakeUnrecorded(cqe.command_id)) {
      ++unknown_responses_;
      return {};
    }
    if (slot == nullptr) return {HostRefusalKind::kUnknownCommand};
    // Linux has no request for an event (nvme_is_aen_req()) and takes any number of answers.
    if (slot->was_event) return {};
    if (!config_.no_cid_generation) return {HostRefusalKind::kGeneration};
    ++stats_.completed_twice;
    return {};
  }
  Request* request = slot->active.get();
  if (request->status == kNvmeSuccess) request->status = cqe.status();
  request->result = cqe.result;
  return EndRequest(ctx, request);
}

HostRefusal RecordedQueue::OnR2T(ExecContext& ctx, const R2TRepr& r2t) {
  Slot* slot = Find(r2t.cccid);
  if (slot == nullptr || slot->active == nullptr) {
    if (TakeUnrecorded(r2t.cccid)) return {};
    if (slot == nullptr) return {HostRefusalKind::kUnknownCommand};
    if (!config_.no_cid_generation) return {HostRefusalKind::kGeneration};
    // The ended request is found: it was no write, or has nothing left to send.
    return slot->was_write ? HostRefusal{HostRefusalKind::kR2TTooLong, 0, 0, r2t.r2tl, 0}
                           : HostRefusal{HostRefusalKind::kR2TForRead};
  }
  Request* request = slot->active.get();
  const HostRefusal refusal = SendPath::CheckR2T(*request, r2t);
  const bool by_what_passed = refusal.kind == HostRefusalKind::kR2TTooLong && r2t.r2tl > 0;
  if (slot->partly_passed && (refusal.ok() || by_what_passed)) return {};
  // The recorded host sent it, before anything that answers it.
  if (refusal.ok()) request->data_sent += r2t.r2tl;
  return refusal;
}

HostRefusal RecordedQueue::OnDataSuccess(ExecContext& ctx, Request* request) {
  return EndRequest(ctx, request);
}

HostRefusal RecordedQueue::EndRequest(ExecContext& ctx, Request* request) {
  // nvme_tcp_data_in_short(): reads of the block layer alone.
  const bool read = !config_.recorded_admin && request->sqe.opcode == kNvmeCmdRead;
  if (request->status == kNvmeSuccess && read && request->data_recvd != request->data_len) {
    if (!joined_)
      return {HostRefusalKind::kShortData, 0, 0, request->data_recvd, request->data_len};
    request->status = kNvmeHostAborted;
  }
  EndActive(ctx, &slots_[request->cid]);
  return {};
}

void RecordedQueue::EndActive(ExecContext& ctx, Slot* slot) {
  Request* request = slot->active.get();
  request->nvme_done = true;
  if (request->offloaded) {
    slot->torn.push_back(std::move(slot->active));
    offload_.Teardown(ctx, request);
    return;
  }
  Finish(ctx, std::move(slot->active));
  if (!slot->waiting.empty() && slot->torn.empty()) Activate(&ctx, slot, true);
}

void RecordedQueue::Abandon(ExecContext& ctx, Cid cid) {
  const auto it = slots_.find(cid);
  if (state_ != State::kReceiving || it == slots_.end() || it->second.active == nullptr) return;
  Request* request = it->second.active.get();
  request->status = kNvmeHostAborted;
  if (recv_.receiving() == request) {
    abandoned_ = request->io;
    abandoned_cid_ = cid;
    return;
  }
  EndActive(ctx, &it->second);
}

void RecordedQueue::EndAbandoned(ExecContext& ctx) {
  if (abandoned_ == 0) return;
  Slot& slot = slots_[abandoned_cid_];
  // The PDU may have ended it.
  const bool lives = slot.active != nullptr && slot.active->io == abandoned_;
  if (lives && recv_.receiving() == slot.active.get()) return;
  if (std::exchange(abandoned_, 0) != 0 && lives) EndActive(ctx, &slot);
}

void RecordedQueue::DdpTeardownDone(ExecContext& ctx, void* ddp_ctx) {
  auto* request = static_cast<Request*>(ddp_ctx);
  if (!request->teardown_pending) {
    ++stats_.late_teardowns;
    return;
  }
  request->teardown_pending = false;
  request->offloaded = false;
  if (boxes_.observer != nullptr)
    boxes_.observer->OnDdpTeardownDone(config_.qid, request->cid, ctx.Now());
  Slot& slot = slots_[request->cid];
  const auto at = std::find_if(slot.torn.begin(), slot.torn.end(),
                               [&](const auto& torn) { return torn.get() == request; });
  SIM_CHECK(at != slot.torn.end());
  std::unique_ptr<Request> done = std::move(*at);
  slot.torn.erase(at);
  Finish(ctx, std::move(done));
  if (state_ == State::kReceiving && slot.active == nullptr && slot.torn.empty() &&
      !slot.waiting.empty()) {
    Activate(&ctx, &slot, true);
  }
}

void RecordedQueue::Finish(ExecContext& ctx, std::unique_ptr<Request> request) {
  request->started = false;
  ctx.Charge(Cost::kRequestComplete);
  const bool ok = request->nvme_done && request->status == kNvmeSuccess;
  if (boxes_.observer != nullptr)
    boxes_.observer->OnRequestEnd(config_.qid, request->cid, request->io, ok, ctx.Now());
  owner_->OnRequestEnd(ctx, this, *request, ok);
  if (!request->write) buffers_->GiveBuffer(request->addr, request->data_len);
  connected_ = connected_ || (IsConnect(request->sqe) && ok);
  free_.push_back(std::move(request));
}

void RecordedQueue::ResyncRequest(ExecContext& ctx, SeqNum seq) {
  offload_.OnResyncRequest(seq, ctx.Now());
}

}  // namespace ddpsim

#include "models/nvme_host/host_queue.h"

#include "ddpsim/base/check.h"
#include "ddpsim/base/mutant.h"

namespace ddpsim {
namespace {

constexpr SimTime kIoWorkQuota = SimTime::Ms(1);  // nvme_tcp_io_work(): msecs_to_jiffies(1)
constexpr uint32_t kMinMaxH2CData = 4096;         // NVME_TCP_MIN_MAXH2CDATA

}  // namespace

HostQueue::HostQueue(const QueueConfig& config, const HostBoxes& boxes, QueueOwner* owner)
    : config_(config),
      boxes_(boxes),
      owner_(owner),
      tags_(config.depth),
      offload_(config_, boxes_, &stats_),
      send_(config_, boxes_, &offload_, &stats_),
      recv_(config_, boxes_, &offload_, this, &stats_) {}

void HostQueue::Open(ExecContext& ctx) {
  SIM_CHECK(state_ == State::kClosed);
  stream_ = boxes_.streams->Create(config_.io_cpu);
  send_.Reset(stream_, PduFraming(), 0);
  recv_.Reset();
  state_ = State::kConnecting;
  stream_->SetCallbacks(this);
  stream_->Connect(ctx);
}

bool HostQueue::AddOffload(ExecContext& ctx) { return offload_.Add(ctx, stream_, this); }

void HostQueue::SkAddDone(ExecContext& ctx, bool offloaded) {
  offload_.OnAdded(offloaded);
  recv_.OffloadChanged();
  owner_->OnOffloadAdded(ctx, this);
}

void HostQueue::SetLive(ExecContext& ctx) {
  live_ = true;
  std::vector<Request*> parked;
  parked.swap(parked_);
  for (Request* request : parked) QueueRequest(ctx, request);
}

void HostQueue::Stop(ExecContext& ctx) {
  live_ = false;
  if (state_ == State::kClosed) return;
  if (reading_) {
    reading_ = false;
    stream_->Release(ctx);
  }
  state_ = State::kClosed;
  in_work_ = work_pending_ = false;
  stream_->SetCallbacks(nullptr);
  stream_->Shutdown(ctx);
  offload_.Remove(ctx);
  recv_.OffloadChanged();
  send_.Reset(nullptr, PduFraming(), 0);
  stream_ = nullptr;
}

void HostQueue::CancelAll(ExecContext& ctx) {
  tags_.ForEachStarted([&](Request* request) {
    ++stats_.cancelled;
    request->status = kNvmeHostAborted;
    // Its mapping died with the queue's offload, see Stop(): no teardown is asked for it.
    if (request->offloaded && !request->teardown_pending) ++stats_.ddp_cancelled;
    if (request->offloaded && boxes_.observer != nullptr) {
      boxes_.observer->OnDdpTeardownDone(config_.qid, request->ddp.command_id, ctx.Now());
    }
    request->offloaded = request->teardown_pending = false;
    request->nvme_done = true;
    Finish(ctx, request);
  });
}

SimTime HostQueue::OldestStart() {
  SimTime oldest = SimTime::Never();
  tags_.ForEachStarted([&](Request* request) {
    if (request->started_at < oldest) oldest = request->started_at;
  });
  return oldest;
}

void HostQueue::QueueWork(ExecContext& ctx) {
  if (work_pending_) return;  // WORK_STRUCT_PENDING is set already
  work_pending_ = true;
  ctx.Charge(Cost::kQueueWork);
  ctx.Queue(config_.io_cpu, CpuContext::kKworker, this);
}

void HostQueue::OnDataReady(ExecContext& ctx) {
  ctx.Charge(Cost::kDataReady);
  if (state_ == State::kInitializing || state_ == State::kOpen) QueueWork(ctx);
}

void HostQueue::OnWriteSpace(ExecContext& ctx) {
  if (state_ == State::kOpen) QueueWork(ctx);
}

void HostQueue::OnStateChange(ExecContext& ctx) {
  if (state_ == State::kConnecting && stream_->established()) {
    state_ = State::kInitializing;
    SendIcReq(ctx);
    QueueWork(ctx);
  } else if (stream_->closed()) {
    Fail(ctx);
  }
}

// nvme_tcp_init_connection()
void HostQueue::SendIcReq(ExecContext& ctx) {
  static_assert(sizeof(IcReqLayout) <= kMaxPduHeader);
  IcReqRepr request;  // PFV 1.0, HPDA 0, MAXR2T 0: what Linux asks for
  request.header_digest = config_.header_digest;
  request.data_digest = config_.data_digest;
  const RefPtr<PduBuffer> buffer = send_.pool().Allocate();
  const uint32_t size = EmitIcReq(request, buffer->bytes());
  const uint32_t taken = stream_->Send(ctx, buffer->MakePayload(0, size), false, true);
  SIM_CHECK(taken == size, "a new socket has room for 128 bytes");
}

bool HostQueue::OnIcResp(ExecContext& ctx, const IcRespRepr& resp) {
  // Linux refuses an answer that differs from what it asked for, and any CPDA.
  const bool agreed = resp.pfv == 0 && resp.cpda == 0 &&
                      resp.header_digest == config_.header_digest &&
                      resp.data_digest == config_.data_digest &&
                      resp.maxh2cdata >= kMinMaxH2CData && resp.maxh2cdata % 4 == 0;
  if (!agreed) return false;
  PduFraming framing;
  framing.header_digest = resp.header_digest;
  framing.data_digest = resp.data_digest;
  recv_.SetFraming(framing);
  send_.Reset(stream_, framing, resp.maxh2cdata);
  state_ = State::kOpen;
  owner_->OnQueueOpen(ctx, this);
  return true;
}

void HostQueue::QueueRequest(ExecContext& ctx, Request* request, bool setup) {
  if (!live_ && !setup) {
    parked_.push_back(request);
    return;
  }
  SIM_CHECK(state_ == State::kOpen || state_ == State::kFailed);
  ctx.Charge(Cost::kQueueRq);
  TagSet::SetCid(request);
  request->started = true;
  request->nvme_done = request->offloaded = request->teardown_pending = false;
  request->started_at = ctx.Now();
  ++stats_.requests;
  if (boxes_.observer != nullptr) {
    boxes_.observer->OnRequestStart(config_.qid, request->cid, request->io, ctx.Now());
    if (request->write && request->io != kNoIo) {
      boxes_.observer->OnWriteStart(config_.qid, request->cid, request->device_offset,
                                    request->data_len, ctx.Now());
    }
  }
  send_.Prepare(request);
  if (!config_.ddp.setup_at_send) offload_.Setup(ctx, request);
  const bool empty = send_.idle();
  send_.Add(request);
  if (state_ != State::kOpen) return;
  if (config_.io_cpu == ctx.core() && empty && !reading_) SendAll(ctx);
  if (send_.more()) QueueWork(ctx);
}

void HostQueue::SendAll(ExecContext& ctx) {
  while (send_.TrySend(ctx)) {
  }
}

bool HostQueue::RunPiece(ExecContext& ctx) {
  if (state_ != State::kInitializing && state_ != State::kOpen) {
    work_pending_ = false;
    return false;
  }
  if (!reading_) {
    StartTurn(ctx);
    if (sent_) return true;  // a PDU sent is a piece
  }
  if (ReceiveOne(ctx)) return true;
  if (!reading_) return false;  // failed
  const bool pending = sent_ || copied_ > 0;
  EndReadSection(ctx);
  if (state_ != State::kInitializing && state_ != State::kOpen) return false;
  if (!pending) {
    in_work_ = false;
    return work_pending_;
  }
  if (ctx.Now() > deadline_) {  // quota is exhausted
    in_work_ = false;
    ctx.Charge(Cost::kQueueWork);
  }
  return true;
}

// Top of io_work's loop: send once, then lock the socket for reading.
void HostQueue::StartTurn(ExecContext& ctx) {
  work_pending_ = false;
  ctx.Charge(Cost::kIoWork);
  if (!in_work_) {
    in_work_ = true;
    deadline_ = ctx.start() + kIoWorkQuota;
  }
  sent_ = state_ == State::kOpen && send_.TrySend(ctx);
  stream_->Lock(ctx);
  reading_ = true;
  copied_ = 0;
}

bool HostQueue::ReceiveOne(ExecContext& ctx) {
  const Skb* skb = stream_->PeekReceive();
  if (skb == nullptr) return false;
  const uint32_t size = skb->size;
  if (boxes_.observer != nullptr) {
    boxes_.observer->OnStreamRead(config_.qid, skb->seq, size, ctx.Now());
  }
  if (!recv_.OnSkb(ctx, *skb)) {
    ++stats_.protocol_errors;
    EndReadSection(ctx);
    Fail(ctx);
    return false;
  }
  stream_->Consume(ctx, size);
  copied_ += size;
  return true;
}

void HostQueue::EndReadSection(ExecContext& ctx) {
  if (copied_ > 0) stream_->OnRead(ctx, copied_);
  reading_ = false;
  stream_->Release(ctx);
}

void HostQueue::Fail(ExecContext& ctx) {
  if (state_ == State::kFailed || state_ == State::kClosed) return;
  state_ = State::kFailed;
  live_ = false;
  in_work_ = false;
  owner_->OnQueueError(ctx, this);
}

bool HostQueue::OnCapsuleResp(ExecContext& ctx, const NvmeCqe& cqe) {
  Request* request = tags_.Find(cqe.command_id);
  if (request == nullptr || request->nvme_done) return false;
  if (request->status == kNvmeSuccess) request->status = cqe.status();
  request->result = cqe.result;
  return EndRequest(ctx, request);
}

bool HostQueue::OnDataSuccess(ExecContext& ctx, Request* request) {
  return !request->nvme_done && EndRequest(ctx, request);
}

bool HostQueue::OnR2T(ExecContext& ctx, const R2TRepr& r2t) {
  Request* request = tags_.Find(r2t.cccid);
  // One R2T at a time (MAXR2T 0), and none while the last one's data is still leaving.
  if (request == nullptr || request->nvme_done || send_.Sending(request)) return false;
  if (!send_.OnR2T(request, r2t)) return false;
  QueueWork(ctx);
  return true;
}

bool HostQueue::EndRequest(ExecContext& ctx, Request* request) {
  // nvme_tcp_data_in_short(): NVMe has no short read.
  const bool read = !request->write && request->data_len > 0;
  if (request->status == kNvmeSuccess && read && request->data_recvd != request->data_len)
    return false;
  if (send_.Sending(request)) return false;  // answered before it was asked in full
  request->nvme_done = true;
  if (!config_.no_cid_generation) ++request->genctr;  // nvme_try_complete_req()
  if (request->offloaded) {
    offload_.Teardown(ctx, request);
    if (DDPSIM_MUTANT(kCompletesBeforeTeardown))
      request->teardown_pending = false, Finish(ctx, request);
  } else {
    Finish(ctx, request);
  }
  return true;
}

void HostQueue::DdpTeardownDone(ExecContext& ctx, void* ddp_ctx) {
  auto* request = static_cast<Request*>(ddp_ctx);
  if (!request->teardown_pending) {
    ++stats_.late_teardowns;
    return;
  }
  request->teardown_pending = false;
  if (boxes_.observer != nullptr) {
    boxes_.observer->OnDdpTeardownDone(config_.qid, request->ddp.command_id, ctx.Now());
  }
  Finish(ctx, request);
}

void HostQueue::Finish(ExecContext& ctx, Request* request) {
  request->started = false;
  ctx.Charge(Cost::kRequestComplete);
  if (boxes_.observer != nullptr) {
    boxes_.observer->OnRequestEnd(config_.qid, request->cid, request->io,
                                  request->status == kNvmeSuccess, ctx.Now());
  }
  request->owner->OnRequestDone(ctx, request);
}

void HostQueue::ResyncRequest(ExecContext& ctx, SeqNum seq) {
  offload_.OnResyncRequest(seq, ctx.Now());
}

}  // namespace ddpsim

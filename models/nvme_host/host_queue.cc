#include "models/nvme_host/host_queue.h"

#include <utility>

#include "ddpsim/base/check.h"
#include "ddpsim/base/mutant.h"
#include "models/nvme_host/init_connection.h"

namespace ddpsim {
namespace {

constexpr SimTime kIoWorkQuota = SimTime::Ms(1);      // nvme_tcp_io_work(): msecs_to_jiffies(1)
constexpr SimTime kIcRespTimeout = SimTime::Sec(10);  // nvme_tcp_alloc_queue(): sk_rcvtimeo

}  // namespace

HostQueue::HostQueue(const QueueConfig& config, const HostBoxes& boxes, QueueOwner* owner)
    : config_(config),
      boxes_(boxes),
      owner_(owner),
      tags_(config.depth),
      offload_(config_, boxes_, &stats_),
      send_(config_, boxes_, &offload_, &stats_),
      recv_(config_, boxes_, &offload_, this, &stats_),
      ic_resp_timer_(boxes.calendar, boxes.scheduler, config.io_cpu, this, Jiffies(config.hz)) {}

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
  ic_resp_timer_.Disarm();
  stream_->SetCallbacks(nullptr);
  stream_->Shutdown(ctx);
  offload_.Remove(ctx);
  recv_.OffloadChanged();
  send_.Reset(nullptr, PduFraming(), 0);
  stopped_stream_ = stream_;
  stream_ = nullptr;
}

void HostQueue::Free(ExecContext& ctx) {
  if (ByteStream* stream = std::exchange(stopped_stream_, nullptr)) stream->Abort(ctx);
}

void HostQueue::CancelAll(ExecContext& ctx) {
  tags_.ForEachStarted([&](Request* request) { Cancel(ctx, request); });
}

void HostQueue::Cancel(ExecContext& ctx, Request* request) {
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
}

void HostQueue::TimeOut(ExecContext& ctx, Request* request) {
  Stop(ctx);
  Cancel(ctx, request);
}

void HostQueue::Die(ExecContext& ctx) {
  dying_ = true;
  std::vector<Request*> parked;
  parked.swap(parked_);
  for (Request* request : parked) RefuseRequest(ctx, request);
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

const char* HostQueue::WhyClosed() const {
  if (state_ == State::kConnecting && stream_->timed_out()) return "no SYN+ACK came in time";
  if (state_ == State::kConnecting && stream_->was_reset()) return "a reset answered its SYN";
  return "the target closed the connection before its ICResp";
}

void HostQueue::OnStateChange(ExecContext& ctx) {
  if (state_ == State::kConnecting && stream_->established()) {
    state_ = State::kInitializing;
    SendIcReq(ctx);
    ic_resp_timer_.ArmAfter(ctx.Now(), kIcRespTimeout);
    QueueWork(ctx);
  } else if (stream_->closed()) {
    Fail(ctx, WhyClosed());
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
  ++stats_.ic_reqs;
}

HostRefusal HostQueue::OnIcResp(ExecContext& ctx, const IcRespLayout& resp) {
  ++stats_.ic_resps;
  ic_resp_timer_.Disarm();
  const HostRefusal refusal = CheckIcResp(resp, config_);
  if (!refusal.ok()) return refusal;
  PduFraming framing;
  framing.header_digest = config_.header_digest;
  framing.data_digest = config_.data_digest;
  recv_.SetFraming(framing);
  send_.Reset(stream_, framing, resp.maxh2cdata);
  state_ = State::kOpen;
  owner_->OnQueueOpen(ctx, this);
  return {};
}

void HostQueue::QueueRequest(ExecContext& ctx, Request* request, bool setup) {
  // nvme_fail_nonready_command(): set-up is not waited for by its own commands, and nothing is by a
  // device that is gone.
  const bool refused = setup ? state_ != State::kOpen : dying_;
  if (refused) return RefuseRequest(ctx, request);
  if (!live_ && !setup) {
    parked_.push_back(request);
    return;
  }
  ctx.Charge(Cost::kQueueRq);
  StartRequest(ctx, request);
  if (boxes_.observer != nullptr && request->write && request->io != kNoIo) {
    boxes_.observer->OnWriteStart(config_.qid, request->cid, request->device_offset,
                                  request->data_len, ctx.Now());
  }
  send_.Prepare(request);
  if (!config_.ddp.setup_at_send) offload_.Setup(ctx, request);
  const bool empty = send_.idle();
  send_.Add(request);
  if (config_.io_cpu == ctx.core() && empty && !reading_) SendAll(ctx);
  // The connection ended while others were made, when nobody could recover from it: what is sent
  // now is answered with an RST (after a round trip, which is left out).
  const bool told_late = state_ == State::kFailed && !setup;
  if (send_.more() || told_late) QueueWork(ctx);
}

void HostQueue::StartRequest(ExecContext& ctx, Request* request) {
  TagSet::SetCid(request);
  request->started = true;
  request->nvme_done = request->offloaded = request->teardown_pending = false;
  ++stats_.requests;
  owner_->OnRequestStart(this, request, ctx.Now());
  if (boxes_.observer != nullptr) {
    boxes_.observer->OnRequestStart(config_.qid, request->cid, request->io, ctx.Now());
  }
}

void HostQueue::RefuseRequest(ExecContext& ctx, Request* request) {
  StartRequest(ctx, request);
  request->status = kNvmeHostPathError;
  request->nvme_done = true;
  Finish(ctx, request);
}

void HostQueue::SendAll(ExecContext& ctx) {
  while (send_.TrySend(ctx)) {
  }
}

bool HostQueue::RunPiece(ExecContext& ctx) {
  if (ic_resp_timer_.TakeFired() && state_ == State::kInitializing) {
    if (reading_) EndReadSection(ctx);
    if (state_ == State::kInitializing) Fail(ctx, "no ICResp came within 10 s");
  }
  if (state_ != State::kInitializing && state_ != State::kOpen) {
    work_pending_ = false;
    if (state_ == State::kFailed && std::exchange(live_, false)) owner_->OnQueueError(ctx, this);
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
    last_refusal_ = recv_.refusal();
    EndReadSection(ctx);
    Fail(ctx, HostRefusalText(last_refusal_));
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

void HostQueue::Fail(ExecContext& ctx, const std::string& why) {
  if (state_ == State::kFailed || state_ == State::kClosed) return;
  const bool was_open = state_ == State::kOpen;
  state_ = State::kFailed;
  live_ = false;
  in_work_ = false;
  ic_resp_timer_.Disarm();
  if (was_open) {
    owner_->OnQueueError(ctx, this);
  } else {
    owner_->OnQueueRefused(ctx, this, why);
  }
}

// Also a request that has ended is found, unless its generation tells it apart.
FoundRequest HostQueue::FindRequest(Cid cid) {
  Request* request = tags_.Last(cid);
  if (request == nullptr) return {};
  if ((request->genctr & 0xf) != cid >> 12) return {nullptr, HostRefusalKind::kGeneration};
  return {request, HostRefusalKind::kNone};
}

HostRefusal HostQueue::OnCapsuleResp(ExecContext& ctx, const NvmeCqe& cqe) {
  const FoundRequest found = FindRequest(cqe.command_id);
  if (found.request == nullptr) return {found.why};
  Request* request = found.request;
  if (!request->started || request->nvme_done) {
    // blk_mq_free_request() warns that nobody holds the request, and that is all.
    ++stats_.completed_twice;
    return {};
  }
  if (request->status == kNvmeSuccess) request->status = cqe.status();
  request->result = cqe.result;
  return EndRequest(ctx, request);
}

HostRefusal HostQueue::OnDataSuccess(ExecContext& ctx, Request* request) {
  return EndRequest(ctx, request);
}

HostRefusal HostQueue::OnR2T(ExecContext& ctx, const R2TRepr& r2t) {
  const FoundRequest found = FindRequest(r2t.cccid);
  if (found.request == nullptr) return {found.why};
  Request* request = found.request;
  // One R2T at a time (MAXR2T 0), and none while the last one's data is still leaving.
  if (send_.Sending(request)) return {HostRefusalKind::kR2TWhileSending};
  const HostRefusal refusal = SendPath::CheckR2T(*request, r2t);
  if (!refusal.ok()) return refusal;
  if (!request->started || request->nvme_done) return {HostRefusalKind::kGeneration};
  send_.OnR2T(request, r2t);
  QueueWork(ctx);
  return {};
}

HostRefusal HostQueue::EndRequest(ExecContext& ctx, Request* request) {
  // nvme_tcp_data_in_short(): a read of the block layer is never short.
  const bool read = !request->write && request->io != kNoIo;
  if (request->status == kNvmeSuccess && read && request->data_recvd != request->data_len)
    return {HostRefusalKind::kShortData, 0, 0, request->data_recvd, request->data_len};
  if (send_.Sending(request)) return {HostRefusalKind::kAnsweredWhileSending};
  request->nvme_done = true;
  if (!config_.no_cid_generation) ++request->genctr;  // nvme_try_complete_req()
  if (request->offloaded) {
    offload_.Teardown(ctx, request);
    if (DDPSIM_MUTANT(kCompletesBeforeTeardown))
      request->teardown_pending = false, Finish(ctx, request);
  } else {
    Finish(ctx, request);
  }
  return {};
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
  owner_->OnRequestComplete(*request);
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

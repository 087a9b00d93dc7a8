#include "models/nvme_host/block_queue.h"

#include <algorithm>

#include "ddpsim/base/mutant.h"

namespace ddpsim {

uint32_t BlockQueue::NextLength(const Io& io) const {
  const uint32_t left = io.length - io.issued;
  const auto in_page = static_cast<uint32_t>((io.addr + io.issued) % HostMemory::kPageSize);
  const uint64_t by_segments = uint64_t{limits_->max_segments} * HostMemory::kPageSize - in_page;
  return static_cast<uint32_t>(std::min<uint64_t>({left, limits_->max_bytes, by_segments}));
}

bool BlockQueue::Submit(ExecContext& ctx, Io* io) {
  while (io->issued < io->length) {
    Request* request = queue_->tags().Allocate(false);
    if (request == nullptr) {
      waiters_.push_back(io->owner);
      return false;
    }
    Issue(ctx, io, request, NextLength(*io));
  }
  return true;
}

void BlockQueue::Issue(ExecContext& ctx, Io* io, Request* request, uint32_t length) {
  const uint32_t block = limits_->logical_block;
  NvmeRwSqe sqe;
  sqe.opcode = io->write ? kNvmeCmdWrite : kNvmeCmdRead;
  const bool unsplit = DDPSIM_MUTANT(kWriteSplitAtOnePlace) && io->write;
  sqe.slba = (io->offset + (unsplit ? 0 : io->issued)) / block;
  sqe.nlb = static_cast<uint16_t>(length / block - 1);
  request->sqe = ToSqe(sqe);
  request->write = io->write;
  request->device_offset = io->offset + io->issued;
  if (!DDPSIM_MUTANT(kWriteStaleBuffer) || request->data == nullptr || !io->write) {
    request->addr = io->addr + io->issued;
    request->data = io->data + io->issued;
  }
  request->data_len = length;
  request->owner = this;
  request->owner_data = io;
  request->io = io->number;
  if (io->issued == 0 && queue_->observer() != nullptr) {
    queue_->observer()->OnIoStart(io->number, ctx.Now());
  }
  io->issued += length;
  ++io->pending;
  ctx.Charge(Cost::kBlkSubmit);
  ctx.Charge(Cost::kBlkPage, (length + HostMemory::kPageSize - 1) / HostMemory::kPageSize);
  queue_->QueueRequest(ctx, request);
}

bool BlockQueue::ShouldRetry(const Request& request) const {
  return request.status != kNvmeSuccess && (request.status & kNvmeDoNotRetry) == 0 && !dying() &&
         request.retries < limits_->max_retries;
}

void BlockQueue::OnRequestDone(ExecContext& ctx, Request* request) {
  if (ShouldRetry(*request)) {
    ++request->retries;
    ++queue_->mutable_stats().retries;
    queue_->QueueRequest(ctx, request);
    return;
  }
  auto* io = static_cast<Io*>(request->owner_data);
  const bool ok = request->status == kNvmeSuccess;
  if (!ok) {
    ++requests_failed_;
    io->status = request->status;
  }
  queue_->tags().Free(request);
  if (!waiters_.empty()) {
    IoOwner* waiter = waiters_.front();
    waiters_.pop_front();
    waiter->OnTagFree(ctx);
  }
  if (--io->pending > 0 || io->issued < io->length) return;
  if (queue_->observer() != nullptr) {
    queue_->observer()->OnIoEnd(io->number, io->status == kNvmeSuccess, ctx.Now());
  }
  io->owner->OnIoDone(ctx, io);
}

}  // namespace ddpsim

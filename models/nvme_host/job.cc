#include "models/nvme_host/job.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace ddpsim {

Job::Job(uint32_t index, CoreId core, const LoadConfig& config, const Content& content,
         HostMemory* memory, BlockQueue* queue, JobEvents* events, LoadStats* result)
    : core_(core),
      config_(config),
      content_(content),
      queue_(queue),
      events_(events),
      result_(result),
      rng_(config.seed, absl::StrCat("workload.job", index)),
      buffers_(memory, config.iodepth, config.bs),
      blocks_(std::max<uint64_t>(1, config.size / config.bs)),
      ios_(config.iodepth),
      finished_(config.iodepth) {
  for (uint32_t slot = config.iodepth; slot > 0; --slot) free_.push_back(slot - 1);
}

bool Job::RunPiece(ExecContext& ctx) {
  if (submitting_ != nullptr) {
    if (waiting_for_tag_) return false;
    return Submit(ctx);
  }
  if (issued_ < quota_ && !free_.empty() && events_->MayIssue(ctx.Now())) {
    Start(ctx);
    return Submit(ctx);
  }
  if (finished_head_ == finished_tail_) return false;
  Reap(ctx);
  return true;
}

uint64_t Job::NextOffset() {
  const uint64_t block = config_.random ? rng_.Below(blocks_) : next_block_++ % blocks_;
  return block * config_.bs;
}

void Job::Start(ExecContext& ctx) {
  const uint32_t slot = free_.back();
  free_.pop_back();
  Io& io = ios_[slot];
  io = Io();
  io.number = events_->NextNumber();
  io.offset = NextOffset();
  io.length = config_.bs;
  io.write = config_.write;
  io.addr = buffers_.AddrOf(slot);
  io.data = buffers_.BytesOf(slot);
  io.owner = this;
  io.slot = slot;
  if (io.write) {
    content_.Fill(io.offset, MutableByteSpan(io.data, io.length));
  } else {
    buffers_.Spoil(slot);
  }
  ++issued_;
  ++result_->submitted;
  ctx.Charge(Cost::kAppPerIo);
  ctx.Charge(Cost::kAioSubmit);
  submitting_ = &io;
}

bool Job::Submit(ExecContext& ctx) {
  Io* io = submitting_;
  // fio stamps issue_time when io_submit() returns; set first too, as a fast completion may come
  // before.
  io->submitted_at = ctx.Now();
  if (!queue_->Submit(ctx, io)) {
    waiting_for_tag_ = true;
    ++result_->waits_for_tag;
    return false;
  }
  io->submitted_at = ctx.Now();
  submitting_ = nullptr;
  return true;
}

void Job::OnTagFree(ExecContext& ctx) {
  waiting_for_tag_ = false;
  Wake(ctx);
}

void Job::OnIoDone(ExecContext& ctx, Io* io) {
  ctx.Charge(Cost::kAioComplete);
  finished_[finished_tail_++ % finished_.size()] = io->slot;
  if (submitting_ == nullptr) Wake(ctx);
}

void Job::Wake(ExecContext& ctx) { ctx.Queue(core_, CpuContext::kUser, this); }

void Job::Reap(ExecContext& ctx) {
  const uint32_t slot = finished_[finished_head_++ % finished_.size()];
  const Io& io = ios_[slot];
  const bool ok = io.status == kNvmeSuccess;
  ++result_->canaries_checked;
  if (!buffers_.CanariesWhole(slot)) ++result_->canaries_damaged;
  if (ok && !io.write) buffers_.Verify(slot, content_, io.offset, result_);
  free_.push_back(slot);
  events_->OnReaped(ctx.Now(), std::max(SimTime::Zero(), ctx.Now() - io.submitted_at), ok);
}

}  // namespace ddpsim

// The commands of a recorded connection: what the recorded host sent becomes requests of its queue,
// and cycles of the simulated host's way down.
#include <algorithm>

#include "sim/replay/replay_connection.h"

namespace ddpsim {
namespace {

// A longer request is no request: no MDTS allows it (models/capture/pdu_walker.cc).
constexpr uint32_t kMaxRequest = uint32_t{32} << 20;

RecordedCommand Recorded(const CapturedCommand& command) {
  RecordedCommand to;
  to.sqe = command.sqe;
  to.length = std::min(command.length, kMaxRequest);
  to.to_host = command.to_host;
  return to;
}

}  // namespace

void ReplayConnection::Send(RecordedQueue* queue, const RecordedCommand& command) {
  Run([queue, command](ExecContext& ctx) {
    ctx.Charge(Cost::kQueueRq);
    queue->OnCommand(ctx, command);
  });
}

// The way down of HostQueue and TcpSocket in one sum: the recorded host has gone it.
void ReplayConnection::ChargeSubmission(const RecordedCommand& command) {
  if (facts_.is_io) {
    submit_item_.Add(Cost::kAppPerIo, 1);
    submit_item_.Add(Cost::kAioSubmit, 1);
    submit_item_.Add(Cost::kBlkSubmit, 1);
    submit_item_.Add(Cost::kBlkPage,
                     (command.length + HostMemory::kPageSize - 1) / HostMemory::kPageSize);
  }
  submit_item_.Add(Cost::kSendPdu, 1);
  if (facts_.header_digest) submit_item_.Add(Cost::kHeaderDigest, 1);
  submit_item_.Add(Cost::kSockLock, 1);
  submit_item_.Add(Cost::kSendMsg, 1);
  submit_item_.Add(Cost::kTcpTransmit, 1);
  submit_item_.Add(Cost::kDriverXmit, 1);
  submit_item_.Add(Cost::kMmio, 1);
  submit_item_.Add(Cost::kDriverTxCqe, 1);
  const bool write = !command.to_host && command.length > 0;
  if (write) {
    submit_item_.Add(Cost::kSendMsg,
                     (command.length + HostMemory::kPageSize - 1) / HostMemory::kPageSize);
    if (facts_.data_digest) {
      submit_item_.Add(Cost::kCrcCall, 1);
      submit_item_.Add(Cost::kCrcByte, command.length);
    }
  }
  host_.kernel->scheduler().Queue(facts_.core, CpuContext::kUser, &submit_item_, now_);
}

void ReplayConnection::Abandon(Cid cid) {
  RecordedQueue* queue = life_.queue.get();
  Run([queue, cid](ExecContext& ctx) { queue->Abandon(ctx, cid); });
}

void ReplayConnection::OnResponseMissing(uint16_t cid) {
  assumed_.erase(cid);
  const auto same = [cid](const RecordedCommand& command) { return command.sqe.command_id == cid; };
  join_commands_.erase(std::remove_if(join_commands_.begin(), join_commands_.end(), same),
                       join_commands_.end());
  if (receiving()) Abandon(cid);
}

void ReplayConnection::OnCommand(const CapturedCommand& command) {
  assumed_.erase(command.sqe.command_id);
  if (counts_.teardown.has_value()) ++counts_.teardown->commands_after;
  if (!receiving()) return;
  RecordedCommand recorded = Recorded(command);
  recorded.event = !facts_.is_io && command.sqe.opcode == kNvmeAdminAsyncEvent;
  RecordedQueue* queue = life_.queue.get();
  // It sends I/O, so its Connect was answered, on record or not.
  if (facts_.is_io && !connected_ && command.sqe.opcode != kNvmeFabrics)
    Run([this, queue](ExecContext& ctx) { OnConnected(ctx, queue); });
  Send(queue, recorded);
  ChargeSubmission(recorded);
}

void ReplayConnection::PrepareJoin(uint64_t offset) {
  join_candidate_ = offset;
  join_commands_.clear();
  join_pdus_.clear();
  join_unrecorded_.clear();
  captured_->ForEachOutstanding([this](const CapturedCommand& command) {
    RecordedCommand recorded = Recorded(command);
    const auto assumed = assumed_.find(command.sqe.command_id);
    recorded.unknown = assumed != assumed_.end();
    recorded.partly_passed = true;
    if (recorded.unknown) recorded.first_offset = assumed->second;
    join_commands_.push_back(recorded);
  });
}

void ReplayConnection::AssumeCommand(const DataPduLayout& data) {
  RecordedCommand command;
  command.sqe.command_id = data.cccid;
  command.to_host = true;
  command.unknown = true;
  command.first_offset = std::min(data.datao, kMaxRequest);
  const uint64_t end = uint64_t{data.datao} + data.datal;
  command.length = static_cast<uint32_t>(std::min<uint64_t>(end, kMaxRequest));
  if (receiving()) {
    Send(life_.queue.get(), command);
  } else {
    join_commands_.push_back(command);
  }
  captured_->AssumeCommand(command.sqe, command.length);
  assumed_[data.cccid] = command.first_offset;
}

}  // namespace ddpsim

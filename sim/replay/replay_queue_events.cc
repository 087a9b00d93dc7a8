// What a RecordedQueue tells the connection that it is part of: how its requests go, and what ends
// it.
#include <utility>

#include "sim/replay/replay_connection.h"

namespace ddpsim {

void ReplayConnection::OnDataBegins(RecordedQueue* queue, const Request& request) {
  if (host_.buffers->IsShared(request.addr)) host_.recorder->payload().Excuse(queue_number());
  const PhysAddr last = request.addr + request.data_len - 1;
  const auto pages = request.data_len == 0
                         ? 0
                         : last / HostMemory::kPageSize - request.addr / HostMemory::kPageSize + 1;
  host_.recorder->Of(index_).placement.set_request(request.data_len < host_.io_threshold,
                                                   host_.max_sgl != 0 && pages > host_.max_sgl);
}

void ReplayConnection::OnConnected(ExecContext& ctx, RecordedQueue* queue) {
  // A queue that was joined in mid-stream may still meet its Connect; altered bytes, a second one.
  if (std::exchange(connected_, true)) return;
  if (facts_.is_io) queue->AddOffload(ctx);
}

void ReplayConnection::OnRequestEnd(ExecContext& ctx, RecordedQueue* queue, const Request& request,
                                    bool ok) {
  if (!ok) ++counts_.failed;
  const uint8_t opcode = request.sqe.opcode;
  if (!facts_.is_io || opcode == kNvmeFabrics) return;
  ctx.Charge(Cost::kAioComplete);
  if (ok) {
    ++counts_.ios;
    counts_.io_bytes += request.data_len;
  }
  if (request.write || !request.nvme_done) return;
  if (ok) {
    ++counts_.reads;
    counts_.read_bytes += request.data_len;
  }
  if (host_.on_read == nullptr || !*host_.on_read || opcode != kNvmeCmdRead) return;
  const auto rw = SqeAs<NvmeRwSqe>(request.sqe);
  (*host_.on_read)(
      {index_, rw.slba, uint32_t{rw.nlb} + 1, ByteSpan(request.data, request.data_len), ok});
}

void ReplayConnection::OnViolation(ExecContext& ctx, RecordedQueue* queue,
                                   const HostRefusal& refusal) {
  Leave();
  over_ = true;
  to_read_.reset();
  HostTeardown teardown;
  teardown.time_ns = capture_ns_;
  teardown.reason = HostRefusalName(refusal.kind);
  const bool set_up = refusal.kind > HostRefusalKind::kIcRespMaxH2CData;
  teardown.cause = HostRefusalText(refusal) +
                   (set_up ? ": error recovery and reconnect" : ": the connection is not set up");
  const SeqNum read = queue->stream()->copied_seq();
  const StreamReassembler& stream = captured_->stream(StreamDirection::kC2H);
  const int64_t behind = stream.next_seq() - read;
  teardown.bytes_after =
      static_cast<int64_t>(facts_.c2h_bytes) - (static_cast<int64_t>(stream.next()) - behind);
  counts_.teardown = teardown;
}

}  // namespace ddpsim

#include "models/nvme_host/recorded_queue.h"

#include <catch2/catch.hpp>

#include "tests/unit/nvme_host/fake_host.h"

namespace ddpsim {
namespace {

QueueConfig IoQueue() {
  QueueConfig config;
  config.qid = 1;
  return config;
}

struct Bench final : BufferSource, RecordedQueueOwner {
  explicit Bench(int64_t millicycles = 1) {
    cpu.costs.millicycles.fill(millicycles);
    ExecContext ctx = cpu.Context();
    queue.Attach(ctx, &stream, PduFraming());
  }
  HostBoxes Boxes() {
    HostBoxes all{&memory, &llc};
    all.ddp = &driver;
    return all;
  }
  PhysAddr TakeBuffer(uint32_t) override { return buffer; }
  void GiveBuffer(PhysAddr, uint32_t) override {}
  void OnDataBegins(RecordedQueue*, const Request&) override {}
  void OnConnected(ExecContext&, RecordedQueue*) override {}
  void OnRequestEnd(ExecContext&, RecordedQueue*, const Request&, bool ok) override { ended += ok; }
  void OnViolation(ExecContext&, RecordedQueue*, const HostRefusal&) override { ++violations; }

  // The recorded host asked for this, and the answer comes in skbs of `cut` bytes.
  void Read(Cid cid, uint32_t length, size_t cut) {
    ExecContext ctx = cpu.Context();
    NvmeRwSqe read;
    read.opcode = kNvmeCmdRead;
    read.command_id = cid;
    RecordedCommand command;
    command.sqe = ToSqe(read);
    command.length = length;
    command.to_host = true;
    queue.OnCommand(ctx, command);
    std::vector<uint8_t> bytes(kMaxPduHeader);
    bytes.resize(EmitC2HData({cid, 0, length, true, true}, PduFraming(), bytes.data()) + length);
    Arrive(std::move(bytes), cut);
  }
  void Arrive(std::vector<uint8_t> bytes, size_t cut) {
    ExecContext ctx = cpu.Context();
    stream.storage.push_back(std::move(bytes));
    const std::vector<uint8_t>& kept = stream.storage.back();
    for (size_t at = 0; at < kept.size(); at += cut) {
      const auto size = static_cast<uint32_t>(std::min(cut, kept.size() - at));
      stream.Append({Payload{&kept[at], size, 0, nullptr}}, true);
    }
    stream.callbacks->OnDataReady(ctx);
  }
  void Run() {
    while (cpu.RunOne()) {
    }
  }

  FakeScheduler cpu;
  HostMemory memory{1 << 20};
  PhysAddr buffer = memory.Allocate(65536);
  Llc llc{LlcConfig(), HostMemory::kBase, Rng(1, "llc")};
  SkbPool skbs;
  FakeStream stream{&skbs};
  FakeDriver driver;
  HostBoxes boxes = Boxes();
  QueueConfig config = IoQueue();
  RecordedQueue queue{config, boxes, this, this};
  int ended = 0, violations = 0;
};

TEST_CASE("recorded_queue: a turn that took longer than its quota is queued once more") {
  const auto queued = [](int64_t millicycles) {
    Bench b(millicycles);
    b.Read(1, 65536, 1448);
    b.Run();
    REQUIRE(b.ended == 1);
    return b.cpu.Charged(Cost::kQueueWork);
  };
  CHECK(queued(1) == 1);
  CHECK(queued(1'000'000) == 2);
}

TEST_CASE("recorded_queue: TCP is told of all that was read, down to a single byte") {
  Bench b;
  b.Read(1, 512, 1);
  b.Run();
  CHECK(b.ended == 1);
  CHECK(b.stream.read == 24 + 512);
  b.Arrive({5}, 1);  // a response begins
  b.Run();
  CHECK(b.stream.read == 24 + 512 + 1);
  CHECK(b.violations == 0);
}

TEST_CASE("recorded_queue: a queue that was stopped waits for nothing") {
  Bench b;
  b.driver.hold_adds = true;
  ExecContext ctx = b.cpu.Context();
  b.queue.AddOffload(ctx);
  REQUIRE(b.queue.waiting() == 1);
  b.queue.Stop(ctx);
  CHECK(b.queue.stopped());
  CHECK(b.queue.waiting() == 0);
  CHECK(b.stream.shut_down);
}

}  // namespace
}  // namespace ddpsim

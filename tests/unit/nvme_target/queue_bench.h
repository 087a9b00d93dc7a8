// A target queue over a stream that is the test itself: bytes go in as skbs of any size, what comes
// out is kept with its flags.
#ifndef DDPSIM_TESTS_UNIT_NVME_TARGET_QUEUE_BENCH_H_
#define DDPSIM_TESTS_UNIT_NVME_TARGET_QUEUE_BENCH_H_

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "models/nvme_target/target_queue.h"
#include "tests/unit/nvme_target/host_pdus.h"

namespace ddpsim {

class FakeStream final : public TargetStream {
 public:
  struct Write {
    uint32_t size;
    bool more;
    bool eor;
    SimTime at;
  };

  uint32_t Send(const Payload& payload, bool more, bool eor, SimTime now) override {
    const uint32_t taken = static_cast<uint32_t>(std::min<uint64_t>(payload.size, space));
    space -= taken;
    sent.insert(sent.end(), payload.data, payload.data + taken);
    if (taken > 0) writes.push_back({taken, more, eor, now});
    return taken;
  }
  Skb* PeekReceive() override { return queue.empty() ? nullptr : queue.front().get(); }
  void Consume(uint32_t bytes) override {
    if (bytes < queue.front()->size) return SkbPull(queue.front().get(), bytes);
    queue.pop_front();
  }
  void OnRead(uint32_t bytes, SimTime) override { read += bytes; }
  void Shutdown(SimTime) override { shut_down = true; }
  void Abort(SimTime) override { aborted = true; }

  void Arrive(const uint8_t* data, uint32_t size) {
    SkbPtr skb = skbs.Allocate();
    skb->size = size;
    skb->frags.push_back(Payload{data, size, 0, nullptr});
    queue.push_back(std::move(skb));
  }

  SkbPool skbs;
  std::deque<SkbPtr> queue;
  Bytes sent;
  std::vector<Write> writes;
  uint64_t space = uint64_t{1} << 40;
  uint64_t read = 0;
  bool shut_down = false;
  bool aborted = false;
};

// Keeps what is told of writes.
struct WriteLog final : TargetObserver {
  void OnR2T(uint32_t, Cid, uint32_t offset, uint32_t bytes, SimTime) override {
    r2ts.emplace_back(offset, bytes);
  }
  void OnDataWritten(uint32_t, Cid, uint32_t offset, uint32_t bytes, SimTime) override {
    data.emplace_back(offset, bytes);
  }
  void OnWriteStored(uint32_t, Cid, const WriteStored& range, SimTime) override {
    stored.push_back(range);
  }
  void OnRefused(uint32_t, Refusal why, SimTime) override { refused.push_back(why); }

  std::vector<std::pair<uint32_t, uint32_t>> r2ts;
  std::vector<std::pair<uint32_t, uint32_t>> data;
  std::vector<WriteStored> stored;
  std::vector<Refusal> refused;
};

class QueueBench {
 public:
  explicit QueueBench(TargetConfig config = {}, bool header_digest = true, bool data_digest = true,
                      ContentKind kind = ContentKind::kPattern)
      : content(kind, 1, header_digest, data_digest),
        framing{header_digest, data_digest, 0},
        parts(config, &content, &calendar, &watch),
        queue(0, &parts, &stream, &calendar) {}

  // Bytes arrive in skbs of at most `cut` bytes; the worker hears of them.
  void Feed(const Bytes& bytes, uint32_t cut = 1448) {
    arrived.push_back(bytes);
    const Bytes& kept = arrived.back();
    for (size_t at = 0; at < kept.size(); at += cut) {
      stream.Arrive(&kept[at], static_cast<uint32_t>(std::min<size_t>(cut, kept.size() - at)));
    }
    queue.QueueWork(now);
  }
  // Until nothing is left to happen.
  void Run() { RunUntil(SimTime::Sec(1000)); }
  void RunUntil(SimTime limit) {
    SimTime at;
    while (Wakeable* who = calendar.PopDue(limit, &at)) {
      now = at;
      who->OnDeadline(at);
    }
  }
  // ICReq and Connect; admin queue unless `qid` says otherwise (its controller is then made).
  void Connect(uint16_t qid = 1, bool disable_sqflow = false, uint16_t sqsize = 127) {
    uint16_t cntlid = 0xffff;
    if (qid != 0) cntlid = parts.subsystem.Create()->cntlid();
    Feed(IcReqPdu(framing.header_digest, framing.data_digest));
    Feed(CommandPdu(ConnectSqe(qid, sqsize, disable_sqflow), framing, ConnectBytes(cntlid)));
    Run();
    Forget();
  }
  void Forget() {
    stream.sent.clear();
    stream.writes.clear();
  }
  void Command(const NvmeSqe& sqe, const Bytes& data = {}) { Feed(CommandPdu(sqe, framing, data)); }
  std::vector<Pdu> Pdus() const { return WalkPdus(stream.sent); }
  // The answer to one command.
  NvmeCqe Ask(const NvmeSqe& sqe, const Bytes& data = {}) {
    Forget();
    Command(sqe, data);
    Run();
    const auto pdus = Pdus();
    SIM_CHECK(!pdus.empty() && pdus.back().type == PduType::kCapsuleResp, "no answer");
    return pdus.back().cqe();
  }
  Bytes ContentAt(uint64_t offset, uint32_t length) const {
    Bytes out(length);
    content.Fill(offset, MutableByteSpan(out));
    return out;
  }

  Calendar calendar;
  Content content;
  PduFraming framing;
  std::deque<Bytes> arrived;
  WriteLog watch;
  TargetParts parts;
  FakeStream stream;
  TargetQueue queue;
  SimTime now;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_NVME_TARGET_QUEUE_BENCH_H_

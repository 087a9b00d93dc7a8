// A bench for nvme_host without TCP, NIC and target boxes: a scheduler that runs work items in time
// order, a socket whose bytes the test feeds and reads, a driver that records what it is asked, and
// a small target that answers commands.
#ifndef DDPSIM_TESTS_UNIT_NVME_HOST_FAKE_HOST_H_
#define DDPSIM_TESTS_UNIT_NVME_HOST_FAKE_HOST_H_

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "ddpsim/base/calendar.h"
#include "ddpsim/net/content.h"
#include "ddpsim/wire/crc32c.h"
#include "ddpsim/wire/nvme_identify.h"
#include "models/nvme_host/nvme_host.h"

namespace ddpsim {

class FakeScheduler final : public CpuScheduler {
 public:
  FakeScheduler() { costs.millicycles.fill(1'000'000); }
  void Queue(CoreId core, CpuContext context, WorkItem* item, SimTime at) override {
    if (item->queued) return;
    item->queued = true;
    entries_.push_back({at, core, context, item});
  }
  void Mmio(uint64_t, uint64_t, SimTime) override {}
  uint32_t cores() const override { return core_count; }
  ExecContext Context(CpuContext context = CpuContext::kSoftirq, CoreId core = 0) {
    return ExecContext(this, &costs, &ledger, core, context, now);
  }
  int64_t Charged(Cost row) const {
    int64_t sum = 0;
    for (int64_t m : ledger.millicycles[static_cast<size_t>(row)]) sum += m;
    return sum / costs.millicycles[static_cast<size_t>(row)];
  }
  // Runs the next piece of work; false when there is none.
  bool RunOne() {
    if (entries_.empty()) return false;
    const auto first = std::min_element(entries_.begin(), entries_.end(),
                                        [](const Entry& a, const Entry& b) { return a.at < b.at; });
    const Entry entry = *first;
    entries_.erase(first);
    now = std::max(now, entry.at);
    ExecContext ctx = Context(entry.context, entry.core);
    const bool more = entry.item->RunPiece(ctx);
    now = ctx.Now();
    entry.item->queued = more;
    if (more) entries_.push_back({now, entry.core, entry.context, entry.item});
    return true;
  }

  SimTime now;
  CostTable costs;
  CostLedger ledger;
  uint32_t core_count = 1;

 private:
  struct Entry {
    SimTime at;
    CoreId core;
    CpuContext context;
    WorkItem* item;
  };
  std::deque<Entry> entries_;
};

struct SentPart {
  std::vector<uint8_t> bytes;
  bool more;
  bool end_of_record;
};

class FakeStream final : public ByteStream {
 public:
  explicit FakeStream(SkbPool* skbs) : skbs_(skbs) {}
  void SetCallbacks(ByteStreamCallbacks* c) override { callbacks = c; }
  CoreId incoming_cpu() const override { return 0; }
  const FiveTuple& five_tuple() const override { return tuple_; }
  SeqNum copied_seq() const override { return next_ - pending_bytes_; }
  bool established() const override { return is_established && !is_closed; }
  bool closed() const override { return is_closed; }
  bool was_reset() const override { return is_reset; }
  bool timed_out() const override { return is_timed_out; }
  void Connect(ExecContext&) override { connecting = true; }
  uint32_t Send(ExecContext&, const Payload& p, bool more, bool eor) override {
    const uint32_t n = std::min(p.size, room);
    if (room != kUnlimited) room -= n;
    sent.insert(sent.end(), p.data, p.data + n);
    parts.push_back({std::vector<uint8_t>(p.data, p.data + n), more, eor});
    return n;
  }
  void Lock(ExecContext&) override { locked = true; }
  void Release(ExecContext&) override { locked = false; }
  Skb* PeekReceive() override { return receive.empty() ? nullptr : receive.front().get(); }
  void Consume(ExecContext&, uint32_t bytes) override {
    pending_bytes_ -= bytes;
    if (bytes == receive.front()->size) {
      receive.pop_front();
    } else {
      SkbPull(receive.front().get(), bytes);
    }
  }
  void OnRead(ExecContext&, uint32_t copied) override {
    read += copied;
    ++read_sections;
  }
  void Shutdown(ExecContext&) override { shut_down = true; }
  void Abort(ExecContext&) override { aborted = true; }
  // The peer has closed, or an error did.
  void Close(ExecContext ctx) {
    is_closed = true;
    callbacks->OnStateChange(ctx);
  }

  // Queues an skb with these frags; the payload must outlive it.
  void Append(std::vector<Payload> frags, bool ulp_crc) {
    SkbPtr skb = skbs_->Allocate();
    skb->seq = next_;
    for (const Payload& f : frags) skb->size += f.size;
    skb->frags = std::move(frags);
    skb->ulp_crc = ulp_crc;
    next_ += skb->size;
    pending_bytes_ += skb->size;
    receive.push_back(std::move(skb));
  }
  SeqNum next_seq() const { return next_; }

  static constexpr uint32_t kUnlimited = 0xffff'ffff;
  ByteStreamCallbacks* callbacks = nullptr;
  bool connecting = false, is_established = false, is_closed = false, is_reset = false,
       is_timed_out = false, locked = false, shut_down = false, aborted = false;
  bool admin = false;  // seen by the target's Connect
  uint32_t room = kUnlimited;
  uint64_t read = 0;
  int read_sections = 0;  // in which something was read
  std::vector<uint8_t> sent;
  std::vector<SentPart> parts;
  std::deque<SkbPtr> receive;
  std::deque<std::vector<uint8_t>> storage;  // bytes of received frags

 private:
  SkbPool* skbs_;
  FiveTuple tuple_;
  SeqNum next_{1000};
  uint32_t pending_bytes_ = 0;
};

class FakeFactory final : public ByteStreamFactory {
 public:
  ByteStream* Create(CoreId) override {
    streams.push_back(std::make_unique<FakeStream>(&skbs));
    return streams.back().get();
  }
  SkbPool skbs;
  std::vector<std::unique_ptr<FakeStream>> streams;
};

class FakeDriver final : public UlpDdpDevOps {
 public:
  UlpDdpCaps Caps() const override { return caps; }
  UlpDdpLimits Limits() const override { return limits; }
  bool SkAdd(ExecContext& ctx, ByteStream* sk, const UlpDdpConfig& c, UlpDdpUlpOps* u) override {
    added.push_back(sk);
    config = c;
    ulp = u;
    if (u != nullptr && !hold_adds) u->SkAddDone(ctx, add_succeeds);
    return true;
  }
  void SkDel(ExecContext&, ByteStream*) override { ++deleted; }
  bool Setup(ExecContext&, ByteStream*, const UlpDdpIo& io) override {
    ++setups;
    maps[io.command_id] = std::vector<SglEntry>(io.sgl.begin(), io.sgl.end());
    return true;
  }
  void Teardown(ExecContext& ctx, ByteStream*, const UlpDdpIo& io) override {
    teardowns.push_back(io.ddp_ctx);
    if (immediate) FinishTeardowns(ctx);
  }
  void Resync(ExecContext&, ByteStream*, SeqNum seq) override { resyncs.push_back(seq); }
  void FinishTeardowns(ExecContext& ctx) {
    std::vector<void*> done;
    done.swap(teardowns);
    for (void* d : done) ulp->DdpTeardownDone(ctx, d);
  }

  UlpDdpCaps caps{true, true};
  UlpDdpLimits limits;
  UlpDdpConfig config;
  UlpDdpUlpOps* ulp = nullptr;
  std::vector<ByteStream*> added;
  std::map<Ccid, std::vector<SglEntry>> maps;
  std::vector<void*> teardowns;
  std::vector<SeqNum> resyncs;
  bool immediate = true;
  bool hold_adds = false;  // sk_add sleeps until the test ends it
  bool add_succeeds = true;
  uint32_t setups = 0, deleted = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_NVME_HOST_FAKE_HOST_H_

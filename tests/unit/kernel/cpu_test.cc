#include "models/kernel/cpu.h"

#include <catch2/catch.hpp>
#include <functional>
#include <set>
#include <string>

#include "models/kernel/cost_ledger.h"

using namespace ddpsim;
using namespace ddpsim::time_literals;

namespace {

// One cycle is one nanosecond, and every row costs one cycle.
CostTable UnitCosts() {
  CostTable costs;
  costs.frequency_hz = 1'000'000'000;
  costs.millicycles.fill(1000);
  return costs;
}

class Piece : public WorkItem {
 public:
  explicit Piece(std::function<bool(ExecContext&)> body) : body_(std::move(body)) {}
  bool RunPiece(ExecContext& ctx) override { return body_(ctx); }

 private:
  std::function<bool(ExecContext&)> body_;
};

struct Bench : MmioPort {
  explicit Bench(int64_t cores = 1) : cpu(Config(cores), UnitCosts(), &calendar) {
    cpu.outbox().SetPort(this);
  }
  static CpuConfig Config(int64_t cores) {
    CpuConfig config;
    config.cores = cores;
    return config;
  }
  void OnMmioWrite(const MmioWrite& write) override {
    CHECK(write.at == now);
    writes.push_back(write);
  }
  void Run(SimTime limit = 1_s) {
    SimTime at;
    while (Wakeable* who = calendar.PopDue(limit, &at)) {
      now = at;
      who->OnDeadline(at);
    }
  }
  Piece Named(std::string name, int64_t cost, int pieces = 1) {
    return Piece([this, name, cost, pieces](ExecContext& ctx) mutable {
      log += name;
      ctx.Charge(Cost::kIoWork, cost);
      return --pieces > 0;
    });
  }

  Calendar calendar;
  SimTime now;
  Cpu cpu;
  std::string log;
  std::vector<MmioWrite> writes;
};

}  // namespace

TEST_CASE("the CPU is quiet when nothing runs, is queued for later or leaves for the device") {
  Bench bench;
  CHECK(bench.cpu.quiet());
  Piece piece([&](ExecContext& ctx) {
    ctx.Charge(Cost::kIoWork, 1000);
    ctx.Mmio(8, 1);
    return false;
  });
  bench.cpu.Queue(0, CpuContext::kKworker, &piece, 5_ms);
  CHECK_FALSE(bench.cpu.quiet());
  bench.Run(5_ms);
  CHECK_FALSE(bench.cpu.quiet());  // the piece runs, its register write is still to come
  bench.Run();
  CHECK(bench.cpu.quiet());
  CHECK(bench.writes.size() == 1);
}

TEST_CASE("hardirq runs before softirq, softirq before tasks, whatever the order of queueing") {
  Bench b;
  Piece user = b.Named("u", 10), work = b.Named("k", 10), soft = b.Named("s", 10),
        hard = b.Named("h", 10);
  b.cpu.Queue(0, CpuContext::kUser, &user, 5_ns);
  b.cpu.Queue(0, CpuContext::kSoftirq, &soft, 5_ns);
  b.cpu.Queue(0, CpuContext::kHardirq, &hard, 5_ns);
  b.cpu.Queue(0, CpuContext::kKworker, &work, 5_ns);
  b.Run();
  CHECK(b.log.substr(0, 2) == "hs");
  CHECK(b.log.size() == 4);
}

TEST_CASE("a long work is preempted between its pieces by an interrupt that arrives meanwhile") {
  Bench b;
  Piece work = b.Named("k", 100, 3), hard = b.Named("h", 10);
  b.cpu.Queue(0, CpuContext::kKworker, &work, 0_ns);
  b.cpu.Queue(0, CpuContext::kHardirq, &hard, 150_ns);
  b.Run();
  CHECK(b.log == "kkhk");
}

TEST_CASE("an item that is queued already is not queued again") {
  Bench b;
  Piece soft = b.Named("s", 10);
  b.cpu.Queue(0, CpuContext::kSoftirq, &soft, 0_ns);
  b.cpu.Queue(0, CpuContext::kSoftirq, &soft, 0_ns);
  b.Run();
  CHECK(b.log == "s");
}

TEST_CASE("an item queued again while its piece's time passes runs once more after it") {
  Bench b;
  Piece soft = b.Named("s", 100);
  Piece other([&](ExecContext&) {
    b.cpu.Queue(0, CpuContext::kSoftirq, &soft, b.now);
    return false;
  });
  Bench* bench = &b;
  b.cpu.Queue(0, CpuContext::kSoftirq, &soft, 0_ns);
  b.Run(50_ns);
  bench->cpu.Queue(0, CpuContext::kSoftirq, &soft, 50_ns);
  b.Run();
  CHECK(b.log == "ss");
}

TEST_CASE("MMIO writes leave in time order at the moment software reached them") {
  Bench b(2);
  Piece slow([](ExecContext& ctx) {
    ctx.Charge(Cost::kIoWork, 100);
    ctx.Mmio(1, 11);
    return false;
  });
  Piece fast([](ExecContext& ctx) {
    ctx.Mmio(2, 22);
    return false;
  });
  b.cpu.Queue(0, CpuContext::kSoftirq, &slow, 0_ns);
  b.cpu.Queue(1, CpuContext::kSoftirq, &fast, 10_ns);
  b.Run();
  REQUIRE(b.writes.size() == 2);
  CHECK(b.writes[0].value == 22);
  CHECK(b.writes[0].at == 12_ns);  // softirq entry, then the write itself
  CHECK(b.writes[1].at == 102_ns);
}

TEST_CASE("softirq that never ends goes to ksoftirqd when a task waits, and both make progress") {
  Bench b;
  int polls = 0, works = 0;
  Piece poll([&](ExecContext& ctx) {
    ++polls;
    ctx.Charge(Cost::kNapiPoll, 50'000);
    return ctx.Now() < 100_ms;
  });
  Piece work([&](ExecContext& ctx) {
    ++works;
    ctx.Charge(Cost::kIoWork, 50'000);
    return ctx.Now() < 100_ms;
  });
  b.cpu.Queue(0, CpuContext::kSoftirq, &poll, 0_ns);
  b.cpu.Queue(0, CpuContext::kUser, &work, 0_ns);
  b.Run();
  CHECK(b.cpu.core(0).stats().ksoftirqd_wakeups > 0);
  // Equal weights: each gets about half of 100 ms in pieces of 50 us.
  CHECK(works > 800);
  CHECK(polls > 800);
}

TEST_CASE("softirqs restart ten times at most before ksoftirqd takes over") {
  Bench b;
  int polls = 0;
  Piece poll([&](ExecContext& ctx) {
    ctx.Charge(Cost::kNapiPoll, 100);
    return ++polls < 40;
  });
  b.cpu.Queue(0, CpuContext::kSoftirq, &poll, 0_ns);
  b.Run();
  CHECK(polls == 40);
  CHECK(b.cpu.core(0).stats().ksoftirqd_wakeups == 1);
  CHECK(b.cpu.core(0).stats().softirq_runs == 1);
}

TEST_CASE("a poll cut into pieces counts as one turn") {
  Bench b;
  int polls = 0;
  Piece poll([&](ExecContext& ctx) { return true; });
  Piece cut([&](ExecContext& ctx) {
    ctx.Charge(Cost::kNapiPoll, 10);
    cut.turn_over = false;
    return ++polls < 40;
  });
  b.cpu.Queue(0, CpuContext::kSoftirq, &cut, 0_ns);
  b.Run();
  CHECK(polls == 40);
  CHECK(b.cpu.core(0).stats().ksoftirqd_wakeups == 0);
}

TEST_CASE("two user threads share a core fairly") {
  Bench b;
  int64_t ran[2] = {0, 0};
  const auto body = [&](int i) {
    return [&ran, i](ExecContext& ctx) {
      ctx.Charge(Cost::kAppPerIo, 100'000);
      ran[i] += 100;
      return ctx.Now() < 1_s;
    };
  };
  Piece first(body(0)), second(body(1));
  b.cpu.Queue(0, CpuContext::kUser, &first, 0_ns);
  b.cpu.Queue(0, CpuContext::kUser, &second, 0_ns);
  b.Run(2_s);
  CHECK(std::abs(ran[0] - ran[1]) < 30'000);  // us of a second: one slice
  CHECK(b.cpu.core(0).stats().context_switches > 10);
}

TEST_CASE("works of the kworker take turns of a millisecond") {
  Bench b;
  Piece a = b.Named("a", 400'000, 6), c = b.Named("c", 400'000, 6);
  b.cpu.Queue(0, CpuContext::kKworker, &a, 0_ns);
  b.cpu.Queue(0, CpuContext::kKworker, &c, 0_ns);
  b.Run();
  CHECK(b.log.find("aaaa") == 0);
  CHECK(b.log.find("aaaaaa") == std::string::npos);
}

TEST_CASE("the breakdown by symbol sums up exactly to the busy cycles, and busy time follows") {
  Bench b;
  Piece soft = b.Named("s", 123), work = b.Named("k", 77, 3);
  b.cpu.Queue(0, CpuContext::kSoftirq, &soft, 0_ns);
  b.cpu.Queue(0, CpuContext::kKworker, &work, 0_ns);
  b.Run();
  const CostLedger ledger = b.cpu.Ledger();
  int64_t sum = 0;
  for (const SymbolCost& s : BreakdownBySymbol(ledger)) sum += s.millicycles;
  CHECK(sum == TotalMillicycles(ledger));
  CHECK(b.cpu.BusyTime(b.now) == SimTime::Ns(sum / 1000));
}

TEST_CASE("a window's ledger is the difference of two snapshots") {
  Bench b;
  Piece one = b.Named("1", 5);
  b.cpu.Queue(0, CpuContext::kUser, &one, 0_ns);
  b.Run();
  const CostLedger before = b.cpu.Ledger();
  Piece two = b.Named("2", 7);
  b.cpu.Queue(0, CpuContext::kUser, &two, 1_ms);
  b.Run();
  CHECK(RowMillicycles(LedgerSince(b.cpu.Ledger(), before), Cost::kIoWork) == 7000);
}

TEST_CASE("the breakdown has a row for each symbol in each context") {
  CostLedger ledger;
  const auto softirq = static_cast<size_t>(CpuContext::kSoftirq);
  const auto kworker = static_cast<size_t>(CpuContext::kKworker);
  ledger.millicycles[static_cast<size_t>(Cost::kTcpReceive)][softirq] = 1;
  ledger.millicycles[static_cast<size_t>(Cost::kIpReceive)][softirq] = 2;
  ledger.millicycles[static_cast<size_t>(Cost::kTcpReceive)][kworker] = 4;
  std::set<int64_t> cycles;
  for (const SymbolCost& s : BreakdownBySymbol(ledger)) {
    cycles.insert(s.millicycles);
    if (s.millicycles == 2)
      CHECK(s.symbol == kCostRowNames[static_cast<size_t>(Cost::kIpReceive)].symbol);
    CHECK((s.context == CpuContext::kKworker) == (s.millicycles == 4));
  }
  CHECK(cycles == std::set<int64_t>{1, 2, 4});
}

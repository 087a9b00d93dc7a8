// KernelBench with a socket whose queue is offloaded: what a ULP asks of the driver, and what the
// driver writes for it.
#ifndef DDPSIM_TESTS_UNIT_KERNEL_NVMEOTCP_BENCH_H_
#define DDPSIM_TESTS_UNIT_KERNEL_NVMEOTCP_BENCH_H_

#include <cstring>
#include <vector>

#include "models/kernel/cost_ledger.h"
#include "models/kernel/nvmeotcp_driver.h"
#include "tests/unit/kernel/kernel_bench.h"

namespace ddpsim {

template <class T>
T At(const FakeNic::Wqe& wqe, size_t at) {
  T value;
  std::memcpy(&value, wqe.bytes.data() + at, sizeof(value));
  return value;
}

struct NvmeotcpUlp : UlpDdpUlpOps {
  void ResyncRequest(ExecContext&, SeqNum seq) override { asked.push_back(seq); }
  void DdpTeardownDone(ExecContext&, void* ctx) override { done.push_back(ctx); }
  void SkAddDone(ExecContext&, bool offloaded) override { adds.push_back(offloaded); }
  std::vector<SeqNum> asked;
  std::vector<void*> done;
  std::vector<bool> adds;
};

struct NvmeotcpBench : KernelBench {
  explicit NvmeotcpBench(KernelConfig config = DefaultConfig(), UlpDdpConfig queue = QueueConfig())
      : KernelBench(config) {
    socket = Connect();
    nic.wqes.clear();
    Do([&](ExecContext& ctx) { added = kernel.ddp()->SkAdd(ctx, socket, queue, &ulp); });
    added = added && ulp.adds == std::vector<bool>{true};
  }
  static UlpDdpConfig QueueConfig() {
    UlpDdpConfig config;
    config.queue_size = 128;
    config.data_digest = true;
    return config;
  }
  static KernelConfig Version(const char* version) {
    KernelConfig config = DefaultConfig();
    config.device.driver = version;
    return config;
  }
  std::vector<SglEntry> Pages(uint32_t n, uint32_t size = 4096) {
    std::vector<SglEntry> sgl;
    for (uint32_t i = 0; i < n; ++i) sgl.push_back({memory.Allocate(4096), size});
    return sgl;
  }
  bool Setup(Ccid ccid, const std::vector<SglEntry>& sgl) {
    bool ok = false;
    nic.wqes.clear();
    Do([&](ExecContext& ctx) { ok = kernel.ddp()->Setup(ctx, socket, {ccid, sgl, &ulp}); });
    return ok;
  }
  void Teardown(Ccid ccid, const std::vector<SglEntry>& sgl) {
    nic.wqes.clear();
    Do([&](ExecContext& ctx) { kernel.ddp()->Teardown(ctx, socket, {ccid, sgl, &ulp}); });
  }
  const CommandMailbox* LastCommand(CommandOpcode opcode) {
    for (size_t i = nic.commands.size(); i-- > 0;) {
      if (nic.commands[i].opcode == opcode) return &nic.commands[i];
    }
    return nullptr;
  }
  int64_t Units(Cost row) { return RowMillicycles(kernel.cpu().Ledger(), row) / 1000; }

  NvmeotcpUlp ulp;
  TcpSocket* socket = nullptr;
  bool added = false;
};

// With one channel there is nothing to steer between.
inline KernelConfig TwoChannels() {
  KernelConfig config = KernelBench::DefaultConfig();
  config.cpu.cores = 2;
  config.device.channels = 2;
  return config;
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_KERNEL_NVMEOTCP_BENCH_H_

// A kernel, a FakeNic and the peer's TCP endpoint on one calendar: what the kernel sends reaches
// the peer at once and the other way round, unless the test holds or drops it.
#ifndef DDPSIM_TESTS_UNIT_KERNEL_KERNEL_BENCH_H_
#define DDPSIM_TESTS_UNIT_KERNEL_KERNEL_BENCH_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ddpsim/wire/segment_writer.h"
#include "models/kernel/kernel.h"
#include "tests/unit/kernel/fake_nic.h"

namespace ddpsim {

// Runs a function as a piece of software.
class Once : public WorkItem {
 public:
  explicit Once(std::function<void(ExecContext&)> body) : body_(std::move(body)) {}
  bool RunPiece(ExecContext& ctx) override {
    body_(ctx);
    return false;
  }

 private:
  std::function<void(ExecContext&)> body_;
};

class KernelBench : public ByteStreamCallbacks {
 public:
  explicit KernelBench(KernelConfig config = DefaultConfig());
  static KernelConfig DefaultConfig();
  static CostTable UnitCosts();

  // Runs what is due up to `limit`.
  void Run(SimTime limit);
  // Runs `body` on a core in the given context and everything it causes within the next
  // millisecond.
  void Do(std::function<void(ExecContext&)> body, CpuContext context = CpuContext::kKworker);
  // Connects a socket to the peer.
  TcpSocket* Connect();
  // The peer sends; it travels as frames of the MSS.
  void PeerSend(const std::string& text, bool push = true);
  // Reads everything there is from the socket, within Do().
  static std::string ReadAll(ExecContext& ctx, ByteStream* stream);

  void OnDataReady(ExecContext&) override { ++data_ready; }
  void OnWriteSpace(ExecContext&) override { ++write_space; }
  void OnStateChange(ExecContext&) override { ++state_changes; }

  HostMemory memory;
  Calendar calendar;
  FakeNic nic;
  Kernel kernel;
  FramePool frames;
  SkbPool peer_skbs;
  std::unique_ptr<Connection> peer;
  SimTime now;
  std::string peer_received;
  std::vector<TcpHeader> kernel_sent;  // headers of all segments
  std::vector<FramePtr> to_kernel;     // frames of the peer while `hold` is set
  bool hold = false;
  int data_ready = 0, write_space = 0, state_changes = 0;

  void DeliverHeld();

 private:
  void OnWqe(const FakeNic::Wqe& wqe);
  void ApplyPeer();

  KernelConfig config_;
  TcpActions peer_actions_;
  std::vector<std::unique_ptr<std::string>> peer_texts_;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_KERNEL_KERNEL_BENCH_H_

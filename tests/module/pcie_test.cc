// PCIe's SystemC shell: what goes at once and what waits for its time, and where each goes.
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "action.h"
#include "ddpsim/hw/doorbell.h"
#include "ddpsim/ports/fresh_kernel.h"
#include "models/pcie/pcie_module.h"

namespace ddpsim {
namespace {

struct Access {
  SimTime at;  // local time of the call
  uint64_t addr;
  std::vector<uint8_t> bytes;
  bool write;
  bool message;
};

class Target : public sc_core::sc_module {
 public:
  explicit Target(sc_core::sc_module_name name) : sc_module(name), in("in") {
    in.register_b_transport(this, &Target::Transport);
  }
  tlm_utils::simple_target_socket<Target> in;
  std::vector<Access> seen;

 private:
  void Transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
    const uint8_t* data = trans.get_data_ptr();
    seen.push_back({LocalTime(delay), trans.get_address(),
                    std::vector<uint8_t>(data, data + trans.get_data_length()), trans.is_write(),
                    trans.get_extension<PostedMessage>() != nullptr});
    trans.set_response_status(tlm::TLM_OK_RESPONSE);
  }
};

class Source : public sc_core::sc_module {
 public:
  explicit Source(sc_core::sc_module_name name) : sc_module(name), out("out") {}
  tlm_utils::simple_initiator_socket<Source> out;

  // Returns the local time when the call says that it is done.
  SimTime Send(SimTime at, uint64_t addr, std::vector<uint8_t> bytes, bool message,
               bool write = true) {
    tlm::tlm_generic_payload trans;
    FillTransaction(&trans, write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND, addr,
                    bytes.data(), static_cast<uint32_t>(bytes.size()));
    PostedMessage mark;
    if (message) trans.set_extension(&mark);
    sc_core::sc_time delay = DelayAt(at);
    out->b_transport(trans, delay);
    if (message) trans.clear_extension(&mark);
    CHECK(trans.is_response_ok());
    return LocalTime(delay);
  }
};

struct Bench {
  Bench() {
    device.out.bind(pcie.from_device);
    cpu.out.bind(pcie.from_cpu);
    pcie.to_memory.bind(memory.in);
    pcie.to_interrupts.bind(interrupts.in);
    pcie.to_device.bind(bar.in);
  }
  void At(SimTime at, std::function<void(SimTime)> act) {
    actions.push_back(std::make_unique<Action>(std::move(act)));
    island.calendar().Schedule(at, actions.back().get());
  }

  FreshKernel kernel;
  Island island{"island"};
  PcieModule pcie{"pcie", &island, PcieConfig{}};
  Source device{"device"}, cpu{"cpu"};
  Target memory{"memory"}, interrupts{"interrupts"}, bar{"bar"};
  TlpTiming timing{PcieConfig{}};
  std::vector<std::unique_ptr<Action>> actions;
};

std::vector<uint8_t> Bytes(size_t size, uint8_t value) { return std::vector<uint8_t>(size, value); }

}  // namespace

TEST_CASE("bulk data is in memory at once, and the call tells when it is visible") {
  Bench bench;
  SimTime written, read;
  bench.At(5_us, [&](SimTime now) {
    written = bench.device.Send(now, 4096, Bytes(1500, 1), false);
    read = bench.device.Send(now + 1_us, 8192, Bytes(64, 0), false, false);
    CHECK(bench.memory.seen.size() == 2);
    CHECK(bench.pcie.quiet());
  });
  sc_core::sc_start();
  CHECK(written == 5_us + bench.timing.Write(1500) + 350_ns);
  CHECK(read > 6_us + 800_ns);
  REQUIRE(bench.memory.seen.size() == 2);
  CHECK(bench.memory.seen[0].addr == 4096);
  CHECK(bench.memory.seen[0].bytes == Bytes(1500, 1));
  CHECK((bench.memory.seen[0].write && !bench.memory.seen[0].message));
  CHECK_FALSE(bench.memory.seen[1].write);
  CHECK(bench.pcie.link().usage().posted_bytes == 1500);
  CHECK(bench.pcie.link().usage().read_bytes == 64);
}

TEST_CASE("messages of the device land in order, each at its time, in memory or at the CPU") {
  Bench bench;
  std::vector<SimTime> done;
  bench.At(1_us, [&](SimTime now) {
    done.push_back(bench.device.Send(now, 4096, Bytes(64, 1), true));
    done.push_back(bench.device.Send(now, kMsixAddress, Bytes(4, 2), true));
    done.push_back(bench.device.Send(now + 10_us, 4160, Bytes(128, 3), true));
    CHECK_FALSE(bench.pcie.quiet());
    CHECK(bench.memory.seen.empty());
    CHECK(bench.interrupts.seen.empty());
  });
  bench.At(5_us, [&](SimTime) {
    CHECK(bench.memory.seen.size() == 1);
    CHECK(bench.interrupts.seen.size() == 1);
    CHECK_FALSE(bench.pcie.quiet());
  });
  sc_core::sc_start();
  CHECK(bench.pcie.quiet());
  REQUIRE(bench.memory.seen.size() == 2);
  REQUIRE(bench.interrupts.seen.size() == 1);
  const Access& cqe = bench.memory.seen[0];
  CHECK((cqe.at == done[0] && cqe.addr == 4096 && cqe.bytes == Bytes(64, 1)));
  CHECK((cqe.write && cqe.message));
  const Access& msix = bench.interrupts.seen[0];
  CHECK((msix.at == done[1] && msix.addr == kMsixAddress && msix.bytes == Bytes(4, 2)));
  const Access& late = bench.memory.seen[1];
  CHECK((late.at == done[2] && late.addr == 4160 && late.bytes == Bytes(128, 3)));
  CHECK(done[0] == 1_us + bench.timing.Write(64) + 350_ns);
  CHECK(done[1] == done[0] + bench.timing.Write(4));
  CHECK(done[2] == 11_us + bench.timing.Write(128) + 350_ns);
}

TEST_CASE("a doorbell reaches the device's register after its latency, a command at once") {
  Bench bench;
  SimTime answered;
  bench.At(1_us, [&](SimTime now) {
    bench.cpu.Send(now, kBarBase + 0x100, Bytes(8, 1), true);
    CHECK(bench.bar.seen.empty());
    CHECK_FALSE(bench.pcie.quiet());
  });
  bench.At(3_us, [&](SimTime now) {
    REQUIRE(bench.bar.seen.size() == 1);
    answered = bench.cpu.Send(now, kBarBase + 0x200, Bytes(8, 2), false);
    CHECK(bench.bar.seen.size() == 2);
  });
  sc_core::sc_start();
  REQUIRE(bench.bar.seen.size() == 2);
  const SimTime way = bench.timing.Write(8) + 350_ns;
  CHECK((bench.bar.seen[0].addr == 0x100 && bench.bar.seen[0].bytes == Bytes(8, 1)));
  CHECK(bench.bar.seen[0].at == 1_us + way);
  CHECK((bench.bar.seen[1].addr == 0x200 && bench.bar.seen[1].bytes == Bytes(8, 2)));
  CHECK(bench.bar.seen[1].at == 3_us + way);
  CHECK(answered == 3_us + way);
  CHECK(bench.pcie.link().usage().mmio_writes == 2);
  CHECK(bench.pcie.quiet());
}

}  // namespace ddpsim

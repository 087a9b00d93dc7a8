// A bus onto a flat byte array, with fixed latencies and a log of what was done. Not thread-safe,
// no ordering model: the log's order is the order of the calls.
#ifndef DDPSIM_TESTS_UNIT_NIC_FAKE_BUS_H_
#define DDPSIM_TESTS_UNIT_NIC_FAKE_BUS_H_

#include <cstdint>
#include <cstring>
#include <vector>

#include "ddpsim/base/check.h"
#include "ddpsim/hw/bus_master.h"
#include "ddpsim/hw/doorbell.h"

namespace ddpsim {

class FakeBus final : public BusMaster {
 public:
  enum class Kind { kWrite, kMessage, kRead };
  struct Op {
    Kind kind;
    PhysAddr addr;
    size_t size;
    SimTime at;
  };

  explicit FakeBus(size_t bytes = 4 << 20) : memory(bytes) {}

  SimTime Write(PhysAddr addr, ByteSpan data, SimTime now) override {
    Store(Kind::kWrite, addr, data, now);
    return now + SimTime::Ns(300);
  }
  SimTime WriteMessage(PhysAddr addr, ByteSpan data, SimTime now) override {
    SIM_CHECK(data.size() <= 128, "message too long");
    Store(Kind::kMessage, addr, data, now);
    return now + SimTime::Ns(300);
  }
  SimTime Read(PhysAddr addr, MutableByteSpan out, SimTime now) override {
    SIM_CHECK(addr + out.size() <= memory.size(), "read outside of memory");
    std::memcpy(out.data(), memory.data() + addr, out.size());
    ops.push_back({Kind::kRead, addr, out.size(), now});
    return now + kReadLatency;
  }

  static constexpr SimTime kReadLatency = SimTime::Ns(500);
  std::vector<uint8_t> memory;
  std::vector<Op> ops;
  std::vector<uint32_t> interrupts;  // MSI-X vectors

 private:
  void Store(Kind kind, PhysAddr addr, ByteSpan data, SimTime now) {
    ops.push_back({kind, addr, data.size(), now});
    if (addr == kMsixAddress) {
      interrupts.push_back(LoadLe32(data.data()));
      return;
    }
    SIM_CHECK(addr + data.size() <= memory.size(), "write outside of memory");
    std::memcpy(memory.data() + addr, data.data(), data.size());
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_NIC_FAKE_BUS_H_

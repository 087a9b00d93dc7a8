#include "models/nvme_host/ddgst.h"

#include <catch2/catch.hpp>

#include "tests/unit/nvme_host/fake_host.h"

namespace ddpsim {
namespace {

TEST_CASE("ddgst: bytes are charged by whether they had to come from memory, each once") {
  FakeScheduler cpu;
  Llc llc(LlcConfig(), HostMemory::kBase, Rng(1, "llc"));
  ExecContext ctx = cpu.Context();
  ChargeDigest(ctx, &llc, HostMemory::kBase, 4096);
  CHECK(cpu.Charged(Cost::kCrcByteDram) == 4096);
  CHECK(cpu.Charged(Cost::kCrcByte) == 0);
  ChargeDigest(ctx, &llc, HostMemory::kBase, 4096);
  CHECK(cpu.Charged(Cost::kCrcByteDram) == 4096);
  CHECK(cpu.Charged(Cost::kCrcByte) == 4096);
  // A line of 64 bytes comes whole; of it only what is summed counts.
  ChargeDigest(ctx, &llc, HostMemory::kBase + 8192, 10);
  CHECK(cpu.Charged(Cost::kCrcByteDram) == 4106);
}

}  // namespace
}  // namespace ddpsim

#include "sim/check/recorded_payload_law.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "ddpsim/wire/crc32c.h"

namespace ddpsim {
namespace {

// A read of 512 bytes whose buffer holds `held` where the capture has `recorded`.
struct Bench {
  HostMemory memory;
  RecordedPayloadLaw law{&memory};
  PhysAddr addr = memory.Allocate(4096);

  void Receive(uint8_t recorded, uint8_t held) {
    const std::vector<uint8_t> bytes(512, recorded);
    law.OnRecorded(1, {7, 0, 512, Crc32c(0, bytes)});
    std::fill_n(memory.At(addr, 512), 512, held);
    Accept(7);
  }
  void Accept(Cid cid) {
    const SglEntry buffer{addr, 512};
    PduAccepted pdu;
    pdu.queue = 1;
    pdu.cid = cid;
    pdu.data_length = 512;
    pdu.sgl = absl::MakeConstSpan(&buffer, 1);
    law.OnPduAccepted(pdu, 1_us);
  }
};

TEST_CASE("recorded payload: what the capture holds keeps the law, other bytes do not") {
  Bench b;
  b.Receive(5, 5);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.bytes_checked() == 512);
  b.Receive(5, 6);
  CHECK(b.law.violation_count() == 1);
  CHECK(b.law.wrong_bytes() == 512);
}

TEST_CASE(
    "recorded payload: a PDU that the capture does not have is caught, and another command's") {
  Bench b;
  b.Accept(7);
  CHECK(b.law.violation_count() == 1);
  b.law.OnRecorded(1, {8, 0, 512, 0});
  b.Accept(7);
  CHECK(b.law.violation_count() == 2);
}

TEST_CASE("recorded payload: a doubted stream is not judged, until it is read anew elsewhere") {
  Bench b;
  b.law.Doubt(1);
  b.Receive(5, 6);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.bytes_checked() == 0);
  b.law.Forget(1);
  b.Receive(5, 6);
  CHECK(b.law.violation_count() == 1);
}

}  // namespace
}  // namespace ddpsim

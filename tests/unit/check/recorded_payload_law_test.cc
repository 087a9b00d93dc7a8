#include "sim/check/recorded_payload_law.h"

#include <catch2/catch.hpp>

#include "ddpsim/wire/crc32c.h"

namespace ddpsim {
namespace {

struct LawBench {
  LawBench() : at(memory.Allocate(4096)) {
    for (uint32_t i = 0; i < 4096; ++i) *memory.At(at + i, 1) = static_cast<uint8_t>(i / 3);
    buffer = {at, 4096};
  }
  RecordedPayloadLaw::RecordedPdu Recorded(Cid cid, uint32_t datao, uint32_t in_buffer) const {
    return {cid, datao, 512, Crc32c(0, ByteSpan(memory.At(at + in_buffer, 512), 512)), false};
  }
  PduAccepted Accepted(Cid cid, uint32_t datao, uint32_t in_buffer) const {
    PduAccepted pdu;
    pdu.queue = 1;
    pdu.cid = cid;
    pdu.datao = datao;
    pdu.data_offset = in_buffer;
    pdu.data_length = 512;
    pdu.sgl = absl::MakeConstSpan(&buffer, 1);
    return pdu;
  }

  HostMemory memory{1 << 20};
  PhysAddr at;
  SglEntry buffer;
  RecordedPayloadLaw law{&memory};
};

TEST_CASE("recorded_payload_law: bytes are compared where the host has put them") {
  LawBench b;
  b.law.OnRecorded(1, b.Recorded(7, 2048, 0));
  b.law.OnPduAccepted(b.Accepted(7, 2048, 0), SimTime());
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.bytes_checked() == 512);
}

TEST_CASE("recorded_payload_law: catches a wrong byte, another PDU and one too many") {
  LawBench wrong;
  wrong.law.OnRecorded(1, wrong.Recorded(7, 0, 0));
  *wrong.memory.At(wrong.at + 511, 1) ^= 1;
  wrong.law.OnPduAccepted(wrong.Accepted(7, 0, 0), SimTime());
  CHECK(wrong.law.violation_count() == 1);
  CHECK(wrong.law.wrong_bytes() == 512);
  LawBench other;
  other.law.OnRecorded(1, other.Recorded(7, 0, 0));
  other.law.OnPduAccepted(other.Accepted(8, 0, 0), SimTime());
  CHECK(other.law.violation_count() == 1);
  LawBench more;
  more.law.OnPduAccepted(more.Accepted(8, 0, 0), SimTime());
  CHECK(more.law.violation_count() == 1);
}

TEST_CASE("recorded_payload_law: behind a divergence only what both have read is compared") {
  LawBench b;
  b.law.OnDiverged(1);
  b.law.OnRecorded(1, b.Recorded(7, 0, 0));
  b.law.OnRecorded(1, b.Recorded(8, 512, 512));
  b.law.OnPduAccepted(b.Accepted(9, 0, 0), SimTime());
  CHECK(b.law.checks() == 0);
  CHECK(b.law.not_comparable() == 1);
  b.law.OnPduAccepted(b.Accepted(8, 512, 512), SimTime());
  CHECK(b.law.checks() == 1);
  CHECK(b.law.violation_count() == 0);
  b.law.Forget(1);
  b.law.OnPduAccepted(b.Accepted(8, 512, 512), SimTime());
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("recorded_payload_law: a doubted stream is not judged, until it is read anew elsewhere") {
  LawBench b;
  b.law.Doubt(1);
  b.law.OnRecorded(1, b.Recorded(7, 0, 0));
  *b.memory.At(b.at, 1) ^= 1;
  b.law.OnPduAccepted(b.Accepted(7, 0, 0), SimTime());
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.bytes_checked() == 0);
  b.law.Forget(1);
  b.law.OnPduAccepted(b.Accepted(7, 0, 0), SimTime());
  CHECK(b.law.violation_count() == 1);
}

}  // namespace
}  // namespace ddpsim

#include "sim/check/digest_law.h"

#include <catch2/catch.hpp>
#include <vector>

#include "ddpsim/base/rng.h"
#include "ddpsim/wire/crc32c.h"

namespace ddpsim {
namespace {

// A request of two pieces of memory, and a PDU that brings 5000 of its bytes from offset 1000.
struct Bench {
  Bench() : memory(uint64_t{1} << 20), law(&memory) {
    const PhysAddr a = memory.Allocate(16384);
    sgl = {{a, 512}, {a + 8192, 3000}, {a + 512, 4096}};
    Rng rng(1, "digest_law_test");
    for (uint32_t i = 0; i < 16384; ++i) {
      *memory.At(a + i, 1) = static_cast<uint8_t>(rng.U64());
    }
    pdu.queue = 1;
    pdu.cid = 9;
    pdu.data_offset = 1000;
    pdu.data_length = 5000;
    pdu.judge = DigestJudge::kNic;
    pdu.sgl = sgl;
    std::vector<uint8_t> bytes;
    for (const SglEntry& e : sgl) {
      const uint8_t* at = memory.At(e.addr, e.length);
      bytes.insert(bytes.end(), at, at + e.length);
    }
    pdu.digest_received = Crc32c(0, ByteSpan(bytes).subspan(1000, 5000));
  }

  HostMemory memory;
  DigestLaw law;
  std::vector<SglEntry> sgl;
  PduAccepted pdu;
};

TEST_CASE("a right digest over scattered memory is accepted rightly") {
  Bench b;
  b.law.OnPduAccepted(b.pdu, 1_us);
  CHECK(b.law.checks() == 1);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.false_crc_ok() == 0);
}

TEST_CASE("without PDUs, or without digests, nothing was looked at") {
  Bench b;
  CHECK(b.law.checks() == 0);
  b.pdu.judge = DigestJudge::kNone;
  b.law.OnPduAccepted(b.pdu, 1_us);
  CHECK(b.law.checks() == 0);
}

TEST_CASE("a flipped bit in any piece that the NIC accepts is caught") {
  const std::pair<int, uint32_t> where =
      GENERATE(std::make_pair(1, 488u), std::make_pair(1, 2999u), std::make_pair(2, 2487u));
  Bench b;
  *b.memory.At(b.sgl[where.first].addr + where.second, 1) ^= 0x10;
  b.law.OnPduAccepted(b.pdu, 1_us);
  CHECK(b.law.violation_count() == 1);
  CHECK(b.law.false_crc_ok() == 1);
}

TEST_CASE("bytes around the PDU's are none of its digest's business") {
  Bench b;
  *b.memory.At(b.sgl[0].addr + 511, 1) ^= 1;
  *b.memory.At(b.sgl[1].addr + 487, 1) ^= 1;
  *b.memory.At(b.sgl[2].addr + 2488, 1) ^= 1;
  b.law.OnPduAccepted(b.pdu, 1_us);
  CHECK(b.law.violation_count() == 0);
}

TEST_CASE("a wrong DDGST field that the NIC accepts is caught") {
  Bench b;
  b.pdu.digest_received ^= 1;
  b.law.OnPduAccepted(b.pdu, 1_us);
  CHECK(b.law.false_crc_ok() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("queue 1 cid 9"));
}

TEST_CASE("a PDU that runs out of its request's buffer cannot have the right digest") {
  Bench b;
  b.sgl.pop_back();
  b.pdu.sgl = b.sgl;
  b.law.OnPduAccepted(b.pdu, 1_us);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("a wrong digest that failed the request, or that software judged, is no violation") {
  Bench b;
  b.pdu.digest_received ^= 1;
  b.pdu.accepted = false;
  b.law.OnPduAccepted(b.pdu, 1_us);
  b.pdu.judge = DigestJudge::kSoftware;
  b.law.OnPduAccepted(b.pdu, 1_us);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.checks() == 2);
}

TEST_CASE(
    "a right digest that is refused is caught, and named where the whole request was summed up") {
  Bench b;
  KnownDefects defects;
  DigestLaw law(&b.memory, &defects);
  b.pdu.judge = DigestJudge::kSoftware;
  b.pdu.accepted = false;
  b.pdu.whole_request = GENERATE(true, false);
  law.OnPduAccepted(b.pdu, 1_us);
  CHECK(law.violation_count() == 1);
  CHECK(defects.count(Defect::kDataInChunks) == (b.pdu.whole_request ? 1 : 0));
}

TEST_CASE("a PDU that carries the whole request is not named so") {
  Bench b;
  KnownDefects defects;
  DigestLaw law(&b.memory, &defects);
  b.pdu.judge = DigestJudge::kSoftware;
  b.pdu.accepted = false;
  b.pdu.whole_request = true;
  b.pdu.data_offset = 0;
  b.pdu.data_length = 512 + 3000 + 4096;
  std::vector<uint8_t> bytes;
  for (const SglEntry& e : b.sgl) {
    const uint8_t* at = b.memory.At(e.addr, e.length);
    bytes.insert(bytes.end(), at, at + e.length);
  }
  b.pdu.digest_received = Crc32c(0, bytes);
  law.OnPduAccepted(b.pdu, 1_us);
  CHECK(law.violation_count() == 1);
  CHECK(defects.count(Defect::kDataInChunks) == 0);
}

}  // namespace
}  // namespace ddpsim

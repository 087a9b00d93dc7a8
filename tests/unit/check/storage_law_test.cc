#include "sim/check/storage_law.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

constexpr uint16_t kPort = 40001;
constexpr Cid kCid = 0x1003;
constexpr uint64_t kPlace = 1 << 20;
constexpr uint32_t kBytes = 65536;

StoredRange Stored(uint64_t offset, uint32_t bytes, uint32_t wrong = 0) {
  return {offset, bytes, wrong, offset};
}

// A write by R2T in two PDUs, up to its execution.
void Arrive(StorageLaw* law) {
  law->OnWriteStart(kPort, kCid, kPlace, kBytes, 1_us);
  law->OnR2T(kPort, kCid, {0, kBytes}, 2_us);
  law->OnData(kPort, kCid, {0, 40960}, 3_us);
  law->OnData(kPort, kCid, {40960, 24576}, 4_us);
}

TEST_CASE("a write that is asked for, taken, stored and answered keeps the law") {
  StorageLaw law;
  Arrive(&law);
  law.OnStored(kPort, kCid, Stored(kPlace, kBytes), 5_us);
  law.OnWriteEnd(kPort, kCid, true, 6_us);
  law.OnWriteStart(kPort, kCid, kPlace, 4096, 7_us);  // the name is used again, in the capsule
  law.OnData(kPort, kCid, {0, 4096}, 8_us);
  law.OnStored(kPort, kCid, Stored(kPlace, 4096), 9_us);
  law.OnWriteEnd(kPort, kCid, true, 10_us);
  CHECK(law.violation_count() == 0);
  CHECK(law.checks() == 4);
  CHECK(law.bytes_checked() == kBytes + 4096);
  CHECK(law.wrong_bytes() == 0);
}

TEST_CASE("a law that saw no write has looked at nothing") {
  StorageLaw law;
  CHECK(law.checks() == 0);
  CHECK(law.bytes_checked() == 0);
}

TEST_CASE("a wrong byte that is stored is a violation and is counted") {
  StorageLaw law;
  Arrive(&law);
  law.OnStored(kPort, kCid, Stored(kPlace, kBytes, 3), 5_us);
  law.OnWriteEnd(kPort, kCid, true, 6_us);
  CHECK(law.violation_count() == 1);
  CHECK(law.wrong_bytes() == 3);
}

TEST_CASE("bytes stored in a place that nobody asked for are wrong, and counted once") {
  StorageLaw law;
  Arrive(&law);
  law.OnStored(kPort, kCid, Stored(kPlace + 512, kBytes), 5_us);
  law.OnWriteEnd(kPort, kCid, true, 6_us);
  CHECK(law.violation_count() == 2);
  CHECK(law.wrong_bytes() == kBytes);
  law.OnStored(kPort, 7, Stored(kPlace, 512), 7_us);  // no such command
  CHECK(law.violation_count() == 3);
  CHECK(law.wrong_bytes() == kBytes + 512);
}

TEST_CASE("a write that is done for the host must be on the disk, all of it and once") {
  StorageLaw never;
  Arrive(&never);
  never.OnWriteEnd(kPort, kCid, true, 6_us);
  CHECK(never.violation_count() == 1);
  CHECK(never.wrong_bytes() == kBytes);

  StorageLaw in_part;
  Arrive(&in_part);
  in_part.OnStored(kPort, kCid, Stored(kPlace, 40960), 5_us);
  in_part.OnWriteEnd(kPort, kCid, true, 6_us);
  CHECK(in_part.violation_count() == 1);
  CHECK(in_part.wrong_bytes() == 24576);

  StorageLaw twice;
  Arrive(&twice);
  twice.OnStored(kPort, kCid, Stored(kPlace, kBytes), 5_us);
  twice.OnStored(kPort, kCid, Stored(kPlace, kBytes), 6_us);
  twice.OnWriteEnd(kPort, kCid, true, 7_us);
  CHECK(twice.violation_count() == 1);
  CHECK(twice.wrong_bytes() == 0);
}

TEST_CASE("a failed write may be stored or not, before its end or after") {
  StorageLaw law;
  Arrive(&law);
  law.OnWriteEnd(kPort, kCid, false, 5_us);
  law.OnStored(kPort, kCid, Stored(kPlace, kBytes), 6_us);
  CHECK(law.violation_count() == 0);
  // Another connection knows another command by that name.
  law.OnWriteStart(kPort + 1, kCid, 0, 512, 7_us);
  law.OnStored(kPort, kCid, Stored(kPlace, kBytes), 8_us);
  CHECK(law.violation_count() == 0);
}

TEST_CASE("what is stored of a write that was given up before is counted and not judged") {
  for (bool given_up : {false, true}) {
    StorageLaw law;
    Arrive(&law);
    if (given_up) law.OnWriteEnd(kPort, kCid, false, 5_us);
    law.OnStored(kPort, kCid, Stored(kPlace, kBytes, 7), 6_us);
    if (!given_up) law.OnWriteEnd(kPort, kCid, false, 7_us);
    CHECK(law.violation_count() == (given_up ? 0 : 1));
    CHECK(law.wrong_bytes() == (given_up ? 0 : 7));
    CHECK(law.stale_bytes() == (given_up ? 7 : 0));
  }
}

TEST_CASE("a refusal after a write was given up is no violation, of another host's port it is") {
  StorageLaw law;
  Arrive(&law);
  law.OnWriteEnd(kPort, kCid, false, 5_us);
  law.OnRefused(kPort, "data_digest", 6_us);
  CHECK(law.violation_count() == 0);
  law.OnRefused(kPort + 1, "data_digest", 7_us);
  CHECK(law.violation_count() == 1);
}

TEST_CASE("R2Ts ask for each byte of the command once, in order, and for no other") {
  const WritePiece wrong[] = {{0, kBytes + 512}, {512, kBytes - 512}, {0, 0}, {kBytes, 512}};
  for (const WritePiece& piece : wrong) {
    StorageLaw law;
    law.OnWriteStart(kPort, kCid, kPlace, kBytes, 1_us);
    law.OnR2T(kPort, kCid, piece, 2_us);
    CHECK(law.violation_count() == 1);
  }
  StorageLaw law;
  law.OnWriteStart(kPort, kCid, kPlace, kBytes, 1_us);
  law.OnR2T(kPort, kCid, {0, 512}, 2_us);
  law.OnR2T(kPort, kCid, {512, kBytes - 512}, 3_us);
  CHECK(law.violation_count() == 0);
  law.OnR2T(kPort, kCid, {512, 512}, 4_us);
  law.OnR2T(kPort, 9, {0, 512}, 5_us);
  CHECK(law.violation_count() == 2);
}

TEST_CASE("data comes in the order that the R2T asks for, and no more than that") {
  const WritePiece wrong[] = {{512, 512}, {0, 8704}};
  for (const WritePiece& piece : wrong) {
    StorageLaw law;
    law.OnWriteStart(kPort, kCid, kPlace, kBytes, 1_us);
    law.OnR2T(kPort, kCid, {0, 8192}, 2_us);
    law.OnData(kPort, kCid, piece, 3_us);
    CHECK(law.violation_count() == 1);
  }
  StorageLaw unasked;
  unasked.OnWriteStart(kPort, kCid, kPlace, kBytes, 1_us);
  unasked.OnData(kPort, kCid, {0, 4096}, 2_us);  // a capsule holds all of a write or none
  unasked.OnData(kPort, 9, {0, 4096}, 3_us);
  CHECK(unasked.violation_count() == 2);
}

TEST_CASE("where nothing is altered on the way the target refuses nothing") {
  StorageLaw law;
  law.OnRefused(kPort, "data_digest", 1_us);
  CHECK(law.violation_count() == 1);
  StorageLaw altered;
  altered.ExpectRefusals();
  altered.OnRefused(kPort, "data_digest", 1_us);
  altered.OnR2T(kPort, kCid, {0, 512}, 2_us);
  altered.OnData(kPort, kCid, {0, 512}, 3_us);
  CHECK(altered.violation_count() == 0);
  altered.OnStored(kPort, kCid, Stored(kPlace, 512), 4_us);  // stored is stored
  CHECK(altered.violation_count() == 1);
}

TEST_CASE("foreseen corruption is counted and no violation") {
  StorageLaw law;
  law.ExpectCorruption();
  law.ExpectRefusals();
  Arrive(&law);
  law.OnStored(kPort, kCid, Stored(kPlace, kBytes, 5), 5_us);
  law.OnWriteEnd(kPort, kCid, true, 6_us);
  law.OnStored(kPort, 7, Stored(0, 512), 7_us);
  CHECK(law.violation_count() == 0);
  CHECK(law.wrong_bytes() == 5 + 512);
}

}  // namespace
}  // namespace ddpsim

#include "sim/check/storage_law.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

constexpr uint16_t kPort = 40001;
constexpr Cid kCid = 0x1003;
constexpr uint64_t kPlace = 1 << 20;
constexpr uint32_t kBytes = 65536;
constexpr uint64_t kIo = 9;

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
  law.OnRequestEnd(kPort, kCid, kIo, true, 6_us);
  law.OnWriteStart(kPort, kCid, kPlace, 4096, 7_us);  // the name is used again, in the capsule
  law.OnData(kPort, kCid, {0, 4096}, 8_us);
  law.OnStored(kPort, kCid, Stored(kPlace, 4096), 9_us);
  law.OnRequestEnd(kPort, kCid, kIo, true, 10_us);
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
  law.OnRequestEnd(kPort, kCid, kIo, true, 6_us);
  CHECK(law.violation_count() == 1);
  CHECK(law.wrong_bytes() == 3);
}

TEST_CASE("bytes stored in a place that nobody asked for are wrong, and counted once") {
  StorageLaw law;
  Arrive(&law);
  law.OnStored(kPort, kCid, Stored(kPlace + 512, kBytes), 5_us);
  law.OnRequestEnd(kPort, kCid, kIo, true, 6_us);
  CHECK(law.violation_count() == 2);
  CHECK(law.wrong_bytes() == kBytes);
  law.OnStored(kPort, 7, Stored(kPlace, 512), 7_us);  // no such command
  CHECK(law.violation_count() == 3);
  CHECK(law.wrong_bytes() == kBytes + 512);
}

TEST_CASE("a write that is done for the host must be on the disk, all of it and once") {
  StorageLaw never;
  Arrive(&never);
  never.OnRequestEnd(kPort, kCid, kIo, true, 6_us);
  CHECK(never.violation_count() == 1);
  CHECK(never.wrong_bytes() == kBytes);

  StorageLaw in_part;
  Arrive(&in_part);
  in_part.OnStored(kPort, kCid, Stored(kPlace, 40960), 5_us);
  in_part.OnRequestEnd(kPort, kCid, kIo, true, 6_us);
  CHECK(in_part.violation_count() == 1);
  CHECK(in_part.wrong_bytes() == 24576);

  StorageLaw twice;
  Arrive(&twice);
  twice.OnStored(kPort, kCid, Stored(kPlace, kBytes), 5_us);
  twice.OnStored(kPort, kCid, Stored(kPlace, kBytes), 6_us);
  twice.OnRequestEnd(kPort, kCid, kIo, true, 7_us);
  CHECK(twice.violation_count() == 1);
  CHECK(twice.wrong_bytes() == 0);
}

TEST_CASE("a failed write may be stored or not, before its end or after") {
  StorageLaw law;
  Arrive(&law);
  law.OnRequestEnd(kPort, kCid, kIo, false, 5_us);
  law.OnStored(kPort, kCid, Stored(kPlace, kBytes), 6_us);
  CHECK(law.violation_count() == 0);
  // Another connection knows another command by that name.
  law.OnWriteStart(kPort + 1, kCid, 0, 512, 7_us);
  law.OnStored(kPort, kCid, Stored(kPlace, kBytes), 8_us);
  CHECK(law.violation_count() == 0);
}

// How an I/O ends whose data is still on its way, and whether wrong bytes of it are then excused.
struct Ending {
  bool data_there;
  bool io_ends;
  bool retry_succeeds;
  bool excused;
};

TEST_CASE("wrong bytes are excused only of an I/O that failed before its data was there") {
  for (const Ending& end : {Ending{false, true, false, true}, Ending{true, true, false, false},
                            Ending{false, false, false, false}, Ending{false, true, true, false}}) {
    StorageLaw law;
    law.OnWriteStart(kPort, kCid, kPlace, kBytes, 1_us);
    law.OnR2T(kPort, kCid, {0, kBytes}, 2_us);
    law.OnData(kPort, kCid, {0, 40960}, 3_us);
    if (end.data_there) law.OnData(kPort, kCid, {40960, 24576}, 4_us);
    law.OnRequestEnd(kPort, kCid, kIo, false, 5_us);
    if (end.io_ends) law.OnIoEnd(kIo, end.retry_succeeds);
    if (!end.data_there) law.OnData(kPort, kCid, {40960, 24576}, 6_us);
    law.OnStored(kPort, kCid, Stored(kPlace, kBytes, 7), 7_us);
    CHECK(law.violation_count() == (end.excused ? 0 : 1));
    CHECK(law.wrong_bytes() == (end.excused ? 0 : 7));
    CHECK(law.stale_bytes() == (end.excused ? 7 : 0));
  }
}

TEST_CASE("of such an I/O's connection a data digest may be wrong, and nothing else") {
  StorageLaw law;
  law.OnWriteStart(kPort, kCid, kPlace, kBytes, 1_us);
  law.OnR2T(kPort, kCid, {0, kBytes}, 2_us);
  law.OnRequestEnd(kPort, kCid, kIo, false, 3_us);
  law.OnIoEnd(kIo, false);
  law.OnRefused(kPort, Refusal::kDataDigest, 6_us);
  CHECK(law.violation_count() == 0);
  law.OnRefused(kPort, Refusal::kHeader, 7_us);
  CHECK(law.violation_count() == 1);
  law.OnRefused(kPort + 1, Refusal::kDataDigest, 8_us);
  CHECK(law.violation_count() == 2);
}

TEST_CASE("a read that ends under the name of an earlier write says nothing of that") {
  StorageLaw law;
  Arrive(&law);
  law.OnRequestEnd(kPort, kCid, kIo, false, 5_us);
  law.OnRequestEnd(kPort, kCid, kIo + 1, true, 6_us);  // the read, well: nothing was stored
  CHECK(law.violation_count() == 0);
  CHECK(law.checks() == 0);
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
  law.OnRefused(kPort, Refusal::kDataDigest, 1_us);
  CHECK(law.violation_count() == 1);
  StorageLaw altered;
  altered.ExpectRefusals();
  altered.OnRefused(kPort, Refusal::kDataDigest, 1_us);
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
  law.OnRequestEnd(kPort, kCid, kIo, true, 6_us);
  law.OnStored(kPort, 7, Stored(0, 512), 7_us);
  CHECK(law.violation_count() == 0);
  CHECK(law.wrong_bytes() == 5 + 512);
}

}  // namespace
}  // namespace ddpsim

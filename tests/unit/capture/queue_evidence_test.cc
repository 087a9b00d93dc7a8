#include "models/capture/queue_evidence.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <vector>

namespace ddpsim {
namespace {

NvmeSqe Sqe(uint8_t opcode, uint32_t nsid, uint32_t length = 0) {
  NvmeSqe sqe;
  sqe.opcode = opcode;
  sqe.nsid = nsid;
  sqe.sgl.length = length;
  return sqe;
}

NvmeSqe GetLogPage(uint8_t page, uint32_t bytes, uint32_t nsid) {
  NvmeSqe sqe = Sqe(0x02, nsid, bytes);
  sqe.cdw10 = (bytes / 4 - 1) << 16 | page;
  return sqe;
}

NvmeSqe Read(uint64_t slba, uint32_t bytes) {
  NvmeSqe sqe = Sqe(kNvmeCmdRead, 1, bytes);
  sqe.cdw10 = static_cast<uint32_t>(slba);
  sqe.cdw12 = bytes / 512 - 1;
  return sqe;
}

QueueRole RoleOf(const std::vector<NvmeSqe>& commands) {
  QueueEvidence evidence;
  for (const NvmeSqe& sqe : commands) evidence.Add(sqe);
  return evidence.role();
}

TEST_CASE("queue role: Get Log Page is no Read, though both are opcode 02h") {
  CHECK(RoleOf({GetLogPage(0x70, 4096, 0)}) == QueueRole::kAdmin);
  CHECK(RoleOf({GetLogPage(0x70, 1024, 0xffffffff)}) == QueueRole::kAdmin);
  CHECK(RoleOf({GetLogPage(0x02, 564, 1)}) == QueueRole::kAdmin);
  CHECK(RoleOf({Read(0, 4096), Read(1234567, 65536)}) == QueueRole::kIo);
  // A block number that looks like the fields of a log page once does not turn the queue.
  CHECK(RoleOf({Read(0x03ff0070, 4096), Read(8, 4096)}) == QueueRole::kIo);
}

TEST_CASE("queue role: commands that only one kind of queue takes tell") {
  for (uint8_t opcode : {0x06, 0x0a, 0x18, 0x09, 0x0c, 0x08, 0x80}) {
    INFO(int{opcode});
    CHECK(RoleOf({Sqe(opcode, 0)}) == QueueRole::kAdmin);
  }
  NvmeSqe property = Sqe(kNvmeFabrics, 0);
  reinterpret_cast<uint8_t*>(&property)[4] = kFabricsPropertyGet;
  CHECK(RoleOf({property}) == QueueRole::kAdmin);
  NvmeSqe disconnect = Sqe(kNvmeFabrics, 0);
  reinterpret_cast<uint8_t*>(&disconnect)[4] = 0x08;
  CHECK(RoleOf({disconnect}) == QueueRole::kIo);
  CHECK(RoleOf({Sqe(kNvmeCmdWrite, 1, 512)}) == QueueRole::kIo);
  // DSM, Write Zeroes and Verify of a namespace do not make an admin queue.
  CHECK(RoleOf({Sqe(0x09, 1, 16), Sqe(0x08, 1), Sqe(0x0c, 1), Read(0, 512)}) == QueueRole::kIo);
  CHECK(RoleOf({}) == QueueRole::kUnknown);
}

TEST_CASE("queue role: a Connect on record settles it") {
  FabricsConnectSqe connect;
  connect.qid = 3;
  NvmeSqe sqe;
  std::memcpy(static_cast<void*>(&sqe), &connect, sizeof(sqe));
  CHECK(RoleOf({Sqe(0x06, 0), sqe}) == QueueRole::kIo);
}

}  // namespace
}  // namespace ddpsim

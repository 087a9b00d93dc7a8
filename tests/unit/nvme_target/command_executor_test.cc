#include "models/nvme_target/command_executor.h"

#include <catch2/catch.hpp>

#include "queue_bench.h"

namespace ddpsim {
namespace {

constexpr NvmeStatus Final(NvmeStatus status) {
  return static_cast<NvmeStatus>(status | kNvmeDoNotRetry);
}

// A queue that has sent ICReq.
struct Fresh : QueueBench {
  explicit Fresh(TargetConfig config = {}) : QueueBench(config) {
    Feed(IcReqPdu(true, true));
    Run();
  }
  NvmeCqe Connect(uint16_t qid, uint16_t sqsize, uint16_t cntlid) {
    return Ask(ConnectSqe(qid, sqsize, false), ConnectBytes(cntlid));
  }
};

template <class T>
T DataOf(QueueBench* b, const NvmeSqe& sqe) {
  b->Forget();
  b->Command(sqe);
  b->Run();
  const auto pdus = b->Pdus();
  REQUIRE(pdus.size() == 2);
  REQUIRE(pdus[0].data.size() == sizeof(T));
  T data;
  std::memcpy(static_cast<void*>(&data), pdus[0].data.data(), sizeof(T));
  return data;
}

TEST_CASE("Connect on the admin queue makes a controller and names it") {
  Fresh b;
  const NvmeCqe cqe = b.Connect(0, 31, 0xffff);
  CHECK(cqe.status() == kNvmeSuccess);
  CHECK(cqe.result == 1);
  CHECK(cqe.sq_head == 1);
  CHECK(b.queue.identity().size == 32);
}

TEST_CASE("Connect refuses a fixed controller id, a queue of size 0 or too large, unknown ones") {
  CHECK(Fresh().Connect(0, 31, 5).status() == Final(kNvmeConnectInvalidParameter));
  CHECK(Fresh().Connect(0, 0, 0xffff).status() == Final(kNvmeConnectInvalidParameter));
  CHECK(Fresh().Connect(0, 1024, 0xffff).status() == Final(kNvmeConnectInvalidParameter));
  CHECK(Fresh().Connect(1, 127, 9).status() == Final(kNvmeConnectInvalidParameter));
  Fresh many;
  const uint16_t cntlid = many.parts.subsystem.Create()->cntlid();
  CHECK(many.Connect(129, 127, cntlid).status() == Final(kNvmeConnectInvalidParameter));
}

TEST_CASE("no opcode, with data that it does not have or without, does more than end or be asked") {
  for (TargetKind kind : {TargetKind::kNvmet, TargetKind::kSpdk}) {
    for (uint16_t qid : {0, 1}) {
      for (uint32_t opcode = 0; opcode < 256; ++opcode) {
        for (uint32_t length : {0u, 512u, 4096u, 0x400000u, 0x400200u, 0xffff'fe00u}) {
          QueueBench b(TargetConfig::Of(kind), false, false);
          b.Connect(qid);
          NvmeSqe sqe = ReadCommand(9, 4096, 4096);
          sqe.opcode = static_cast<uint8_t>(opcode);
          sqe.sgl.length = length;
          b.Command(sqe);
          b.Run();
          CHECK(b.Pdus().size() <= 2);
          CHECK_FALSE(b.queue.dead());
        }
      }
    }
  }
}

TEST_CASE("a command without data of its own is refused when it brings or asks for some") {
  QueueBench io;
  io.Connect();
  NvmeSqe flush = ReadCommand(1, 0, 512);
  flush.opcode = kNvmeCmdFlush;
  CHECK(io.Ask(flush).status() == Final(kNvmeSglInvalidData));
  flush.sgl.length = 0;
  CHECK(io.Ask(flush).status() == kNvmeSuccess);
  QueueBench admin;
  admin.Connect(0);
  NvmeSqe keep_alive = ReadCommand(1, 0, 512);
  keep_alive.opcode = kNvmeAdminKeepAlive;
  CHECK(admin.Ask(keep_alive).status() == Final(kNvmeSglInvalidData));
  NvmeSqe property = PropertySqe(kFabricsPropertyGet, kPropertyCap, true);
  property.sgl.length = 4096;
  CHECK(admin.Ask(property).status() == Final(kNvmeSglInvalidData));
}

TEST_CASE("a command that ends with an error on an I/O queue is counted as refused") {
  QueueBench b;
  b.Connect();
  b.Ask(ReadCommand(1, uint64_t{1} << 40, 512));
  b.Ask(ReadCommand(2, 0, 512));
  CHECK(b.watch.refused == std::vector<Refusal>{Refusal::kCommand});
}

TEST_CASE("before Connect every other command is refused") {
  Fresh b;
  CHECK(b.Ask(ReadCommand(1, 0, 512)).status() == Final(kNvmeInvalidOpcode));
  CHECK(b.Ask(PropertySqe(kFabricsPropertyGet, kPropertyCap, true)).status() ==
        Final(kNvmeInvalidOpcode));
}

TEST_CASE("the properties are those of Linux 6.1's nvmet as captured") {
  QueueBench b;
  b.Connect(0);
  CHECK(b.Ask(PropertySqe(kFabricsPropertyGet, kPropertyCap, true)).result == 0x000008200f0003ff);
  CHECK(b.Ask(PropertySqe(kFabricsPropertyGet, kPropertyVs, false)).result == 0x10300);
  CHECK(b.Ask(PropertySqe(kFabricsPropertyGet, kPropertyCsts, false)).result == 0);
  CHECK(b.Ask(PropertySqe(kFabricsPropertySet, kPropertyCc, false, 0x460061)).status() == 0);
  CHECK(b.Ask(PropertySqe(kFabricsPropertyGet, kPropertyCc, false)).result == 0x460061);
  CHECK(b.Ask(PropertySqe(kFabricsPropertyGet, kPropertyCsts, false)).result == 1);
  CHECK(b.Ask(PropertySqe(kFabricsPropertySet, kPropertyCc, false, 0x464061)).status() == 0);
  CHECK(b.Ask(PropertySqe(kFabricsPropertyGet, kPropertyCsts, false)).result == 8);
  CHECK(b.Ask(PropertySqe(kFabricsPropertyGet, kPropertyVs, true)).status() ==
        Final(kNvmeInvalidField));
  CHECK(b.Ask(PropertySqe(kFabricsPropertySet, kPropertyVs, false)).status() ==
        Final(kNvmeInvalidField));
}

TEST_CASE("Identify tells limits and size of the namespace") {
  TargetConfig config;
  config.namespace_size = 64 << 20;
  QueueBench b(config);
  b.Connect(0);
  const auto controller = DataOf<IdentifyControllerData>(&b, IdentifySqe(kIdentifyController, 0));
  CHECK(controller.mdts == 0);
  CHECK(controller.ioccsz == (64 + 16384) / 16);
  CHECK(controller.iorcsz == 1);
  CHECK(controller.maxcmd == 1024);
  CHECK(controller.kas == 10);
  CHECK(std::string(controller.subnqn) == "nqn.test");
  const auto ns = DataOf<IdentifyNamespaceData>(&b, IdentifySqe(kIdentifyNamespace, 1));
  CHECK(ns.nsze == (64 << 20) / 512);
  CHECK(ns.lbaf[0].lbads == 9);
}

TEST_CASE("Identify says of nvmet what Linux's says in tests/data/captures/01") {
  QueueBench b;
  b.Connect(0);
  const auto data = DataOf<IdentifyControllerData>(&b, IdentifySqe(kIdentifyController, 0));
  CHECK(data.rab == 6);
  CHECK(data.mdts == 0);
  CHECK(data.cntlid == 1);
  CHECK(data.ver == 0x10300);
  CHECK(data.ctratt == 0x41);
  CHECK(data.cntrltype == 1);
  CHECK(data.kas == 10);
  CHECK(data.sqes == 0x66);
  CHECK(data.cqes == 0x44);
  CHECK(data.maxcmd == 1024);
  CHECK(data.sgls == 0x100001);
  CHECK(data.ioccsz == 1028);
  CHECK(data.iorcsz == 1);
  CHECK((data.icdoff == 0 && data.fcatt == 0));
  CHECK(data.msdbd == 1);
  CHECK(data.nn == 1);  // Linux says how many there could be
  // NVMe: ASCII, padded with spaces, no zero.
  CHECK(std::string(data.mn, sizeof(data.mn)) == "ddpsim" + std::string(34, ' '));
  CHECK(std::string(data.fr, sizeof(data.fr)) == "1       ");
  CHECK(std::string(data.sn, sizeof(data.sn)) == "ddpsim0000000000001 ");
  TargetConfig without;
  without.in_capsule_data = 0;
  QueueBench bare(without);
  bare.Connect(0);
  const auto none = DataOf<IdentifyControllerData>(&bare, IdentifySqe(kIdentifyController, 0));
  CHECK(none.sgls == 1);
  CHECK(none.ioccsz == 4);
}

TEST_CASE("MDTS is the largest power of two of pages that does not exceed the limit") {
  for (const auto& [bytes, exponent] :
       {std::pair<int64_t, int>{4096, 0}, {8191, 0}, {8192, 1}, {131072, 5}, {1 << 20, 8}}) {
    TargetConfig config;
    config.mdts = bytes;
    QueueBench b(config);
    b.Connect(0);
    CHECK(DataOf<IdentifyControllerData>(&b, IdentifySqe(kIdentifyController, 0)).mdts == exponent);
  }
}

TEST_CASE("SPDK tells MDTS 128 KiB and 4 KiB of in-capsule data") {
  QueueBench b(TargetConfig::Of(TargetKind::kSpdk));
  b.Connect(0);
  b.Command(IdentifySqe(kIdentifyController, 0));
  b.Run();
  const auto pdus = b.Pdus();
  REQUIRE(pdus.size() == 1);  // SUCCESS
  IdentifyControllerData data;
  std::memcpy(static_cast<void*>(&data), pdus[0].data.data(), sizeof(data));
  CHECK(data.mdts == 5);
  CHECK(data.ioccsz == (64 + 4096) / 16);
}

TEST_CASE("queues are granted, keep-alive is answered, event requests are parked up to four") {
  QueueBench b;
  b.Connect(0);
  NvmeFeaturesSqe features;
  features.fid = kFeatureNumberOfQueues;
  features.dword11 = 7 | 7 << 16;
  CHECK(b.Ask(ToSqe(features)).result == (127 | 127 << 16));
  NvmeSqe keep_alive;
  keep_alive.opcode = kNvmeAdminKeepAlive;
  CHECK(b.Ask(keep_alive).status() == kNvmeSuccess);
  b.Forget();
  NvmeSqe event;
  event.opcode = kNvmeAdminAsyncEvent;
  for (int i = 0; i < 4; ++i) b.Command(event);
  b.Run();
  CHECK(b.Pdus().empty());
  CHECK(b.Ask(event).status() == Final(0x105));
}

TEST_CASE("reads and writes beyond the namespace, of other sizes, namespaces or opcodes fail") {
  TargetConfig config;
  config.namespace_size = 1 << 20;
  QueueBench b(config);
  b.Connect();
  CHECK(b.Ask(ReadCommand(1, (1 << 20) - 512, 512)).status() == kNvmeSuccess);
  CHECK(b.Ask(ReadCommand(1, (1 << 20) - 512, 1024)).status() == Final(kNvmeLbaOutOfRange));
  CHECK(b.Ask(ReadCommand(1, uint64_t{1} << 60, 512)).status() == Final(kNvmeLbaOutOfRange));
  NvmeSqe sqe = ReadCommand(1, 0, 4096);
  sqe.sgl.length = 512;
  CHECK(b.Ask(sqe).status() == Final(kNvmeSglInvalidData));
  sqe = ReadCommand(1, 0, 512);
  sqe.nsid = 2;
  CHECK(b.Ask(sqe).status() == Final(kNvmeInvalidNamespace));
  sqe = ReadCommand(1, 0, 512);
  sqe.opcode = 0x42;
  CHECK(b.Ask(sqe).status() == Final(kNvmeInvalidOpcode));
  sqe = ReadCommand(1, 0, 512);
  sqe.sgl.type = 0;
  CHECK(b.Ask(sqe).status() == kNvmeSuccess);  // nvmet: whatever is not in the capsule
  CHECK(b.parts.stats.failed_commands == 5);
  QueueBench spdk(TargetConfig::Of(TargetKind::kSpdk));
  spdk.Connect();
  CHECK(spdk.Ask(sqe).status() == Final(kNvmeSglInvalidType));
}

TEST_CASE("Flush goes to the disk and back") {
  QueueBench b;
  b.Connect();
  NvmeSqe flush;
  flush.nsid = 1;
  CHECK(b.Ask(flush).status() == kNvmeSuccess);
}

}  // namespace
}  // namespace ddpsim

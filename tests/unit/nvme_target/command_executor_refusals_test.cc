// What the target refuses of Connect, properties, Identify, features and the SQE's flags, and what
// it says about why (NVMe-oF 1.1 sections 3.3 to 3.5, NVMe 1.4 sections 4.2, 5.15, 5.21).
#include <catch2/catch.hpp>

#include "models/nvme_target/command_executor.h"
#include "queue_bench.h"

namespace ddpsim {
namespace {

constexpr NvmeStatus Final(NvmeStatus status) {
  return static_cast<NvmeStatus>(status | kNvmeDoNotRetry);
}

struct Fresh : QueueBench {
  Fresh() {
    Feed(IcReqPdu(true, true));
    Run();
  }
  NvmeCqe Connect(uint16_t qid, uint16_t sqsize, uint16_t cntlid) {
    return Ask(ConnectSqe(qid, sqsize, false), ConnectBytes(cntlid));
  }
};

NvmeFeaturesSqe Features(uint8_t fid, uint32_t dword11) {
  NvmeFeaturesSqe features;
  features.fid = fid;
  features.dword11 = dword11;
  return features;
}

}  // namespace

TEST_CASE(
    "a refused Connect says which of its parameters is bad: offset, and whether in its data") {
  constexpr uint64_t kInData = uint64_t{1} << 16;
  CHECK(Fresh().Connect(0, 31, 5).result == (kInData | 16));  // CNTLID
  CHECK(Fresh().Connect(0, 0, 0xffff).result == 44);          // SQSIZE
  CHECK(Fresh().Connect(0, 1024, 0xffff).result == 44);
  CHECK(Fresh().Connect(1, 127, 9).result == (kInData | 16));
  Fresh many;
  const uint16_t cntlid = many.parts.subsystem.Create()->cntlid();
  CHECK(many.Connect(129, 127, cntlid).result == 42);  // QID
}

TEST_CASE("Connect takes the largest queue and the last queue id, and no other record format") {
  Fresh largest;
  CHECK(largest.Connect(0, 1023, 0xffff).status() == kNvmeSuccess);
  CHECK(largest.queue.identity().size == 1024);
  Fresh last;
  const uint16_t cntlid = last.parts.subsystem.Create()->cntlid();
  CHECK(last.Connect(128, 127, cntlid).status() == kNvmeSuccess);
  CHECK(last.queue.identity().qid == 128);
  Fresh format;
  FabricsConnectSqe sqe;
  NvmeSqe plain = ConnectSqe(0, 31, false);
  std::memcpy(static_cast<void*>(&sqe), &plain, sizeof(sqe));
  sqe.recfmt = 1;
  std::memcpy(static_cast<void*>(&plain), &sqe, sizeof(plain));
  CHECK(format.Ask(plain, ConnectBytes(0xffff)).status() == Final(0x180));  // Incompatible Format
}

TEST_CASE(
    "a controller whose admin queue could not be made is gone, and its id is not used again") {
  Fresh b;
  CHECK(b.Connect(0, 0, 0xffff).status() == Final(kNvmeConnectInvalidParameter));
  CHECK(b.parts.subsystem.Find(1) == nullptr);
  CHECK(b.Connect(0, 31, 0xffff).result == 2);
  CHECK(b.parts.subsystem.Find(2) != nullptr);
  // A second Connect of a queue that has its controller is no command of it.
  CHECK(b.Connect(0, 31, 0xffff).status() == Final(kNvmeInvalidOpcode));
}

TEST_CASE("a queue id that the controller has already is a sequence error") {
  Fresh admin;
  REQUIRE(admin.Connect(0, 31, 0xffff).result == 1);
  FakeStream stream;
  TargetQueue again(1, &admin.parts, &stream, &admin.calendar);
  const Bytes ic_req = IcReqPdu(true, true);
  Bytes connects[2];
  for (Bytes& bytes : connects) {
    bytes = CommandPdu(ConnectSqe(1, 31, false), admin.framing, ConnectBytes(1));
  }
  FakeStream other_stream;
  TargetQueue other(2, &admin.parts, &other_stream, &admin.calendar);
  FakeStream* streams[] = {&stream, &other_stream};
  TargetQueue* queues[] = {&again, &other};
  NvmeStatus status[2];
  for (int i = 0; i < 2; ++i) {
    streams[i]->Arrive(ic_req.data(), static_cast<uint32_t>(ic_req.size()));
    queues[i]->QueueWork(admin.now);
    admin.Run();
    streams[i]->sent.clear();
    streams[i]->Arrive(connects[i].data(), static_cast<uint32_t>(connects[i].size()));
    queues[i]->QueueWork(admin.now);
    admin.Run();
    status[i] = WalkPdus(streams[i]->sent).back().cqe().status();
  }
  CHECK(status[0] == kNvmeSuccess);
  CHECK(status[1] == Final(0x00c));  // Command Sequence Error
}

TEST_CASE("a property is read and written at its own width only") {
  QueueBench b;
  b.Connect(0);
  const auto get = [&b](uint32_t offset, bool wide) {
    return b.Ask(PropertySqe(kFabricsPropertyGet, offset, wide)).status();
  };
  CHECK(get(kPropertyCap, true) == kNvmeSuccess);
  CHECK(get(kPropertyCap, false) == Final(kNvmeInvalidField));
  for (uint32_t offset : {kPropertyVs, kPropertyCc, kPropertyCsts}) {
    CHECK(get(offset, false) == kNvmeSuccess);
    CHECK(get(offset, true) == Final(kNvmeInvalidField));
  }
  CHECK(get(0x24, false) == Final(kNvmeInvalidField));
  CHECK(b.Ask(PropertySqe(kFabricsPropertySet, kPropertyCc, true, 1)).status() ==
        Final(kNvmeInvalidField));
  CHECK(b.Ask(PropertySqe(kFabricsPropertyGet, kPropertyCc, false)).result == 0);
  QueueBench io;
  io.Connect(1);
  CHECK(io.Ask(PropertySqe(kFabricsPropertyGet, kPropertyVs, false)).status() ==
        Final(kNvmeInvalidOpcode));
}

TEST_CASE("CSTS follows CC: ready while enabled, shut down while that is asked for") {
  QueueBench b;
  b.Connect(0);
  const auto csts_after = [&b](uint64_t cc) {
    CHECK(b.Ask(PropertySqe(kFabricsPropertySet, kPropertyCc, false, cc)).status() == 0);
    return b.Ask(PropertySqe(kFabricsPropertyGet, kPropertyCsts, false)).result;
  };
  CHECK(csts_after(0x460000) == 0);
  CHECK(csts_after(0x460001) == 1);
  CHECK(csts_after(0x460001) == 1);
  CHECK(csts_after(0x460000) == 0);
  CHECK(csts_after(0x460001) == 1);
  CHECK(csts_after(0x464001) == 8);
  CHECK(csts_after(0x464001) == 8);
  CHECK(csts_after(0x460001) == 1);  // nvmet_clear_ctrl() has zeroed CC: it is enabled anew
  CHECK(csts_after(0x464000) == 8);
  CHECK(csts_after(0x460000) == 8);  // CC was zeroed: no shutdown that would end now
  CHECK(csts_after(0x460001) == 1);
}

TEST_CASE("Identify: an inactive namespace is all zero, the broadcast id and unknown CNS are not") {
  QueueBench b;
  b.Connect(0);
  b.Command(IdentifySqe(kIdentifyNamespace, 2));
  b.Run();
  const auto pdus = b.Pdus();
  REQUIRE(pdus.size() == 2);
  CHECK(pdus[0].data == Bytes(4096, 0));
  CHECK(b.Ask(IdentifySqe(kIdentifyNamespace, 0xffffffff)).status() ==
        Final(kNvmeInvalidNamespace));
  CHECK(b.Ask(IdentifySqe(0x7f, 1)).status() == Final(kNvmeInvalidField));
}

TEST_CASE("only the number of queues is a feature, and 65535 of either kind is none") {
  QueueBench b;
  b.Connect(0);
  CHECK(b.Ask(ToSqe(Features(kFeatureNumberOfQueues, 0xfffe'fffe))).status() == kNvmeSuccess);
  for (uint32_t dword : {0xffffu, 0xffff'0000u, 0xffff'ffffu}) {
    CHECK(b.Ask(ToSqe(Features(kFeatureNumberOfQueues, dword))).status() ==
          Final(kNvmeInvalidField));
  }
  CHECK(b.Ask(ToSqe(Features(kFeatureNumberOfQueues + 1, 7))).status() == Final(kNvmeInvalidField));
}

TEST_CASE("fused commands and PRPs are refused on every queue") {
  for (uint16_t qid : {0, 1}) {
    QueueBench b({}, false, false);
    b.Connect(qid);
    const NvmeSqe sqe =
        qid == 0 ? PropertySqe(kFabricsPropertyGet, kPropertyVs, false) : ReadCommand(1, 0, 512);
    const auto status_with = [&](uint8_t flags) {
      Bytes pdu = CommandPdu(sqe, b.framing, {});
      pdu[sizeof(PduCommonHeader) + offsetof(NvmeSqe, flags)] = flags;
      b.Forget();
      b.Feed(pdu);
      b.Run();
      return b.Pdus().back().cqe().status();
    };
    for (uint8_t flags : {0x41, 0x42, 0x00, 0x80, 0xc0})
      CHECK(status_with(flags) == Final(kNvmeInvalidField));
    CHECK(status_with(0x40) == kNvmeSuccess);
  }
}

// NVME_TCP_ADMIN_CCSZ: 8 KiB; an I/O queue's limit is the one that Identify tells.
TEST_CASE("in-capsule data is bounded by 8 KiB for fabrics commands and by IOCCSZ for others") {
  NvmeSqe connect = ConnectSqe(0, 31, false);
  for (const uint32_t length : {8192u, 8193u}) {
    TargetConfig config;
    config.in_capsule_data = 4096;
    QueueBench b(config);
    b.Feed(IcReqPdu(b.framing.header_digest, b.framing.data_digest));
    b.Run();
    b.Forget();
    connect.sgl.length = length;
    b.Command(connect);
    b.Run();
    // Up to the limit its data is waited for.
    REQUIRE(b.Pdus().size() == (length == 8192 ? 0 : 1));
    if (length == 8193) CHECK(b.Pdus()[0].cqe().status() == Final(0x16));
  }
  QueueBench spdk(TargetConfig::Of(TargetKind::kSpdk));
  spdk.Connect();
  CHECK(spdk.Ask(WriteCommand(7, 0, 4096, true), spdk.ContentAt(0, 4096)).status() == 0);
  CHECK(spdk.Ask(WriteCommand(8, 0, 8192, true), spdk.ContentAt(0, 8192)).status() == Final(0x16));
}

// nvmet_tcp_map_data() looks at length and type of an SGL, the specification at its offset, too.
TEST_CASE("an offset into the capsule is nothing to nvmet and an error to SPDK") {
  for (const TargetKind kind : {TargetKind::kNvmet, TargetKind::kSpdk}) {
    QueueBench b(TargetConfig::Of(kind));
    b.Connect();
    NvmeSqe write = WriteCommand(7, 0, 4096, true);
    write.sgl.address = 512;
    CHECK(b.Ask(write, b.ContentAt(0, 4096)).status() ==
          (kind == TargetKind::kNvmet ? 0 : Final(kNvmeSglInvalidData)));
  }
}

TEST_CASE("an SGL of no bytes may be of either type, one of a byte is data") {
  for (const TargetKind kind : {TargetKind::kNvmet, TargetKind::kSpdk}) {
    for (const NvmeSglType type : {kSglDataBlockOffset, kSglTransportDataBlock}) {
      QueueBench b(TargetConfig::Of(kind));
      b.Connect();
      NvmeRwSqe flush;
      flush.opcode = kNvmeCmdFlush;
      flush.sgl.type = type;
      CHECK(b.Ask(ToSqe(flush)).status() == 0);
      flush.sgl.length = 1;
      CHECK(b.Ask(ToSqe(flush)).status() != 0);
    }
  }
}

TEST_CASE("the SQ head goes round the queue's size with every answer") {
  QueueBench b;
  b.Connect(1, false, 3);  // four entries, one taken by the Connect
  for (uint16_t head : {2, 3, 0, 1, 2}) {
    const NvmeCqe cqe = b.Ask(ReadCommand(7, 0, 512));
    CHECK(cqe.sq_head == head);
    CHECK(cqe.sq_id == 1);
    CHECK(cqe.command_id == 7);
  }
}

}  // namespace ddpsim

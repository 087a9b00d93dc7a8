#include "models/nvme_host/send_path.h"

#include <catch2/catch.hpp>

#include "tests/unit/nvme_host/fake_target.h"

namespace ddpsim {
namespace {

struct Sender {
  explicit Sender(const PduFraming& f) : send(config, boxes, &offload, &stats), ctx(cpu.Context()) {
    send.set_inline_data_size(16384);
    send.Reset(&stream, f, 8192);
    buffer = memory.Allocate(65536);
  }
  Request Make(bool write, uint32_t length, uint16_t tag) {
    Request r;
    NvmeRwSqe sqe;
    sqe.opcode = write ? kNvmeCmdWrite : kNvmeCmdRead;
    sqe.slba = 16;
    sqe.nlb = static_cast<uint16_t>(length / 512 - 1);
    r.sqe = ToSqe(sqe);
    r.tag = tag;
    r.cid = static_cast<Cid>(0x1000 | tag);
    r.write = write;
    r.addr = buffer;
    r.data = memory.At(buffer, length);
    r.data_len = length;
    send.Prepare(&r);
    return r;
  }
  FakeScheduler cpu;
  HostMemory memory{1 << 20};
  Llc llc{LlcConfig(), HostMemory::kBase, Rng(1, "llc")};
  SkbPool skbs;
  FakeStream stream{&skbs};
  QueueConfig config;
  HostBoxes boxes{&memory, &llc};
  HostQueueStats stats;
  DdpOffload offload{config, boxes, &stats};
  SendPath send;
  ExecContext ctx;
  PhysAddr buffer;
};

TEST_CASE("send_path: the capsule of a read has the bytes that Linux 6.1 was captured sending") {
  // Header digest on, CID 0x0061, 4 KiB at block 0.
  const std::vector<uint8_t> captured = {
      0x04, 0x01, 0x48, 0x00, 0x4c, 0x00, 0x00, 0x00, 0x02, 0x40, 0x61, 0x00, 0x01,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x5a, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x00, 0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xa5, 0x74, 0x5b, 0x22,
  };
  PduFraming both;
  both.header_digest = both.data_digest = true;
  Sender s(both);
  Request r = s.Make(false, 4096, 1);
  r.cid = 0x61;
  r.sqe.cdw10 = 0;
  s.send.Prepare(&r);
  s.send.Add(&r);
  CHECK(s.send.TrySend(s.ctx));
  CHECK(s.stream.sent == captured);
}

TEST_CASE("send_path: a capsule with more behind it has MSG_MORE, the last one ends the record") {
  Sender s({});
  Request a = s.Make(false, 4096, 1), b = s.Make(false, 4096, 2);
  s.send.Add(&a);
  s.send.Add(&b);
  while (s.send.TrySend(s.ctx)) {
  }
  REQUIRE(s.stream.parts.size() == 2);
  CHECK(s.stream.parts[0].more);
  CHECK_FALSE(s.stream.parts[1].more);
  CHECK(s.stream.parts[1].end_of_record);
}

TEST_CASE("send_path: in-capsule data goes page by page, and its digest follows") {
  PduFraming framing;
  framing.data_digest = true;
  Sender s(framing);
  Request r = s.Make(true, 8192, 3);
  s.send.Add(&r);
  while (s.send.TrySend(s.ctx)) {
  }
  REQUIRE(s.stream.parts.size() == 4);
  CHECK(LoadLe32(&s.stream.sent[4]) == 72 + 8192 + 4);
  CHECK(s.stream.sent[8 + 24 + 15] == 0x01);  // offset SGL
  CHECK(s.stream.parts[2].more);
  CHECK(s.stream.parts[3].end_of_record);
  CHECK(LoadLe32(s.stream.parts[3].bytes.data()) == Crc32c(0, ByteSpan(r.data, 8192)));
  CHECK(s.send.idle());
}

TEST_CASE("send_path: an R2T ahead of what was sent gets the data that is next, as Linux has it") {
  Sender s({});
  Request r = s.Make(true, 32768, 3);
  REQUIRE(SendPath::CheckR2T(r, {r.cid, 1, 4096, 8192}).ok());
  s.send.OnR2T(&r, {r.cid, 1, 4096, 8192});
  while (s.send.TrySend(s.ctx)) {
  }
  REQUIRE(s.stream.sent.size() == 24 + 8192);
  CHECK(LoadLe32(&s.stream.sent[12]) == 4096);
  CHECK(std::equal(r.data, r.data + 8192, s.stream.sent.begin() + 24));
  CHECK(r.data_sent == 8192);
}

TEST_CASE("send_path: an R2T is answered in PDUs of MAXH2CDATA, LAST on the last") {
  Sender s({});
  Request r = s.Make(true, 20480, 3);
  s.send.OnR2T(&r, {r.cid, 9, 0, 20480});
  while (s.send.TrySend(s.ctx)) {
  }
  CHECK(s.stats.h2c_data == 3);
  size_t at = 0;
  for (const uint32_t datal : {8192u, 8192u, 4096u}) {
    REQUIRE(s.stream.sent[at] == 6);
    CHECK(LoadLe32(&s.stream.sent[at + 16]) == datal);
    CHECK(LoadLe32(&s.stream.sent[at + 12]) == (at == 0 ? 0u : at == 24 + 8192 ? 8192u : 16384u));
    CHECK(((s.stream.sent[at + 1] & kPduLast) != 0) == (datal == 4096));
    at += 24 + datal;
  }
  CHECK(at == s.stream.sent.size());
}

TEST_CASE("send_path: each R2T of a command is answered from where it asks") {
  Sender s({});
  Request r = s.Make(true, 20480, 3);
  for (const uint32_t from : {0u, 8192u, 16384u}) {
    const uint32_t length = std::min(8192u, 20480 - from);
    s.stream.sent.clear();
    CHECK(SendPath::CheckR2T(r, {r.cid, 9, from, length}).ok());
    s.send.OnR2T(&r, {r.cid, 9, from, length});
    while (s.send.TrySend(s.ctx)) {
    }
    REQUIRE(s.stream.sent.size() == 24 + length);
    CHECK(LoadLe16(&s.stream.sent[10]) == 9);  // TTAG
    CHECK(LoadLe32(&s.stream.sent[12]) == from);
    CHECK(std::equal(r.data + from, r.data + from + length, s.stream.sent.begin() + 24));
  }
}

TEST_CASE("send_path: commands that are queued again, in another order, are sent once more each") {
  Sender s({});
  Request a = s.Make(true, 20480, 3), b = s.Make(true, 20480, 4);
  const auto send = [&s] {
    int pdus = 0;
    while (pdus < 10 && s.send.TrySend(s.ctx)) ++pdus;
    return pdus;
  };
  s.send.OnR2T(&a, {a.cid, 1, 0, 8192});
  s.send.OnR2T(&b, {b.cid, 2, 0, 8192});
  CHECK(send() == 2);
  s.send.OnR2T(&b, {b.cid, 2, 8192, 8192});
  s.send.OnR2T(&a, {a.cid, 1, 8192, 8192});
  CHECK(send() == 2);
  CHECK(s.stream.sent.size() == 4 * (24 + 8192));
  CHECK(s.send.idle());
}

TEST_CASE("send_path: a request is being sent from when it is queued until TCP has all of it") {
  Sender s({});
  Request r = s.Make(false, 4096, 1);
  CHECK_FALSE(s.send.Sending(&r));
  s.send.Add(&r);
  CHECK(s.send.Sending(&r));
  s.stream.room = 10;
  CHECK_FALSE(s.send.TrySend(s.ctx));
  CHECK(s.send.Sending(&r));
  s.stream.room = FakeStream::kUnlimited;
  while (s.send.TrySend(s.ctx)) {
  }
  CHECK_FALSE(s.send.Sending(&r));
}

}  // namespace
}  // namespace ddpsim

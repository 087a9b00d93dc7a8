#include "models/nvme_target/target_queue.h"

#include <catch2/catch.hpp>

#include "queue_bench.h"

namespace ddpsim {
namespace {

TEST_CASE("ICReq is answered with the digests asked for, CPDA 0 and MAXH2CDATA 4 MiB") {
  for (int digests = 0; digests < 4; ++digests) {
    QueueBench b({}, (digests & 1) != 0, (digests & 2) != 0);
    b.Feed(IcReqPdu((digests & 1) != 0, (digests & 2) != 0));
    b.Run();
    IcRespRepr resp;
    REQUIRE(b.stream.sent.size() == 128);
    REQUIRE(ParseIcResp(ByteSpan(b.stream.sent), &resp).ok());
    CHECK(resp.header_digest == ((digests & 1) != 0));
    CHECK(resp.data_digest == ((digests & 2) != 0));
    CHECK(resp.cpda == 0);
    CHECK(resp.maxh2cdata == 0x400000);
  }
}

TEST_CASE("a read is one C2HData with LAST and a response of its own") {
  QueueBench b;
  b.Connect();
  b.Command(ReadCommand(0x1005, 1 << 20, 32768));
  b.Run();
  const auto pdus = b.Pdus();
  REQUIRE(pdus.size() == 2);
  REQUIRE(pdus[0].type == PduType::kC2HData);
  CHECK(pdus[0].last());
  CHECK_FALSE(pdus[0].success());
  CHECK(pdus[0].data_header().cccid == 0x1005);
  CHECK(pdus[0].data == b.ContentAt(1 << 20, 32768));
  CHECK(pdus[0].digest == SlowCrc32c(pdus[0].data));
  REQUIRE(pdus[1].type == PduType::kCapsuleResp);
  CHECK(pdus[1].cqe().status() == kNvmeSuccess);
  CHECK(pdus[1].cqe().command_id == 0x1005);
  CHECK(pdus[1].cqe().sq_head == 2);  // Connect was the first
  CHECK(b.parts.stats.reads == 1);
  CHECK(b.parts.stats.read_bytes == 32768);
}

TEST_CASE("without SQ flow control the C2HData says SUCCESS and no response follows") {
  QueueBench b;
  b.Connect(1, true);
  b.Command(ReadCommand(5, 0, 4096));
  b.Run();
  const auto pdus = b.Pdus();
  REQUIRE(pdus.size() == 1);
  CHECK(pdus[0].last());
  CHECK(pdus[0].success());
}

TEST_CASE("c2h_chunk cuts a read in PDUs, each with its offset and digest, LAST on the last") {
  TargetConfig config;
  config.c2h_chunk = 12288;
  QueueBench b(config);
  b.Connect(1, true);
  b.Command(ReadCommand(5, 8192, 32768));
  b.Run();
  const auto pdus = b.Pdus();
  REQUIRE(pdus.size() == 3);
  uint32_t at = 0;
  for (size_t i = 0; i < 3; ++i) {
    CHECK(pdus[i].data_header().datao == at);
    CHECK(pdus[i].data == b.ContentAt(8192 + at, i < 2 ? 12288 : 8192));
    CHECK(pdus[i].digest == SlowCrc32c(pdus[i].data));
    CHECK(pdus[i].last() == (i == 2));
    CHECK(pdus[i].success() == (i == 2));
    at += 12288;
  }
}

TEST_CASE("a write in the capsule is judged and answered") {
  QueueBench b;
  b.Connect();
  CHECK(b.Ask(WriteCommand(7, 4096, 16384, true), b.ContentAt(4096, 16384)).status() == 0);
  CHECK(b.parts.stats.writes == 1);
  CHECK(b.parts.stats.wrong_writes == 0);
  Bytes wrong = b.ContentAt(4096, 16384);
  wrong[5000] ^= 1;
  wrong[16383] ^= 0x80;
  CHECK(b.Ask(WriteCommand(8, 4096, 16384, true), wrong).status() == 0);
  CHECK(b.parts.stats.wrong_writes == 1);
  CHECK(b.parts.stats.wrong_bytes == 2);
  REQUIRE(b.watch.stored.size() == 2);
  CHECK(b.watch.stored[0].bytes == 16384);
  CHECK(b.watch.stored[0].wrong_bytes == 0);
  CHECK(b.watch.stored[1].offset == 4096);
  CHECK(b.watch.stored[1].wrong_bytes == 2);
  CHECK(b.watch.stored[1].first_wrong == 4096 + 5000);
}

TEST_CASE("SPDK: in-capsule data beyond the limit is refused, and the stream goes on behind it") {
  QueueBench b(TargetConfig::Of(TargetKind::kSpdk));
  b.Connect();
  const NvmeStatus status =
      b.Ask(WriteCommand(7, 0, 16384 + 512, true), b.ContentAt(0, 16384 + 512)).status();
  CHECK(status == (0x16 | kNvmeDoNotRetry));
  b.Ask(WriteCommand(8, 0, 512, true), b.ContentAt(0, 512));
  CHECK(b.parts.stats.writes == 1);
  CHECK(b.parts.stats.refused[static_cast<size_t>(Refusal::kCommand)] == 1);
}

TEST_CASE("nvmet: in-capsule data beyond the limit is not waited for: it is taken for a PDU") {
  QueueBench b;
  b.Connect();
  b.Command(WriteCommand(7, 0, 16384 + 512, true), b.ContentAt(0, 16384 + 512));
  b.Run();
  CHECK(b.queue.dead());
  CHECK(b.parts.stats.refused[static_cast<size_t>(Refusal::kCommand)] == 1);
  CHECK(b.parts.stats.refused[static_cast<size_t>(Refusal::kHeader)] == 1);
  CHECK(b.watch.stored.empty());
}

TEST_CASE("what an R2T asked for is told with the data that answers it, then what is stored") {
  QueueBench b;
  b.Connect();
  b.Command(WriteCommand(3, 65536, 65536, false));
  b.Run();
  CHECK(b.watch.r2ts == std::vector<std::pair<uint32_t, uint32_t>>{{0, 65536}});
  const uint16_t ttag = b.Pdus().at(0).r2t().ttag;
  b.Feed(H2CDataPdu({3, ttag, 0, 40960, false}, b.framing, b.ContentAt(65536, 40960)));
  b.Run();
  CHECK(b.watch.stored.empty());
  b.Feed(H2CDataPdu({3, ttag, 40960, 24576, true}, b.framing, b.ContentAt(65536 + 40960, 24576)));
  b.Run();
  const std::vector<std::pair<uint32_t, uint32_t>> pieces = {{0, 40960}, {40960, 24576}};
  CHECK(b.watch.data == pieces);
  REQUIRE(b.watch.stored.size() == 1);
  CHECK(b.watch.stored[0].offset == 65536);
  CHECK(b.watch.stored[0].bytes == 65536);
  CHECK(b.watch.stored[0].wrong_bytes == 0);
}

TEST_CASE("a write in hand when its connection dies is counted as aborted and not stored") {
  QueueBench b;
  b.Connect();
  b.Command(WriteCommand(3, 65536, 65536, false));
  b.Command(ReadCommand(4, 0, 512));
  b.Run();
  b.queue.OnClosed(b.now);
  CHECK(b.parts.stats.refused[static_cast<size_t>(Refusal::kAborted)] == 1);
  CHECK(b.watch.stored.empty());
}

TEST_CASE("a larger write is asked for by one R2T and may come in several H2CData") {
  QueueBench b;
  b.Connect();
  b.Command(WriteCommand(0x2003, 65536, 65536, false));
  b.Run();
  auto pdus = b.Pdus();
  REQUIRE(pdus.size() == 1);
  REQUIRE(pdus[0].type == PduType::kR2T);
  const R2TLayout r2t = pdus[0].r2t();
  CHECK(r2t.cccid == 0x2003);
  CHECK(r2t.r2to == 0);
  CHECK(r2t.r2tl == 65536);
  b.Forget();
  b.Feed(H2CDataPdu({0x2003, r2t.ttag, 0, 40960, false}, b.framing, b.ContentAt(65536, 40960)),
         777);
  b.Run();
  CHECK(b.Pdus().empty());
  b.Feed(H2CDataPdu({0x2003, r2t.ttag, 40960, 24576, true}, b.framing,
                    b.ContentAt(65536 + 40960, 24576)));
  b.Run();
  pdus = b.Pdus();
  REQUIRE(pdus.size() == 1);
  CHECK(pdus[0].cqe().status() == kNvmeSuccess);
  CHECK(pdus[0].cqe().command_id == 0x2003);
  CHECK(b.parts.stats.written_bytes == 65536);
  CHECK(b.parts.stats.wrong_writes == 0);
}

TEST_CASE("completions leave in the order of the disk, with their own data") {
  TargetConfig config;
  config.latency.shape = LatencyShape::kUniform;
  config.latency.min = 1;
  config.latency.max = 500;
  QueueBench b(config);
  b.Connect(1, true);
  for (uint16_t cid = 0; cid < 32; ++cid) b.Command(ReadCommand(cid, cid * 65536, 4096));
  b.Run();
  const auto pdus = b.Pdus();
  REQUIRE(pdus.size() == 32);
  bool reordered = false;
  for (size_t i = 0; i < pdus.size(); ++i) {
    const uint16_t cid = pdus[i].data_header().cccid;
    reordered |= cid != i;
    CHECK(pdus[i].data == b.ContentAt(cid * 65536, 4096));
  }
  CHECK(reordered);
}

TEST_CASE("a full send buffer stops the worker, room lets it go on in mid-piece") {
  QueueBench b;
  b.Connect();
  b.stream.space = 5000;
  b.Command(ReadCommand(3, 0, 16384));
  b.Run();
  CHECK(b.stream.sent.size() == 5000);
  for (int i = 0; i < 200; ++i) {
    b.stream.space += 137;
    b.queue.QueueWork(b.now);
    b.Run();
  }
  const auto pdus = b.Pdus();
  REQUIRE(pdus.size() == 2);
  CHECK(pdus[0].data == b.ContentAt(0, 16384));
  CHECK(pdus[0].digest == SlowCrc32c(pdus[0].data));
}

TEST_CASE("more commands at once than a turn's budget are all served") {
  QueueBench b;
  b.Connect();
  for (uint16_t cid = 0; cid < 128; ++cid) b.Command(ReadCommand(cid, cid * 512, 512));
  b.Run();
  CHECK(b.Pdus().size() == 256);
  CHECK(b.parts.stats.reads == 128);
  CHECK(b.stream.queue.empty());
}

TEST_CASE("the worker takes its time: wake-up, then each operation") {
  TargetConfig config;
  config.latency.mean = 0;
  QueueBench b(config, false, false);
  b.Connect(1, true);
  const SimTime start = b.now;
  b.Command(ReadCommand(1, 0, 8192));
  b.Command(ReadCommand(2, 0, 8192));
  b.Run();
  // 1000 to wake up; two commands received, 500 each; the disk is done at once, so the first read
  // leaves at 2000; its header costs 500 and two pages 50 each.
  REQUIRE(b.stream.writes.size() == 4);
  CHECK(b.stream.writes[0].at == start + 2000_ns);
  CHECK(b.stream.writes[1].at == start + 2000_ns);
  CHECK(b.stream.writes[2].at == start + 2600_ns);
}

TEST_CASE("each read costs its own pages, and none of the reads before it") {
  TargetConfig config;
  config.latency.mean = 0;
  QueueBench b(config, false, false);
  b.Connect(1, true);
  for (uint16_t cid = 1; cid <= 4; ++cid) b.Command(ReadCommand(cid, 0, 8192));
  b.Run();
  REQUIRE(b.stream.writes.size() == 8);
  for (size_t i = 2; i < 6; i += 2)
    CHECK(b.stream.writes[i + 2].at - b.stream.writes[i].at == 600_ns);
}

TEST_CASE("a page of which one byte was left costs as one page") {
  TargetConfig config;
  config.latency.mean = 0;
  config.pace = {0, 0, 0, 0};
  config.pace.page_ns = 1000;
  QueueBench b(config, false, false);
  b.Connect(1, true);
  b.stream.space = 24 + 4095;
  b.Command(ReadCommand(1, 0, 4096));
  b.Command(ReadCommand(2, 0, 512));
  b.Run();
  REQUIRE(b.stream.space == 0);
  b.Forget();
  b.stream.space = 1 << 20;
  b.queue.QueueWork(b.now);
  b.Run();
  REQUIRE(b.stream.writes.size() == 3);
  CHECK(b.stream.writes[0].size == 1);
  CHECK(b.stream.writes[1].at - b.stream.writes[0].at == 1000_ns);
}

TEST_CASE("SPDK: a batch takes the time of all its PDUs") {
  TargetConfig config = TargetConfig::Of(TargetKind::kSpdk);
  config.latency.mean = 0;
  config.pace = {0, 0, 0, 0};
  config.pace.send_ns = 1000;
  QueueBench b(config, false, false);
  b.Connect();
  for (uint16_t cid = 0; cid < 22; ++cid)
    b.Command(ReadCommand(cid, 0, 512));  // one beyond a batch
  b.Run();
  REQUIRE(b.Pdus().size() == 22);
  CHECK(b.stream.writes.back().at - b.stream.writes.front().at == 21'000_ns);
}

// NVMET_TCP_IO_WORK_BUDGET: then the work is queued again, behind what waits for its core.
TEST_CASE("nvmet: a worker yields after 64 operations") {
  struct Other final : Wakeable {
    Other(QueueBench* b) : bench(b), timer(&b->calendar, this) {}
    void OnDeadline(SimTime) override {
      seen = bench->parts.stats.pdus_received[static_cast<size_t>(PduType::kCapsuleCmd)];
    }
    QueueBench* bench;
    Deadline timer;
    int64_t seen = 0;
  };
  TargetConfig config;
  config.pace = {0, 0, 0, 0};
  QueueBench b(config);
  b.Connect();
  const int64_t before = b.parts.stats.pdus_received[static_cast<size_t>(PduType::kCapsuleCmd)];
  for (uint16_t cid = 0; cid < 128; ++cid) b.Command(ReadCommand(cid, 0, 512));
  Other other(&b);
  other.timer.Arm(b.now);
  b.Run();
  CHECK(b.parts.stats.reads == 128);
  CHECK(other.seen > before);
  CHECK(other.seen <= before + 64);
}

TEST_CASE("where a write went wrong first is told, not where last") {
  QueueBench b;
  b.Connect();
  b.Command(WriteCommand(3, 65536, 65536, false));
  b.Run();
  const uint16_t ttag = b.Pdus().at(0).r2t().ttag;
  for (const uint32_t at : {0u, 32768u}) {
    Bytes wrong = b.ContentAt(65536 + at, 32768);
    wrong[700] ^= 1;
    b.Feed(H2CDataPdu({3, ttag, at, 32768, at != 0}, b.framing, wrong));
    b.Run();
  }
  REQUIRE(b.watch.stored.size() == 1);
  CHECK(b.watch.stored[0].wrong_bytes == 2);
  CHECK(b.watch.stored[0].first_wrong == 65536 + 700);
}

TEST_CASE("a write that is on the disk is not aborted when its connection dies unanswered") {
  TargetConfig config;
  config.latency.mean = 1000;
  QueueBench b(config);
  b.Connect();
  b.Command(WriteCommand(3, 0, 4096, true), b.ContentAt(0, 4096));
  b.RunUntil(b.now + 100_us);
  REQUIRE(b.watch.stored.size() == 1);
  b.queue.OnClosed(b.now);
  CHECK(b.parts.stats.refused[static_cast<size_t>(Refusal::kAborted)] == 0);
}

TEST_CASE("what the host had asked to read is no aborted write when its connection dies") {
  QueueBench b;
  b.Connect(0);
  b.stream.space = 0;
  b.Command(IdentifySqe(kIdentifyController, 0));
  b.Run();
  b.queue.OnClosed(b.now);
  CHECK(b.parts.stats.refused[static_cast<size_t>(Refusal::kAborted)] == 0);
}

TEST_CASE("a queue that is gone wakes for nothing") {
  QueueBench b;
  b.Connect();
  b.queue.OnClosed(b.now);
  b.Command(ReadCommand(4, 0, 512));
  SimTime at;
  CHECK(b.calendar.PopDue(SimTime::Sec(1000), &at) == nullptr);
}

TEST_CASE("memory comes back: no buffer stays behind when all is sent and let go") {
  QueueBench b;
  b.Connect();
  for (int round = 0; round < 3; ++round) {
    for (uint16_t cid = 0; cid < 64; ++cid) b.Command(ReadCommand(cid, cid * 4096, 4096));
    b.Run();
    CHECK(b.parts.data.live() == 0);
  }
}

}  // namespace
}  // namespace ddpsim

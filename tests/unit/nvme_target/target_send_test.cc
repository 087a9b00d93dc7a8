#include "models/nvme_target/target_send.h"

#include <catch2/catch.hpp>
#include <string>

#include "queue_bench.h"

namespace ddpsim {
namespace {

// "28m 4096m 4e": sizes of the writes, m for MSG_MORE, e for MSG_EOR.
std::string Writes(const QueueBench& b) {
  std::string text;
  for (const FakeStream::Write& w : b.stream.writes) {
    text += (text.empty() ? "" : " ") + std::to_string(w.size) + (w.more ? "m" : "") +
            (w.eor ? "e" : "");
  }
  return text;
}

TEST_CASE("nvmet: header and data with MSG_MORE, the digest ends a record, the response does not") {
  QueueBench b;
  b.Connect();
  b.Command(ReadCommand(1, 0, 12288));
  b.Run();
  CHECK(Writes(b) == "28m 12288m 4e 28");
}

TEST_CASE("nvmet without digests: the data has MSG_MORE as the response follows") {
  QueueBench b({}, false, false);
  b.Connect();
  b.Command(ReadCommand(1, 0, 8192));
  b.Run();
  CHECK(Writes(b) == "24m 8192m 24");
}

TEST_CASE("nvmet without a response: the data ends it, without MSG_EOR") {
  QueueBench b({}, false, false);
  b.Connect(1, true);
  b.Command(ReadCommand(1, 0, 8192));
  b.Run();
  CHECK(Writes(b) == "24m 8192");
}

TEST_CASE("nvmet: a batch is joined by MSG_MORE, its last PDU ends the record") {
  TargetConfig config;
  config.pace.recv_ns = 0;  // all complete at the same time
  QueueBench b(config);
  b.Connect();
  for (uint16_t cid = 1; cid <= 3; ++cid) b.Command(ReadCommand(cid, 0, 4096));
  b.Run();
  CHECK(Writes(b) == "28m 4096m 4m 28m 28m 4096m 4m 28m 28m 4096m 4e 28");
}

TEST_CASE("nvmet: the last of eight sends ends the record although more are waiting") {
  TargetConfig config;
  config.pace.recv_ns = 0;
  QueueBench b(config, false, false);
  b.Connect(1, true);
  for (uint16_t cid = 0; cid < 10; ++cid) b.Command(ReadCommand(cid, 0, 4096));
  b.Run();
  int n = 0;
  for (const FakeStream::Write& w : b.stream.writes) {
    if (w.size == 4096) CHECK(w.more == (++n != 8 && n != 10));
  }
  CHECK(n == 10);
}

TEST_CASE("nvmet: what completes during a batch is not part of it") {
  TargetConfig config;
  config.latency.mean = 0;
  QueueBench b(config, false, false);
  b.Connect(1, true);
  b.Command(ReadCommand(1, 0, 4096));
  b.RunUntil(b.now + 1600_ns);  // the first is on its way to TCP
  b.Command(ReadCommand(2, 0, 4096));
  b.Run();
  CHECK(Writes(b) == "24m 4096 24m 4096");
}

TEST_CASE("an R2T goes at once") {
  QueueBench b;
  b.Connect();
  b.Command(WriteCommand(1, 0, 32768, false));
  b.Run();
  CHECK(Writes(b) == "28");
}

TEST_CASE("SPDK: header and data in one gather, a batch in one write, SUCCESS always") {
  QueueBench b(TargetConfig::Of(TargetKind::kSpdk));
  b.Connect();
  b.Command(ReadCommand(1, 0, 131072));
  b.Command(ReadCommand(2, 0, 8192));
  b.Run();
  CHECK(Writes(b) == "28m 131072m 4m 28m 8192m 4");
  for (const Pdu& pdu : b.Pdus()) CHECK(pdu.success());
  CHECK(b.Pdus().size() == 2);
  for (const FakeStream::Write& w : b.stream.writes) CHECK(w.at == b.stream.writes[0].at);
}

TEST_CASE("SPDK: a host that wants aligned data gets padding in front of it") {
  QueueBench b(TargetConfig::Of(TargetKind::kSpdk));
  b.Feed(IcReqPdu(true, true, 15));
  const uint16_t cntlid = b.parts.subsystem.Create()->cntlid();
  PduFraming to_target{true, true, 15};
  b.Feed(CommandPdu(ConnectSqe(1, 127, false), to_target, ConnectBytes(cntlid)));
  b.Run();
  b.Forget();
  b.Feed(CommandPdu(ReadCommand(1, 4096, 4096), to_target));
  b.Run();
  const auto pdus = b.Pdus();
  REQUIRE(pdus.size() == 1);
  CHECK(pdus[0].bytes[3] == 64);  // PDO
  CHECK(pdus[0].data == b.ContentAt(4096, 4096));
}

TEST_CASE("every digest on the wire is the CRC32C of what it covers") {
  QueueBench b({}, true, true, ContentKind::kFakeHeaders);
  b.Connect();
  for (uint16_t cid = 0; cid < 20; ++cid) b.Command(ReadCommand(cid, cid * 512, 512 + cid * 512));
  b.Run();
  int digests = 0;
  for (const Pdu& pdu : b.Pdus()) {  // which checks header digests
    if (pdu.data.empty()) continue;
    CHECK(pdu.digest == SlowCrc32c(pdu.data));
    ++digests;
  }
  CHECK(digests == 20);
}

}  // namespace
}  // namespace ddpsim

#include "models/nvme_target/target_receive.h"

#include <catch2/catch.hpp>

#include "queue_bench.h"

namespace ddpsim {
namespace {

TargetConfig Spdk() { return TargetConfig::Of(TargetKind::kSpdk); }

// The TermReq that ends what the target sent.
PduError Term(const QueueBench& b) {
  const auto pdus = b.Pdus();
  REQUIRE_FALSE(pdus.empty());
  REQUIRE(pdus.back().type == PduType::kC2HTermReq);
  TermReqRepr term;
  REQUIRE(ParseTermReq(ByteSpan(pdus.back().bytes), &term).ok());
  return term.error;
}

TEST_CASE("PDUs cut in skbs of any size are the same PDUs") {
  for (uint32_t cut : {1u, 2u, 7u, 71u, 72u, 100u, 1448u}) {
    QueueBench b;
    b.Connect();
    b.Feed(CommandPdu(ReadCommand(1, 512, 1024), b.framing), cut);
    b.Feed(CommandPdu(WriteCommand(2, 4096, 8192, true), b.framing, b.ContentAt(4096, 8192)), cut);
    b.Run();
    CHECK(b.parts.stats.reads == 1);
    CHECK(b.parts.stats.writes == 1);
    CHECK(b.parts.stats.wrong_writes == 0);
    CHECK(b.parts.stats.data_digest_errors == 0);
  }
}

TEST_CASE("several PDUs in one skb are taken one by one") {
  QueueBench b;
  b.Connect();
  Bytes all;
  for (uint16_t cid = 0; cid < 20; ++cid)
    Append(&all, CommandPdu(ReadCommand(cid, cid * 512, 512), b.framing));
  b.Feed(all, 9000);
  b.Run();
  CHECK(b.parts.stats.reads == 20);
}

TEST_CASE("nvmet: a bad header digest closes all queues of the controller, without a TermReq") {
  QueueBench b;
  b.Connect();
  Bytes pdu = CommandPdu(ReadCommand(1, 0, 512), b.framing);
  pdu[72] ^= 1;
  b.Feed(pdu);
  b.Run();
  CHECK(b.stream.sent.empty());
  CHECK(b.stream.shut_down);
  CHECK(b.queue.dead());
  CHECK(b.parts.stats.header_digest_errors == 1);
  CHECK(b.parts.stats.fatal_errors == 1);
  CHECK(b.parts.subsystem.Find(1) == nullptr);
}

TEST_CASE("nvmet: a bad data digest is fatal, too, and nothing was written") {
  QueueBench b;
  b.Connect();
  Bytes pdu = CommandPdu(WriteCommand(1, 0, 4096, true), b.framing, b.ContentAt(0, 4096));
  pdu[200] ^= 1;
  b.Feed(pdu);
  b.Run();
  CHECK(b.queue.dead());
  CHECK(b.parts.stats.data_digest_errors == 1);
  CHECK(b.parts.stats.writes == 0);
  CHECK(b.parts.stats.wrong_writes == 0);
}

TEST_CASE("SPDK: a bad data digest fails the command, the connection goes on") {
  QueueBench b(Spdk());
  b.Connect();
  Bytes pdu = CommandPdu(WriteCommand(1, 0, 4096, true), b.framing, b.ContentAt(0, 4096));
  pdu[200] ^= 1;
  b.Feed(pdu);
  b.Run();
  auto pdus = b.Pdus();
  REQUIRE(pdus.size() == 1);
  CHECK(pdus[0].cqe().status() == kNvmeTransientTransportError);
  b.Forget();
  b.Command(ReadCommand(2, 0, 512));
  b.Run();
  CHECK(b.Pdus().size() == 1);
}

TEST_CASE("SPDK: a bad header digest is answered by a TermReq that names the digest") {
  QueueBench b(Spdk());
  b.Connect();
  Bytes pdu = CommandPdu(ReadCommand(1, 0, 512), b.framing);
  pdu[72] ^= 1;
  b.Feed(pdu);
  b.Run();
  CHECK(Term(b) == PduError{FatalErrorStatus::kHeaderDigestError, LoadLe32(&pdu[72])});
  CHECK_FALSE(b.stream.shut_down);
}

TEST_CASE("what comes before ICReq, or a second ICReq, is out of sequence") {
  QueueBench early(Spdk(), false, false);
  early.Command(ReadCommand(1, 0, 512));
  early.Run();
  CHECK(Term(early).fes == FatalErrorStatus::kPduSequenceError);
  QueueBench twice(Spdk(), false, false);
  twice.Feed(IcReqPdu(false, false));
  twice.Feed(IcReqPdu(false, false));
  twice.Run();
  CHECK(Term(twice).fes == FatalErrorStatus::kPduSequenceError);
}

TEST_CASE("a PDU type that no host may send names the type field") {
  QueueBench b(Spdk());
  b.Connect();
  Bytes pdu = CommandPdu(ReadCommand(1, 0, 512), b.framing);
  pdu[0] = static_cast<uint8_t>(PduType::kC2HData);
  b.Feed(pdu);
  b.Run();
  CHECK(Term(b) == PduError{FatalErrorStatus::kInvalidHeaderField, 0});
}

TEST_CASE("H2CData must answer an R2T: right tag, right command, right place, not too much") {
  struct Case {
    uint16_t cid, tag_offset;
    uint32_t datao, datal;
    FatalErrorStatus fes;
  };
  const Case cases[] = {{1, 100, 0, 8192, FatalErrorStatus::kInvalidHeaderField},
                        {2, 0, 0, 8192, FatalErrorStatus::kInvalidHeaderField},
                        {1, 0, 512, 8192, FatalErrorStatus::kDataOutOfRange},
                        {1, 0, 0, 65536 + 512, FatalErrorStatus::kDataOutOfRange},
                        {1, 0, 0, 262144, FatalErrorStatus::kLimitExceeded}};
  for (const Case& c : cases) {
    QueueBench b(Spdk());
    b.Connect();
    b.Command(WriteCommand(1, 0, 65536, false));
    b.Run();
    const uint16_t ttag = static_cast<uint16_t>(b.Pdus().at(0).r2t().ttag + c.tag_offset);
    b.Forget();
    b.Feed(H2CDataPdu({c.cid, ttag, c.datao, c.datal, true}, b.framing, Bytes(c.datal)));
    b.Run();
    CHECK(Term(b).fes == c.fes);
  }
}

TEST_CASE("nvmet refuses a host that wants aligned data") {
  QueueBench b;
  b.Feed(IcReqPdu(true, true, 3));
  b.Run();
  CHECK(b.stream.shut_down);
  CHECK(b.stream.sent.empty());
}

}  // namespace
}  // namespace ddpsim

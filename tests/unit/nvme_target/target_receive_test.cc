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

TEST_CASE("a PDU that comes in two turns of the worker is one PDU, and all that was read is told") {
  const Bytes pdu = CommandPdu(ReadCommand(1, 512, 1024), PduFraming{true, true, 0});
  for (size_t cut = 1; cut < pdu.size(); ++cut) {
    QueueBench b;
    b.Connect();
    b.stream.read = 0;
    b.Feed(Bytes(pdu.begin(), pdu.begin() + static_cast<long>(cut)));
    b.Run();
    b.Feed(Bytes(pdu.begin() + static_cast<long>(cut), pdu.end()));
    b.Run();
    CHECK(b.parts.stats.reads == 1);
    CHECK(b.stream.read == pdu.size());  // else TCP's window would not open again
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

TEST_CASE("nvmet believes the TTAG: a wrong CCCID brings another command's data to its place") {
  QueueBench b;
  b.Connect();
  b.Command(WriteCommand(1, 0, 65536, false));
  b.Run();
  const uint16_t ttag = b.Pdus().at(0).r2t().ttag;
  b.Feed(H2CDataPdu({2, ttag, 0, 65536, true}, b.framing, b.ContentAt(1 << 20, 65536)));
  b.Run();
  CHECK_FALSE(b.queue.dead());
  REQUIRE(b.watch.stored.size() == 1);
  CHECK(b.watch.stored[0].wrong_bytes > 65000);
}

TEST_CASE("nvmet: H2CData without R2T, of no bytes or beyond the command closes the queues") {
  struct Case {
    uint16_t ttag;
    uint32_t datao, datal;
  };
  // The first command has been asked for its data by tag 1 (Connect had tag 0xffff), the second
  // never.
  for (const Case& c : {Case{77, 0, 512}, Case{300, 0, 512}, Case{0, 512, 512}, Case{0, 0, 0},
                        Case{0, 0, 65536 + 512}, Case{0, 0xffff'fe00, 512}}) {
    QueueBench b;
    b.Connect();
    b.Command(WriteCommand(1, 0, 65536, false));
    b.Run();
    const auto ttag = static_cast<uint16_t>(b.Pdus().at(0).r2t().ttag + c.ttag);
    b.Forget();
    b.Feed(H2CDataPdu({1, ttag, c.datao, c.datal, true}, b.framing, Bytes(c.datal)));
    b.Run();
    CHECK(b.queue.dead());
    CHECK(b.stream.sent.empty());  // no TermReq
    CHECK(b.parts.stats.refused[static_cast<size_t>(Refusal::kR2TAnswer)] == 1);
    CHECK(b.watch.stored.empty());
  }
}

// nvmet_tcp_handle_h2c_data_pdu(): `cmd->pdu_len == 0` is an error.
TEST_CASE("nvmet: without digests, too, H2CData of no bytes closes the queues") {
  QueueBench b({}, false, false);
  b.Connect();
  b.Command(WriteCommand(1, 0, 65536, false));
  b.Run();
  b.Feed(H2CDataPdu({1, b.Pdus().at(0).r2t().ttag, 0, 0, false}, b.framing, {}));
  b.Run();
  CHECK(b.queue.dead());
  CHECK(b.parts.stats.refused[static_cast<size_t>(Refusal::kR2TAnswer)] == 1);
}

TEST_CASE("nvmet looks at HLEN and at the digest flags, not at PDO and not at a capsule's PLEN") {
  struct Case {
    size_t at;
    uint8_t flip;
    bool closes;
  };
  for (const Case& c : {Case{2, 1, true}, Case{1, kPduHdgst, true}, Case{1, kPduDdgst, true},
                        Case{3, 4, false}, Case{4, 8, false}, Case{7, 0x80, false}}) {
    QueueBench b;
    b.Connect();
    Bytes pdu = CommandPdu(WriteCommand(1, 0, 4096, true), b.framing, b.ContentAt(0, 4096));
    pdu[c.at] ^= c.flip;
    AppendHeaderDigest(pdu.data(), 72);
    b.Feed(pdu);
    b.Command(ReadCommand(2, 0, 512));
    b.Run();
    CHECK(b.queue.dead() == c.closes);
    CHECK(b.watch.stored.size() == (c.closes ? 0 : 1));
    CHECK(b.parts.stats.reads == (c.closes ? 0 : 1));
  }
}

// nvmet_tcp_check_ddgst() takes nvmet_tcp_hdgst_len() off, which is none where none was agreed.
TEST_CASE(
    "nvmet: a header digest's flag without header digests says nothing of where data begins") {
  for (const uint8_t plen : {72, 76}) {
    QueueBench b(TargetConfig(), false, true);
    b.Connect();
    Bytes pdu = CommandPdu(ReadCommand(1, 0, 512), b.framing);
    pdu[1] |= kPduHdgst;
    pdu[4] = plen;  // 76: as if data followed, whose digest's flag is missing
    b.Feed(pdu);
    b.Run();
    CHECK(b.parts.stats.reads == (plen == 72 ? 1 : 0));
    CHECK(b.queue.dead() == (plen == 76));
  }
}

TEST_CASE("nvmet looks at a capsule's data digest flag after its header digest") {
  QueueBench b;
  b.Connect();
  Bytes pdu = CommandPdu(WriteCommand(1, 0, 4096, true), b.framing, b.ContentAt(0, 4096));
  pdu[1] ^= kPduDdgst;
  b.Feed(pdu);
  b.Run();
  CHECK(b.parts.stats.header_digest_errors == 1);
  CHECK(b.parts.stats.refused[static_cast<size_t>(Refusal::kHeaderDigest)] == 1);
}

TEST_CASE("whatever bit of a header is wrong, what the target stores in its place is right") {
  const bool digests = GENERATE(false, true);
  int stored = 0;
  int64_t refused = 0;
  for (TargetKind kind : {TargetKind::kNvmet, TargetKind::kSpdk}) {
    for (uint32_t bit = 0; bit < (72 + 24) * 8; ++bit) {
      QueueBench b(TargetConfig::Of(kind), false, digests);
      b.Connect();
      b.Command(WriteCommand(1, 65536, 32768, false));
      b.Run();
      const uint16_t ttag = b.Pdus().at(0).r2t().ttag;
      Bytes capsule =
          CommandPdu(WriteCommand(2, 4096, 4096, true), b.framing, b.ContentAt(4096, 4096));
      Bytes data = H2CDataPdu({1, ttag, 0, 32768, true}, b.framing, b.ContentAt(65536, 32768));
      Bytes& altered = bit < 72 * 8 ? capsule : data;
      const uint32_t at = bit < 72 * 8 ? bit : bit - 72 * 8;
      altered[at / 8] ^= static_cast<uint8_t>(1 << at % 8);
      b.Feed(capsule);
      b.Feed(data);
      b.Command(ReadCommand(3, 0, 512));
      b.Feed(capsule);
      b.Run();
      // Bytes in a place of their own are right, and nothing is stored in part.
      for (const WriteStored& write : b.watch.stored) {
        ++stored;
        CHECK((write.bytes == 4096 || write.bytes == 32768));
        if (write.offset == 65536 && write.bytes == 32768) CHECK(write.wrong_bytes == 0);
      }
      for (const int64_t count : b.parts.stats.refused) refused += count;
    }
  }
  CHECK(stored > 100);
  CHECK(refused > 100);
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

// How C2HData is cut: padding, data, digests, and PDUs without data.
#include <catch2/catch.hpp>

#include "tests/unit/nvme_host/recv_feed.h"

namespace ddpsim {
namespace {

TEST_CASE("recv_path: a wrong digest fails the request, not the connection") {
  Feed feed;
  CHECK(feed.Send({0x1001, 0, 512, true, false}, 512));
  CHECK(feed.request.status == kNvmeDataTransferError);
  REQUIRE(feed.log.pdus.size() == 1);
  CHECK_FALSE(feed.log.pdus[0].accepted);
  CHECK(feed.log.pdus[0].judge == DigestJudge::kSoftware);
}

// Padding of HPDA `pda`, data of 0x5a, split after each byte count in turn.
TEST_CASE("recv_path: padding up to PDO is skipped wherever an skb ends") {
  for (const bool digests : {false, true}) {
    for (const uint8_t pda : {0, 1, 3, 31}) {
      Feed feed(digests, digests);
      feed.framing.pda = pda;
      Bytes pdu(kMaxPduHeader);
      pdu.resize(EmitC2HData({0x1001, 0, 4096, true, false}, feed.framing, pdu.data()));
      CHECK(pdu.size() == feed.framing.DataOffset(24));
      const Bytes data(4096, 0x5a);
      pdu.insert(pdu.end(), data.begin(), data.end());
      if (digests) {
        pdu.resize(pdu.size() + 4);
        StoreLe32(&pdu[pdu.size() - 4], Crc32c(0, ByteSpan(data)));
      }
      for (size_t at = 0; at < pdu.size(); at += 13) {
        const size_t end = std::min(at + 13, pdu.size());
        REQUIRE(feed.SendBytes(
            Bytes(pdu.begin() + static_cast<long>(at), pdu.begin() + static_cast<long>(end))));
      }
      CHECK(feed.request.data_recvd == 4096);
      CHECK(feed.request.status == kNvmeSuccess);
      CHECK(feed.stats.digests_bad == 0);
      CHECK(Bytes(feed.request.data, feed.request.data + 4096) == data);
      CHECK(feed.log.pdus.size() == 1);
    }
  }
}

TEST_CASE("recv_path: a C2HData without data ends with the next byte") {
  Feed feed(false, false);
  CHECK(feed.SendBytes(DataHeader(kPduLast | kPduSuccess, 24, 24, 0, 0)));
  CHECK(feed.successes == 0);
  CHECK(feed.SendBytes(PduHeader(5, 0, 24, 0, 24)));
  CHECK(feed.successes == 1);
  CHECK(feed.responses == 1);
}

TEST_CASE("recv_path: with data digests nvme-tcp takes four bytes behind a C2HData without data") {
  Feed with;
  Bytes pdu = DataHeader(kPduLast | kPduDdgst, 24, 28, 0, 0);
  pdu.resize(28);
  CHECK(with.SendBytes(pdu));
  CHECK(with.SendBytes(PduHeader(5, 0, 24, 0, 24)));
  CHECK(with.responses == 1);
  CHECK(with.request.status == kNvmeSuccess);
  Feed without;
  CHECK(without.SendBytes(DataHeader(kPduLast, 24, 24, 0, 0)));
  Bytes behind = PduHeader(5, 0, 24, 0, 24);
  behind.resize(28);
  CHECK_FALSE(without.SendBytes(behind));
  CHECK(without.request.status == kNvmeDataTransferError);
}

}  // namespace
}  // namespace ddpsim

// What nvme-tcp refuses, field by field, with its reason; and what it does not look at.
#include "models/nvme_host/host_refusal.h"

#include <catch2/catch.hpp>

#include "models/nvme_host/send_path.h"
#include "tests/unit/nvme_host/recv_feed.h"

namespace ddpsim {
namespace {

TEST_CASE("refusal: data for an unknown command") {
  Feed feed;
  CHECK_FALSE(feed.Send({0x2001, 0, 512, true, false}, 512));
  CHECK(feed.why() == "C2HData of cid 0x2001: no request has that tag");
  CHECK(feed.stats.refusals[static_cast<size_t>(HostRefusalKind::kUnknownCommand)] == 1);
}

TEST_CASE("refusal: data for a write, for a command without data, for one that has ended") {
  Feed write;
  write.request.write = true;
  CHECK_FALSE(write.Send({0x1001, 0, 512, true, false}, 512));
  CHECK(write.kind() == HostRefusalKind::kDataForWrite);
  Feed none;
  none.request.data_len = 0;
  CHECK_FALSE(none.Send({0x1001, 0, 512, true, false}, 512));
  CHECK(none.kind() == HostRefusalKind::kDataUnexpected);
  Feed ended;
  ended.request.nvme_done = true;
  CHECK_FALSE(ended.Send({0x1001, 0, 512, true, false}, 512));
  CHECK(ended.kind() == HostRefusalKind::kDataUnexpected);
}

TEST_CASE("refusal: more data than was asked for fills the buffer and not what follows it") {
  Feed feed(false, false);
  feed.request.data[4096] = 0x77;
  CHECK_FALSE(feed.Send({0x1001, 0, 5000, true, false}, 5000));
  CHECK(feed.why() == "C2HData of cid 0x1001: no space in request of 4096 bytes");
  CHECK(feed.stats.copied_bytes == 4096);
  CHECK(feed.request.data[4096] == 0x77);
}

TEST_CASE("refusal: SUCCESS without LAST") {
  Feed feed(false, false);
  CHECK_FALSE(feed.SendBytes(DataHeader(kPduSuccess, 24, 24 + 512, 0, 512)));
  CHECK(feed.kind() == HostRefusalKind::kSuccessNotLast);
}

TEST_CASE("refusal: types that a controller does not send, and wrong header lengths") {
  for (const uint8_t type : {0, 1, 2, 4, 6, 8, 10, 255}) {
    Feed feed;
    CHECK_FALSE(feed.SendHeader(PduHeader(type, 0, 24, 0, 24)));
    CHECK(feed.kind() == HostRefusalKind::kUnsupportedType);
  }
  for (const uint8_t hlen : {0, 8, 23, 25, 72, 128, 255}) {
    Feed feed(true);
    CHECK_FALSE(feed.SendHeader(PduHeader(5, kPduHdgst, hlen, 0, 28)));
    CHECK(feed.why() ==
          "CapsuleResp has unexpected header length " + std::to_string(static_cast<int>(hlen)));
    Feed unknown;
    CHECK_FALSE(unknown.SendHeader(PduHeader(6, 0, hlen, 0, 24)));
    CHECK(unknown.kind() == HostRefusalKind::kUnsupportedType);
  }
}

TEST_CASE("refusal: a terminate request shows FES and FEI by name, digests or not") {
  for (const bool digests : {false, true}) {
    Feed feed(digests, digests);
    Bytes term = PduHeader(3, 0, 24, 0, 24);
    term[8] = 4;
    term[10] = 12;
    term[12] = 1;
    CHECK_FALSE(feed.SendHeader(term));
    CHECK(feed.why() == "terminate request: FES = Data Transfer Out Of Range (0x4), FEI = 0x1000c");
  }
  Feed unknown;
  Bytes term = PduHeader(3, 0, 24, 0, 152);
  term[8] = 9;
  CHECK_FALSE(unknown.SendHeader(term));
  CHECK(unknown.why() == "terminate request: FES = Unknown (0x9), FEI = 0x0");
  for (const uint32_t plen : {0u, 23u, 153u, 0xffffffffu}) {
    Feed malformed;
    CHECK_FALSE(malformed.SendHeader(PduHeader(3, 0, 24, 0, plen)));
    CHECK(malformed.kind() == HostRefusalKind::kMalformedTermReq);
  }
}

TEST_CASE("refusal: header digests, wrong or their flag cleared") {
  Feed wrong(true);
  Bytes header = PduHeader(5, kPduHdgst, 24, 0, 28);
  header.resize(28);
  CHECK_FALSE(wrong.SendBytes(header));
  CHECK(wrong.kind() == HostRefusalKind::kHeaderDigest);
  CHECK(wrong.stats.header_digests_bad == 1);
  Feed cleared(true);
  CHECK_FALSE(cleared.SendHeader(PduHeader(5, 0, 24, 0, 28)));
  CHECK(cleared.kind() == HostRefusalKind::kHeaderDigestFlag);
}

TEST_CASE("refusal: a data digest's flag is missed where PLEN tells of data") {
  Feed feed;
  CHECK_FALSE(feed.SendBytes(DataHeader(kPduLast, 24, 24 + 512 + 4, 0, 512)));
  CHECK(feed.kind() == HostRefusalKind::kDataDigestFlag);
  Feed response;
  CHECK_FALSE(response.SendBytes(PduHeader(5, 0, 24, 0, 28)));
  CHECK(response.kind() == HostRefusalKind::kDataDigestFlag);
}

TEST_CASE("refusal: PLEN, PDO, LAST, DATAO and flags of digests not agreed are not looked at") {
  for (const uint32_t plen : {0u, 24u, 100u, 0xffffffffu}) {
    for (const uint8_t pdo : {0, 7, 24, 255}) {
      Feed feed(false, false);
      Bytes pdu = DataHeader(kPduHdgst | kPduDdgst, pdo, plen, 0xfffffff0, 512);
      pdu.resize(24 + 512);
      CHECK(feed.SendBytes(pdu));
      CHECK(feed.request.data_recvd == 512);
      CHECK(feed.SendBytes(PduHeader(5, 0, 24, pdo, plen)));
      CHECK(feed.responses == 1);
    }
  }
}

struct IcRespCase {
  HostRefusalKind kind;
  IcRespLayout resp;
};

IcRespLayout GoodIcResp() {
  IcRespLayout resp;
  resp.ch.type = 1;
  resp.ch.hlen = 128;
  resp.ch.plen = 128;
  resp.maxh2cdata = 4096;
  return resp;
}

TEST_CASE("refusal: an ICResp is checked as nvme_tcp_init_connection() does") {
  CHECK(CheckIcResp(GoodIcResp(), QueueConfig()).ok());
  IcRespLayout odd = GoodIcResp();
  odd.ch.hlen = 3;
  odd.ch.flags = 0xff;
  odd.ch.pdo = 9;
  odd.dgst = 0xfc;
  CHECK(CheckIcResp(odd, QueueConfig()).ok());
  for (const uint32_t maxh2cdata : {0u, 100u, 4092u, 4097u, 0xffffffffu}) {
    IcRespLayout resp = GoodIcResp();
    resp.maxh2cdata = maxh2cdata;
    CHECK(CheckIcResp(resp, QueueConfig()).kind == HostRefusalKind::kIcRespMaxH2CData);
  }
  IcRespLayout all = GoodIcResp();
  all.ch.type = 3;
  all.ch.plen = 24;
  all.pfv = 1;
  all.dgst = 3;
  all.cpda = 1;
  all.maxh2cdata = 0;
  CHECK(CheckIcResp(all, QueueConfig()).kind == HostRefusalKind::kIcRespType);
  all.ch.type = 1;
  CHECK(CheckIcResp(all, QueueConfig()).kind == HostRefusalKind::kIcRespLength);
  all.ch.plen = 128;
  CHECK(CheckIcResp(all, QueueConfig()).kind == HostRefusalKind::kIcRespVersion);
  all.pfv = 0;
  CHECK(HostRefusalText(CheckIcResp(all, QueueConfig())) ==
        "ICResp: data digest mismatch, host: disabled, controller: enabled");
  all.dgst = 1;
  CHECK(CheckIcResp(all, QueueConfig()).kind == HostRefusalKind::kIcRespHeaderDigest);
  all.dgst = 0;
  CHECK(CheckIcResp(all, QueueConfig()).kind == HostRefusalKind::kIcRespCpda);
  all.cpda = 0;
  CHECK(CheckIcResp(all, QueueConfig()).kind == HostRefusalKind::kIcRespMaxH2CData);
  QueueConfig unknown;
  unknown.any_digests = true;
  IcRespLayout digests = GoodIcResp();
  digests.dgst = 3;
  CHECK(CheckIcResp(digests, unknown).ok());
}

TEST_CASE("refusal: what comes instead of an ICResp need not have its length") {
  Feed feed;
  feed.path.Reset();
  CHECK_FALSE(feed.SendBytes(PduHeader(5, 0, 24, 0, 24)));
  CHECK(feed.why() == "bad type returned instead of an ICResp: 5 (CapsuleResp)");
  Feed term;
  term.path.Reset();
  Bytes pdu = PduHeader(3, 0, 24, 0, 24);
  pdu[8] = 6;
  CHECK_FALSE(term.SendBytes(pdu));
  CHECK(term.why() == "terminate request: FES = Unsupported Parameter (0x6), FEI = 0x0");
}

TEST_CASE("refusal: an R2T as nvme_tcp_handle_r2t() judges it") {
  Request write;
  write.write = true;
  write.data_len = 8192;
  const auto kind = [&write](uint32_t r2to, uint32_t r2tl) {
    return SendPath::CheckR2T(write, {1, 0, r2to, r2tl}).kind;
  };
  CHECK(kind(0, 8192) == HostRefusalKind::kNone);
  CHECK(kind(0, 0) == HostRefusalKind::kR2TEmpty);
  CHECK(kind(0, 8193) == HostRefusalKind::kR2TTooLong);
  CHECK(kind(0, 0xffffffff) == HostRefusalKind::kR2TTooLong);
  write.data_sent = 4096;
  CHECK(kind(4096, 4096) == HostRefusalKind::kNone);
  CHECK(kind(4096, 4097) == HostRefusalKind::kR2TTooLong);
  CHECK(kind(4095, 1) == HostRefusalKind::kR2TBackwards);
  // That it leaves a hole Linux does not notice.
  CHECK(kind(8000, 4096) == HostRefusalKind::kNone);
  write.write = false;
  CHECK(kind(4096, 4096) == HostRefusalKind::kR2TForRead);
}

}  // namespace
}  // namespace ddpsim

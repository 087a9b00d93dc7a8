#include "ddpsim/wire/nvme_tcp_pdu.h"

#include <catch2/catch.hpp>
#include <vector>

#include "ddpsim/wire/crc32c.h"

namespace ddpsim {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr PduFraming kPlain = {};
constexpr PduFraming kBoth = {true, true, 0};

template <class Emit>
Bytes Emitted(Emit emit) {
  Bytes out(kMaxPduHeader + kTermReqMaxData, 0xee);
  out.resize(emit(out.data()));
  return out;
}

Bytes C2HData(const C2HDataRepr& repr, const PduFraming& framing) {
  return Emitted([&](uint8_t* out) { return EmitC2HData(repr, framing, out); });
}

PduError InvalidField(uint32_t at) { return {FatalErrorStatus::kInvalidHeaderField, at}; }

TEST_CASE("C2HData is laid out as the specification draws it") {
  const C2HDataRepr repr = {0x1234, 0x1000, 0x00010000, true, true};
  CHECK(C2HData(repr, kPlain) == Bytes{7,    0x0c, 24, 24, 24, 0,    1, 0,  //
                                       0x34, 0x12, 0,  0,  0,  0x10, 0, 0,  //
                                       0,    0,    1,  0,  0,  0,    0, 0});
  const Bytes both = C2HData(repr, kBoth);
  REQUIRE(both.size() == 28);
  CHECK(Bytes(both.begin(), both.begin() + 8) == Bytes{7, 0x0f, 24, 28, 32, 0, 1, 0});
  CHECK(LoadLe32(&both[24]) == Crc32c(0, ByteSpan(both).first(24)));
}

TEST_CASE("H2CData, R2T and the capsules are laid out as the specification draws them") {
  CHECK(Emitted([](uint8_t* out) {
          return EmitH2CData({0x0102, 0x0304, 0x05060708, 0x100, true}, kPlain, out);
        }) == Bytes{6, 4, 24, 24, 0x18, 1, 0, 0, 2, 1, 4, 3, 8, 7, 6, 5, 0, 1, 0, 0, 0, 0, 0, 0});
  CHECK(Emitted([](uint8_t* out) {
          return EmitR2T({0x0102, 0x0304, 0x05060708, 0x090a0b0c}, kPlain, out);
        }) ==
        Bytes{9, 0, 24, 0, 24, 0, 0, 0, 2, 1, 4, 3, 8, 7, 6, 5, 0xc, 0xb, 0xa, 9, 0, 0, 0, 0});

  CapsuleRespRepr resp;
  resp.cqe.result = 0x0807060504030201;
  resp.cqe.sq_head = 0x0a09;
  resp.cqe.command_id = 0x0e0d;
  resp.cqe.set_status(kNvmeDataTransferError | kNvmeDoNotRetry);
  CHECK(Emitted([&](uint8_t* out) { return EmitCapsuleResp(resp, kPlain, out); }) ==
        Bytes{5, 0, 24, 0, 24, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0, 0, 0xd, 0xe, 8, 0x80});

  NvmeRwSqe rw;
  rw.command_id = 0x1122;
  rw.sgl.length = 0x1000;
  rw.sgl.type = kSglTransportDataBlock;
  rw.slba = 0x0102030405060708;
  rw.nlb = 7;
  CapsuleCmdRepr cmd;
  cmd.sqe = ToSqe(rw);
  const Bytes capsule = Emitted([&](uint8_t* out) { return EmitCapsuleCmd(cmd, kPlain, out); });
  Bytes expected = {4, 0, 72, 0, 72, 0, 0, 0, 2, 0x40, 0x22, 0x11, 1, 0, 0, 0};
  expected.resize(72, 0);
  expected[8 + 33] = 0x10;  // SGL length
  expected[8 + 39] = 0x5a;
  for (uint8_t i = 0; i < 8; ++i) expected[8u + 40 + i] = static_cast<uint8_t>(8 - i);
  expected[8 + 48] = 7;
  CHECK(capsule == expected);
}

TEST_CASE("ICReq and ICResp are 128 bytes without digests") {
  Bytes expected = {0, 0, 128, 0, 128, 0, 0, 0, 0, 0, 31, 3, 4, 0, 0, 0};
  expected.resize(128, 0);
  const Bytes req = Emitted([](uint8_t* out) { return EmitIcReq({0, 31, true, true, 4}, out); });
  CHECK(req == expected);
  IcReqRepr repr;
  REQUIRE(ParseIcReq(req, &repr).ok());
  CHECK(repr.hpda == 31);
  CHECK(repr.header_digest);
  CHECK(repr.data_digest);
  CHECK(repr.maxr2t == 4);

  expected = {1, 0, 128, 0, 128, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0x40, 0};
  expected.resize(128, 0);
  const Bytes resp = Emitted([](uint8_t* out) {
    return EmitIcResp({0, 0, false, true, 0x400000}, out);
  });
  CHECK(resp == expected);
  IcRespRepr answer;
  REQUIRE(ParseIcResp(resp, &answer).ok());
  CHECK_FALSE(answer.header_digest);
  CHECK(answer.data_digest);
  CHECK(answer.maxh2cdata == 0x400000);
}

TEST_CASE("an unknown format version or an alignment beyond 31 names its field") {
  Bytes req = Emitted([](uint8_t* out) { return EmitIcReq({}, out); });
  IcReqRepr repr;
  req[8] = 1;
  CHECK(ParseIcReq(req, &repr) == PduError{FatalErrorStatus::kUnsupportedParameter, 8});
  req[8] = 0;
  req[10] = 32;
  CHECK(ParseIcReq(req, &repr) == InvalidField(10));
}

TEST_CASE("a TermReq carries status, field offset and the header complained about") {
  const Bytes bad = {7, 0, 25, 0};
  const TermReqRepr repr = {{FatalErrorStatus::kHeaderDigestError, 0xa1b2c3d4}, bad};
  const Bytes pdu =
      Emitted([&](uint8_t* out) { return EmitTermReq(PduType::kC2HTermReq, repr, out); });
  CHECK(pdu == Bytes{3, 0, 24, 0, 28, 0, 0, 0, 3, 0, 0xd4, 0xc3, 0xb2, 0xa1,
                     0, 0, 0,  0, 0,  0, 0, 0, 0, 0, 7,    0,    25,   0});
  TermReqRepr parsed;
  REQUIRE(ParseTermReq(pdu, &parsed).ok());
  CHECK(parsed.error == repr.error);
  CHECK(parsed.header == ByteSpan(bad));
}

TEST_CASE("what is emitted is parsed back for every framing") {
  for (bool hd : {false, true}) {
    for (bool dd : {false, true}) {
      for (uint8_t pda : {0, 1, 6, 31}) {
        const PduFraming framing = {hd, dd, pda};
        Bytes bytes = C2HData({9, 4096, 1234, true, false}, framing);
        C2HDataRepr data;
        REQUIRE(ParseC2HData(bytes, framing, &data).ok());
        CHECK(data.cccid == 9);
        CHECK(data.datao == 4096);
        CHECK(data.datal == 1234);
        CHECK(data.last);
        CHECK_FALSE(data.success);
        const PduCommonHeader ch = LoadCommonHeader(bytes.data());
        CHECK(ch.pdo == bytes.size());
        CHECK(ch.pdo % ((pda + 1) * 4) == 0);
        CHECK(PduDataLength(ch) == 1234);
        CHECK(ch.plen == ch.pdo + 1234u + (dd ? 4 : 0));
        if (hd) CHECK(VerifyHeaderDigest(bytes, 24).ok());

        CapsuleCmdRepr cmd;
        cmd.sqe.command_id = 77;
        cmd.data_length = 512;
        bytes = Emitted([&](uint8_t* out) { return EmitCapsuleCmd(cmd, framing, out); });
        CapsuleCmdRepr parsed;
        REQUIRE(ParseCapsuleCmd(bytes, framing, &parsed).ok());
        CHECK(parsed.sqe.command_id == 77);
        CHECK(parsed.data_length == 512);

        bytes = Emitted([&](uint8_t* out) { return EmitR2T({1, 2, 3, 4}, framing, out); });
        R2TRepr r2t;
        REQUIRE(ParseR2T(bytes, framing, &r2t).ok());
        CHECK(r2t.ttag == 2);
        CHECK(r2t.r2tl == 4);

        bytes = Emitted([&](uint8_t* out) {
          return EmitH2CData({1, 2, 3, 40, false}, framing, out);
        });
        H2CDataRepr h2c;
        REQUIRE(ParseH2CData(bytes, framing, &h2c).ok());
        CHECK(h2c.ttag == 2);
        CHECK(h2c.datal == 40);
        CHECK_FALSE(h2c.last);
      }
    }
  }
}

TEST_CASE("each wrong field of a common header is named by its offset") {
  C2HDataRepr repr;
  const auto error = [&repr](size_t at, uint8_t value) {
    Bytes pdu = C2HData({9, 0, 1000, true, false}, kBoth);
    pdu[at] = value;
    return ParseC2HData(pdu, kBoth, &repr);
  };
  CHECK(error(0, 8) == InvalidField(0));     // no such type
  CHECK(error(0, 5) == InvalidField(0));     // another type
  CHECK(error(1, 0x06) == InvalidField(1));  // header digest missing
  CHECK(error(1, 0x05) == InvalidField(1));  // data digest missing
  CHECK(error(1, 0x0b) == InvalidField(1));  // SUCCESS without LAST_PDU
  CHECK(error(2, 25) == InvalidField(2));    // HLEN
  CHECK(error(3, 24) == InvalidField(3));    // data over the header digest
  CHECK(error(3, 30) == InvalidField(3));    // not aligned
  CHECK(error(4, 0xff) == InvalidField(4));  // PLEN says another length than DATAL
  CHECK(error(16, 1) == InvalidField(4));
}

// NVMe/TCP transport specification 1.0, 3.6.2: FLAGS of set-up and termination PDUs have no
// digests.
TEST_CASE("set-up and termination PDUs with a digest's flag are refused") {
  for (const uint8_t type : {0, 1, 2, 3}) {
    for (const uint8_t flags : {kPduHdgst, kPduDdgst}) {
      const uint8_t hlen = PduHeaderLength(type);
      CHECK(CheckCommonHeader({type, flags, hlen, 0, hlen}, kBoth) == InvalidField(1));
      CHECK(CheckCommonHeader({type, 0, hlen, 0, hlen}, kBoth).ok());
    }
  }
}

TEST_CASE("a PLEN that ends before the data's first byte is named by its offset") {
  for (const uint8_t type : {6, 7}) {
    CHECK(CheckCommonHeader({type, kPduHdgst | kPduDdgst, 24, 28, 32}, kBoth) == InvalidField(4));
    CHECK(CheckCommonHeader({type, kPduHdgst | kPduDdgst, 24, 28, 33}, kBoth).ok());
  }
}

TEST_CASE("an H2CData whose DATAL is not what PLEN leaves is refused for its PLEN") {
  H2CDataRepr repr;
  Bytes pdu = Emitted([](uint8_t* out) { return EmitH2CData({9, 1, 0, 1000, true}, kBoth, out); });
  REQUIRE(ParseH2CData(pdu, kBoth, &repr).ok());
  ++pdu[16];
  CHECK(ParseH2CData(pdu, kBoth, &repr) == InvalidField(4));
}

TEST_CASE("digests that were not agreed upon are refused") {
  C2HDataRepr repr;
  const Bytes pdu = C2HData({9, 0, 1000, true, false}, kBoth);
  CHECK(ParseC2HData(pdu, kPlain, &repr) == InvalidField(1));
}

TEST_CASE("a PLEN too short for the header is refused") {
  PduCommonHeader ch = {5, 0, 24, 0, 23};
  CHECK(CheckCommonHeader(ch, kPlain) == InvalidField(4));
  ch.plen = 25;  // and a CapsuleResp has no data
  CHECK(CheckCommonHeader(ch, kPlain) == InvalidField(4));
  PduCommonHeader term = {3, 0, 24, 0, 153};
  CHECK(CheckCommonHeader(term, kPlain) == InvalidField(4));
  term.plen = 152;
  CHECK(CheckCommonHeader(term, kPlain).ok());
}

TEST_CASE("any flipped bit of a header spoils its digest, and the digest received is told") {
  const Bytes pdu = C2HData({9, 0, 1000, true, false}, kBoth);
  for (size_t bit = 0; bit < pdu.size() * 8; ++bit) {
    Bytes bad = pdu;
    bad[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    const PduError error = VerifyHeaderDigest(bad, 24);
    REQUIRE(error.fes == FatalErrorStatus::kHeaderDigestError);
    REQUIRE(error.fei == LoadLe32(&bad[24]));
  }
}

TEST_CASE("the nine types have the header lengths of the specification, others none") {
  const int lengths[11] = {128, 128, 24, 24, 72, 24, 24, 24, 0, 24, 0};
  for (uint8_t type = 0; type < 11; ++type) CHECK(PduHeaderLength(type) == lengths[type]);
  CHECK(PduHeaderLength(255) == 0);
}

}  // namespace
}  // namespace ddpsim

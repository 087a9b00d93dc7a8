// Every frame and PDU of a real capture, through every parser, emitter, checksum and digest of this
// folder. What Linux 6.1 sent is the oracle: taken apart and written again, each frame and each PDU
// header must be the same bytes.
#include <zlib.h>

#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ddpsim/wire/crc32c.h"
#include "ddpsim/wire/ip.h"
#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "ddpsim/wire/segment_writer.h"

namespace ddpsim {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes ReadGzip(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  REQUIRE(file != nullptr);
  Bytes all;
  Bytes chunk(1 << 16);
  for (int n; (n = gzread(file, chunk.data(), static_cast<unsigned>(chunk.size()))) > 0;) {
    all.insert(all.end(), chunk.begin(), chunk.begin() + n);
  }
  gzclose(file);
  return all;
}

std::vector<Bytes> ReadFrames(const std::string& name) {
  const Bytes file = ReadGzip(std::string(DDPSIM_TEST_DATA) + "/captures/" + name);
  REQUIRE(file.size() > 24);
  const uint32_t magic = LoadLe32(file.data());
  REQUIRE((magic == 0xa1b2c3d4 || magic == 0xa1b23c4d));
  std::vector<Bytes> frames;
  for (size_t at = 24; at < file.size();) {
    const uint32_t size = LoadLe32(&file[at + 8]);
    REQUIRE(size == LoadLe32(&file[at + 12]));  // not cut off
    REQUIRE(at + 16 + size <= file.size());
    frames.emplace_back(file.begin() + static_cast<long>(at + 16),
                        file.begin() + static_cast<long>(at + 16 + size));
    at += 16 + size;
  }
  return frames;
}

// One direction's bytes in order; the network was clean, so nothing but exact successors and pure
// ACKs occur.
struct Stream {
  SeqNum next;
  bool started = false;
  Bytes bytes;

  void Add(const ParsedFrame& frame) {
    if ((frame.tcp.flags & kTcpSyn) != 0) {
      started = true;
      next = frame.tcp.seq + 1;
    }
    REQUIRE(started);
    if (frame.payload.empty()) return;
    REQUIRE(frame.tcp.seq == next);
    bytes.insert(bytes.end(), frame.payload.begin(), frame.payload.end());
    next += static_cast<uint32_t>(frame.payload.size());
  }
};

struct Counts {
  std::map<PduType, int> pdus;
  int header_digests = 0;
  int data_digests = 0;
};

template <class Repr, class ParseFn, class EmitFn>
void CheckRoundTrip(ByteSpan header, ParseFn parse, EmitFn emit) {
  Repr repr;
  REQUIRE(parse(&repr).ok());
  uint8_t out[kMaxPduHeader];
  const uint32_t size = emit(repr, out);
  REQUIRE(ByteSpan(out, size) == header.first(size));
}

void CheckHeader(ByteSpan h, PduType type, const PduFraming& f) {
  switch (type) {
    case PduType::kIcReq:
      return CheckRoundTrip<IcReqRepr>(
          h, [&](auto* r) { return ParseIcReq(h, r); }, EmitIcReq);
    case PduType::kIcResp:
      return CheckRoundTrip<IcRespRepr>(
          h, [&](auto* r) { return ParseIcResp(h, r); }, EmitIcResp);
    case PduType::kCapsuleCmd:
      return CheckRoundTrip<CapsuleCmdRepr>(
          h, [&](auto* r) { return ParseCapsuleCmd(h, f, r); },
          [&](const auto& r, uint8_t* out) { return EmitCapsuleCmd(r, f, out); });
    case PduType::kCapsuleResp:
      return CheckRoundTrip<CapsuleRespRepr>(
          h, [&](auto* r) { return ParseCapsuleResp(h, f, r); },
          [&](const auto& r, uint8_t* out) { return EmitCapsuleResp(r, f, out); });
    case PduType::kC2HData:
      return CheckRoundTrip<C2HDataRepr>(
          h, [&](auto* r) { return ParseC2HData(h, f, r); },
          [&](const auto& r, uint8_t* out) { return EmitC2HData(r, f, out); });
    default:
      FAIL("a PDU type that this capture does not have");
  }
}

void WalkPdus(const Bytes& stream, Counts* counts) {
  PduFraming framing;
  for (size_t at = 0; at < stream.size();) {
    const ByteSpan rest = ByteSpan(stream).subspan(at);
    REQUIRE(rest.size() >= 8);
    const PduCommonHeader ch = LoadCommonHeader(rest.data());
    REQUIRE(CheckCommonHeader(ch, framing).ok());
    REQUIRE(rest.size() >= ch.plen);
    const PduType type = static_cast<PduType>(ch.type);
    ++counts->pdus[type];
    CheckHeader(rest, type, framing);
    if ((ch.flags & kPduHdgst) != 0) {
      REQUIRE(VerifyHeaderDigest(rest, ch.hlen).ok());
      ++counts->header_digests;
    }
    if (const uint32_t length = PduDataLength(ch); length > 0 && framing.data_digest) {
      REQUIRE(LoadLe32(&rest[ch.pdo + length]) == Crc32c(0, rest.subspan(ch.pdo, length)));
      ++counts->data_digests;
    }
    // Both ends asked for both digests: after its IC PDU each direction has them.
    if (type == PduType::kIcReq || type == PduType::kIcResp) framing = {true, true, 0};
    at += ch.plen;
  }
}

TEST_CASE("every frame of a real capture has right checksums and is written again byte for byte") {
  const std::vector<Bytes> frames = ReadFrames("01.pcap.gz");
  REQUIRE(frames.size() == 1333);
  FramePool pool;
  for (const Bytes& frame : frames) {
    ParsedFrame parsed;
    REQUIRE(ParseFrame(frame, &parsed));
    REQUIRE(VerifyIpv4Checksum(frame, parsed));
    REQUIRE(TcpChecksumIsRight(frame, parsed));
    EthIpAddresses addresses;
    std::copy(frame.begin(), frame.begin() + 6, addresses.destination_mac.begin());
    std::copy(frame.begin() + 6, frame.begin() + 12, addresses.source_mac.begin());
    addresses.source_ip = parsed.tuple.flow.source_ip;
    addresses.destination_ip = parsed.tuple.flow.destination_ip;
    addresses.tos = parsed.tos;
    const Payload payload = {parsed.payload.data(), static_cast<uint32_t>(parsed.payload.size()), 0,
                             nullptr};
    const FramePtr again =
        WriteSegment(pool, addresses, parsed.ip_id, parsed.tcp, {&payload, 1}, 0, payload.size);
    REQUIRE(again->bytes() == ByteSpan(frame));
  }
}

TEST_CASE("every PDU of a real capture is parsed, written again and has right digests") {
  std::map<FourTuple, Stream> streams;
  for (const Bytes& frame : ReadFrames("01.pcap.gz")) {
    ParsedFrame parsed;
    REQUIRE(ParseFrame(frame, &parsed));
    streams[parsed.tuple.flow].Add(parsed);
  }
  CHECK(streams.size() == 4);  // admin queue and one I/O queue
  Counts counts;
  for (const auto& [flow, stream] : streams) WalkPdus(stream.bytes, &counts);
  CHECK(counts.pdus[PduType::kIcReq] == 2);
  CHECK(counts.pdus[PduType::kIcResp] == 2);
  CHECK(counts.pdus[PduType::kC2HData] == 213);
  CHECK(counts.pdus[PduType::kCapsuleResp] == 227);
  CHECK(counts.pdus[PduType::kCapsuleCmd] == 227);
  CHECK(counts.header_digests == 667);
  CHECK(counts.data_digests == 215);
}

}  // namespace
}  // namespace ddpsim

// Captures that are wrong in one way each: a clear error with file, offset and reason, or a count
// of what was skipped; never a crash, never a guess.
#include <zlib.h>

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "models/capture/capture_walk.h"
#include "tests/support/capture_builder.h"

namespace ddpsim {
namespace {

struct Outcome {
  absl::Status status;
  uint64_t records = 0;
  uint64_t bad_checksums = 0;
  size_t connections = 0;
  bool cut_short = false;
  uint64_t skipped[kPacketSkips] = {};
};

Outcome WalkAll(const std::string& path) {
  Outcome out;
  auto walk = CaptureWalk::Open(path, {});
  if (!walk.ok()) {
    out.status = walk.status();
    return out;
  }
  WalkStep step;
  for (;;) {
    const absl::StatusOr<bool> more = (*walk)->Next(&step);
    if (!more.ok()) out.status = more.status();
    if (!more.ok() || !*more) break;
    (*walk)->Digest(step);
  }
  (*walk)->Finish();
  out.records = (*walk)->records();
  out.bad_checksums = (*walk)->bad_checksums();
  out.connections = (*walk)->connections().size();
  out.cut_short = (*walk)->cut_short();
  for (int i = 0; i < kPacketSkips; ++i)
    out.skipped[i] = (*walk)->skipped(static_cast<PacketSkip>(i));
  return out;
}

Bytes Good() { return MakeFrame({false, 1000, 0, kTcpAck, 1, Bytes(100, 7)}); }

Bytes With(Bytes bytes, const std::function<void(Bytes*)>& change) {
  change(&bytes);
  return bytes;
}
Bytes Set8(Bytes bytes, size_t at, uint8_t value) {
  bytes[at] = value;
  return bytes;
}
Bytes SetLe32(Bytes bytes, size_t at, uint32_t value) {
  StoreLe32(&bytes[at], value);
  return bytes;
}
Bytes Cut(Bytes bytes, size_t size) {
  bytes.resize(size);
  return bytes;
}
// The IPv4 header's checksum made right again.
Bytes FixIp(Bytes frame) {
  StoreBe16(&frame[24], 0);
  uint32_t sum = 0;
  const size_t header = (frame[14] & 15u) * 4;
  for (size_t i = 0; i < header && 14 + i + 1 < frame.size(); i += 2)
    sum += LoadBe16(&frame[14 + i]);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  StoreBe16(&frame[24], static_cast<uint16_t>(~sum));
  return frame;
}
Bytes Gzip(const Bytes& bytes) {
  Bytes out(bytes.size() + 1000);
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = const_cast<uint8_t*>(bytes.data());
  stream.avail_in = static_cast<unsigned>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<unsigned>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

constexpr size_t kRecord = 24;             // of the first record in a pcap
constexpr size_t kSection = 28;            // size of a section header
constexpr size_t kPacket = kSection + 20;  // of the first packet block

struct BadFile {
  const char* name;
  Bytes bytes;
  const char* error;
};

std::vector<BadFile> BadPcaps() {
  const Bytes good = Pcap({Good()});
  return {
      {"empty file", {}, "has 0 bytes"},
      {"three bytes", {0xd4, 0xc3, 0xb2}, "has 3 bytes"},
      {"no magic at all", Bytes(64, 0x55), "unknown magic"},
      {"magic of a modified pcap", SetLe32(good, 0, 0xa1b2cd34), "unknown magic"},
      {"only a magic", Cut(good, 4), "file header has 4 of 24"},
      {"file header cut", Cut(good, 23), "file header has 23 of 24"},
      {"version 3", Set8(good, 4, 3), "version 3"},
      {"version 0", Set8(good, 4, 0), "version 0"},
      {"captured length of 4 GiB", SetLe32(good, kRecord + 8, ~0u), "captured length 4294967295"},
      {"captured length above the limit", SetLe32(good, kRecord + 8, kMaxRecord + 1),
       "captured length"},
      {"more captured than there was", SetLe32(good, kRecord + 12, 20), "exceeds the packet's"},
      {"a million microseconds", SetLe32(good, kRecord + 4, 1000000), "a second or more"},
      {"a billion nanoseconds", SetLe32(SetLe32(good, 0, 0xa1b23c4d), kRecord + 4, 1000000000),
       "a second or more"},
      {"gzip with a damaged byte", With(Gzip(good), [](Bytes* b) { (*b)[b->size() / 2] ^= 0xff; }),
       "gzip data is damaged"},
      {"gzip of nothing", Gzip({}), "has 0 bytes"},
      {"gzip of noise", Gzip(Bytes(100, 9)), "unknown magic"},
  };
}

std::vector<BadFile> BadPcapngs() {
  const Bytes good = Pcapng({Good()});
  const Bytes overrun = Join({Le16(2), Le16(200), Le32(0)});
  return {
      {"byte-order magic of no order", SetLe32(good, 8, 0x12345678), "byte-order magic"},
      {"section of 24 bytes", SetLe32(good, 4, 24), "at least 28"},
      {"section length not of 4", SetLe32(good, 4, 29), "multiple of 4"},
      {"section length 0", SetLe32(good, 4, 0), "multiple of 4"},
      {"section trailer differs", SetLe32(good, kSection - 4, 32), "at its start"},
      {"pcapng version 2", Set8(good, 12, 2), "pcapng version 2"},
      {"block length 0", SetLe32(good, kSection + 4, 0), "multiple of 4"},
      {"block length 8", SetLe32(good, kSection + 4, 8), "multiple of 4"},
      {"block length odd", SetLe32(good, kPacket + 4, 133), "multiple of 4"},
      {"block trailer differs", SetLe32(good, kPacket - 4, 24), "at its start"},
      {"packet block of 2 GiB", SetLe32(good, kPacket + 4, 0x7ffffffc), "for a packet"},
      {"packet before any interface", Join({SectionHeader(), EnhancedPacket(Good())}),
       "the section has 0"},
      {"packet of an unknown interface",
       Join({SectionHeader(), InterfaceBlock(), EnhancedPacket(Good(), 1)}), "interface 1"},
      {"interface of the section before",
       Join({SectionHeader(), InterfaceBlock(), SectionHeader(), EnhancedPacket(Good())}),
       "the section has 0"},
      {"interface block too short", Join({SectionHeader(), Block(1, Le32(1))}),
       "less than 20 bytes"},
      {"packet block too short", Join({SectionHeader(), InterfaceBlock(), Block(6, Bytes(16))}),
       "less than 32 bytes"},
      {"obsolete packet block too short",
       Join({SectionHeader(), InterfaceBlock(), Block(2, Bytes(16))}), "less than 32 bytes"},
      {"simple packet block too short", Join({SectionHeader(), InterfaceBlock(), Block(3, {})}),
       "less than 16 bytes"},
      {"simple packet before any interface",
       Join({SectionHeader(), Block(3, Join({Le32(4), Le32(0)}))}), "before any interface"},
      {"simple packet longer than its block",
       Join({SectionHeader(), InterfaceBlock(), Block(3, Join({Le32(400), Bytes(60)}))}),
       "room for 60"},
      {"captured length beyond its block", SetLe32(good, kPacket + 20, 5000), "room for"},
      {"captured length of 4 GiB", SetLe32(good, kPacket + 20, ~0u), "room for"},
      {"more captured than there was", SetLe32(good, kPacket + 24, 10), "exceeds the packet's"},
      {"interface options overrun", Join({SectionHeader(), InterfaceBlock(1, overrun)}),
       "options overrun"},
      {"packet options overrun",
       Join({SectionHeader(), InterfaceBlock(), EnhancedPacket(Good(), 0, 1, overrun)}),
       "options overrun"},
  };
}

TEST_CASE("broken captures: what is no capture, or damaged, is told with file, offset and reason") {
  std::vector<BadFile> files = BadPcaps();
  for (BadFile& file : BadPcapngs()) files.push_back(file);
  CHECK(files.size() >= 40);
  for (const BadFile& file : files) {
    INFO(file.name);
    const TempFile temp(file.bytes);
    const Outcome outcome = WalkAll(temp.path());
    INFO(outcome.status.ToString());
    REQUIRE(absl::IsInvalidArgument(outcome.status));
    CHECK(absl::StartsWith(outcome.status.message(), temp.path() + ": offset "));
    CHECK(absl::StrContains(outcome.status.message(), file.error));
  }
}

struct BadPacket {
  const char* name;
  Bytes frame;
  PacketSkip skip;
};

std::vector<BadPacket> BadPackets() {
  const Bytes good = Good();
  const auto ip = [&](size_t at, uint8_t value) { return FixIp(Set8(good, 14 + at, value)); };
  Bytes v6 = Cut(good, 14 + 40);
  v6[12] = 0x86;
  v6[13] = 0xdd;
  v6[14] = 0x60;
  const auto six = [&](uint16_t length, uint8_t next) {
    Bytes frame = v6;
    StoreBe16(&frame[18], length);
    frame[20] = next;
    return frame;
  };
  Bytes chain = six(90, 0);
  for (int i = 0; i < 9; ++i) Append(&chain, Bytes(8));
  Append(&chain, Bytes(20));
  StoreBe16(&chain[18], static_cast<uint16_t>(chain.size() - 54));
  Bytes tags = good;
  for (int i = 0; i < 6; ++i) tags.insert(tags.begin() + 12, {0x81, 0, 0, 1});
  return {
      {"frame of no bytes", {}, PacketSkip::kMalformed},
      {"frame of 13 bytes", Cut(good, 13), PacketSkip::kMalformed},
      {"Ethernet header alone", Cut(good, 14), PacketSkip::kMalformed},
      {"half an IPv4 header", Cut(good, 24), PacketSkip::kMalformed},
      {"ARP", Set8(good, 13, 6), PacketSkip::kNotIp},
      {"six VLAN tags", tags, PacketSkip::kManyVlanTags},
      {"VLAN tag without the rest", Join({Cut(good, 12), {0x81, 0, 0}}), PacketSkip::kMalformed},
      {"IPv4 that says version 5", ip(0, 0x55), PacketSkip::kMalformed},
      {"IPv4 header of 16 bytes", ip(0, 0x44), PacketSkip::kMalformed},
      {"IPv4 header longer than the packet",
       FixIp(Set8(MakeFrame({false, 1, 0, kTcpAck, 1, {}}), 14, 0x4f)), PacketSkip::kMalformed},
      {"IPv4 length beyond the frame", ip(2, 0x40), PacketSkip::kMalformed},
      {"IPv4 length below its header", ip(3, 19), PacketSkip::kMalformed},
      {"UDP", ip(9, 17), PacketSkip::kNotTcp},
      {"first fragment", ip(6, 0x20), PacketSkip::kFragment},
      {"later fragment", ip(7, 5), PacketSkip::kFragment},
      {"TCP data offset of 4 bytes", Set8(good, 46, 0x10), PacketSkip::kMalformed},
      {"TCP data offset beyond the packet",
       Set8(MakeFrame({false, 1, 0, kTcpAck, 1, {}}), 46, 0xf0), PacketSkip::kMalformed},
      {"TCP option of length 0",
       [] {
         Bytes frame = MakeFrame({false, 1, 0, kTcpAck, 1, Bytes(8, 5)});
         frame[46] = 0x70;
         frame[54] = 2;
         frame[55] = 0;
         return frame;
       }(),
       PacketSkip::kMalformed},
      {"IPv6 header alone", six(0, 6), PacketSkip::kMalformed},
      {"IPv6 that says version 4", Set8(six(0, 6), 14, 0x40), PacketSkip::kMalformed},
      {"IPv6 length beyond the frame", six(500, 6), PacketSkip::kMalformed},
      {"IPv6 with ICMP", six(0, 58), PacketSkip::kNotTcp},
      {"IPv6 extension cut", Join({six(8, 0), Bytes(4)}), PacketSkip::kMalformed},
      {"IPv6 extension longer than the packet", Join({six(8, 0), {6, 9, 0, 0, 0, 0, 0, 0}}),
       PacketSkip::kMalformed},
      {"IPv6 with nine extensions", chain, PacketSkip::kMalformed},
      {"IPv6 fragment", Join({six(8, 44), {6, 0, 0, 9, 0, 0, 0, 0}}), PacketSkip::kFragment},
  };
}

TEST_CASE("broken captures: packets that are none of ours, or damaged, are counted by reason") {
  const std::vector<BadPacket> packets = BadPackets();
  CHECK(packets.size() >= 25);
  for (const BadPacket& packet : packets) {
    INFO(packet.name);
    const TempFile temp(Pcap({packet.frame, Good()}));
    const Outcome outcome = WalkAll(temp.path());
    REQUIRE(outcome.status.ok());
    CHECK(outcome.records == 2);
    INFO("skip " << PacketSkipName(packet.skip));
    CHECK(outcome.skipped[static_cast<size_t>(packet.skip)] == 1);
    CHECK(outcome.connections == 1);
  }
}

TEST_CASE(
    "broken captures: a record that the file's end cuts short ends the capture, and is told") {
  const Bytes whole = Pcap({Good(), Good()});
  const Bytes ng = Pcapng({Good(), Good()});
  for (size_t missing : {1, 50, 150, 160}) {
    INFO(missing);
    const Outcome pcap = WalkAll(TempFile(Cut(whole, whole.size() - missing)).path());
    CHECK(pcap.status.ok());
    CHECK(pcap.records == 1);
    CHECK(pcap.cut_short);
    const Outcome pcapng = WalkAll(TempFile(Cut(ng, ng.size() - missing)).path());
    CHECK(pcapng.status.ok());
    CHECK(pcapng.records == 1);
    CHECK(pcapng.cut_short);
  }
}

TEST_CASE(
    "broken captures: a wrong checksum of IP or TCP is counted and what it came with ignored") {
  const Bytes good = Good();
  // What the host sends has not crossed a cable yet.
  Bytes from_host = MakeFrame({true, 1000, 0, kTcpAck, 1, Bytes(100, 7)});
  from_host[100] ^= 9;
  const Outcome host = WalkAll(TempFile(Pcap({from_host})).path());
  CHECK(host.bad_checksums == 1);
  CHECK(host.connections == 1);
  const Outcome tcp = WalkAll(TempFile(Pcap({good, Set8(good, 100, 9)})).path());
  CHECK(tcp.bad_checksums == 1);
  CHECK(tcp.connections == 1);
  const Outcome ip = WalkAll(TempFile(Pcap({good, Set8(good, 22, 9)})).path());
  CHECK(ip.bad_checksums == 1);
  const Outcome alone = WalkAll(TempFile(Pcap({Set8(good, 100, 9)})).path());
  CHECK(alone.bad_checksums == 1);
  CHECK(alone.connections == 0);
}

TEST_CASE("broken captures: a snapshot length below the headers is counted, above it too") {
  const Bytes good = Good();
  for (uint32_t snap : {10u, 30u, 40u, 60u, 100u}) {
    INFO(snap);
    const auto size = static_cast<uint32_t>(good.size());
    const Bytes file = Join({PcapHeader(), Le32(1), Le32(0), Le32(snap), Le32(size),
                             Cut(good, snap), PcapRecord(good)});
    const Outcome outcome = WalkAll(TempFile(file).path());
    CHECK(outcome.status.ok());
    CHECK(outcome.records == 2);
    CHECK(outcome.skipped[static_cast<size_t>(PacketSkip::kCutBySnaplen)] == 1);
  }
}

TEST_CASE("broken captures: another link type is counted, packet by packet") {
  const Bytes file = Join({PcapHeader(0xa1b2c3d4, 105), PcapRecord(Good())});
  CHECK(WalkAll(TempFile(file).path()).skipped[static_cast<size_t>(PacketSkip::kNotEthernet)] == 1);
  const Bytes ng = Join({SectionHeader(), InterfaceBlock(105), InterfaceBlock(),
                         EnhancedPacket(Good()), EnhancedPacket(Good(), 1)});
  const Outcome outcome = WalkAll(TempFile(ng).path());
  CHECK(outcome.skipped[static_cast<size_t>(PacketSkip::kNotEthernet)] == 1);
  CHECK(outcome.connections == 1);
}

TEST_CASE("broken captures: zipped data that ends too early is read as far as it goes, and told") {
  // Noise does not shrink: what a prefix of the file holds is a prefix of the capture.
  std::vector<Bytes> frames;
  uint32_t noise = 1;
  for (int i = 0; i < 400; ++i) {
    Bytes payload(1400);
    for (uint8_t& byte : payload) byte = static_cast<uint8_t>((noise = noise * 1664525 + 1) >> 24);
    frames.push_back(MakeFrame({false, 1000u + i * 1400u, 0, kTcpAck, 1, payload}));
  }
  const Bytes zipped = Gzip(Pcap(frames));
  for (size_t size : {zipped.size() - 1, zipped.size() - 9, zipped.size() / 2}) {
    INFO(size);
    const TempFile file(Cut(zipped, size));
    auto walk = CaptureWalk::Open(file.path(), {});
    REQUIRE(walk.ok());
    WalkStep step;
    absl::StatusOr<bool> more = true;
    while (more.ok() && *more) more = (*walk)->Next(&step);
    CHECK(more.ok());
    CHECK((*walk)->gzip_cut_short());
    CHECK((*walk)->records() >= 400 * size / zipped.size() - 100);
  }
}

int64_t FirstTime(const Bytes& file) {
  const TempFile temp(file, ".pcapng");
  auto reader = CaptureReader::Open(temp.path());
  CaptureRecord record;
  REQUIRE(*(*reader)->Next(&record));
  return record.time_ns;
}

TEST_CASE("broken captures: every if_tsresol and if_tsoffset gives a time") {
  const auto time_of = [](uint8_t resolution, uint64_t ticks, int64_t offset = 0) {
    Bytes options = Join({Le16(9), Le16(1), {resolution, 0, 0, 0}, Le16(14), Le16(8)});
    Append(&options, Join({Le32(static_cast<uint32_t>(offset)),
                           Le32(static_cast<uint32_t>(static_cast<uint64_t>(offset) >> 32))}));
    return FirstTime(
        Join({SectionHeader(), InterfaceBlock(1, options), EnhancedPacket(Good(), 0, ticks)}));
  };
  CHECK(time_of(0, 7) == 7'000'000'000);
  CHECK(time_of(6, 7) == 7000);
  CHECK(time_of(9, 7) == 7);
  CHECK(time_of(12, 7500) == 7);
  CHECK(time_of(19, ~uint64_t{0}) == 1'844'674'407);
  CHECK(time_of(127, ~uint64_t{0}) == 0);
  CHECK(time_of(0x80, 7) == 7'000'000'000);
  CHECK(time_of(0x80 | 10, 512) == 500'000'000);
  CHECK(time_of(0x80 | 63, uint64_t{1} << 62) == 500'000'000);
  CHECK(time_of(0x80 | 64, uint64_t{1} << 63) == 500'000'000);
  CHECK(time_of(0x80 | 127, ~uint64_t{0}) == 0);
  CHECK(time_of(6, 7, 100) == 100'000'007'000);
  CHECK(time_of(6, 7, -100) == -99'999'993'000);
  // Beyond what is believed: the last time that is.
  CHECK(time_of(0, ~uint64_t{0}) == kLatestNs);
  CHECK(time_of(6, 0, INT64_MIN) == -kLatestNs);
  CHECK(time_of(6, 0, INT64_MAX) == kLatestNs);
}

TEST_CASE("broken captures: no file is another error than no capture; a folder is neither") {
  CHECK(absl::IsNotFound(WalkAll("/tmp/ddpsim-no-such-file").status));
  const absl::Status folder = WalkAll("/tmp").status;
  CHECK(!folder.ok());
  CHECK(!absl::IsInvalidArgument(folder));
}

}  // namespace
}  // namespace ddpsim

// One real capture in other clothes: other files, other headers, cut off, merged, begun late. What
// the NVMe/TCP streams hold does not change, and so neither does what the host makes of them.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "ddpsim/wire/checksum.h"
#include "models/capture/captured_packet.h"
#include "replay_bench.h"
#include "tests/support/capture_builder.h"

namespace ddpsim {
namespace {

struct Frame {
  int64_t time_ns;
  Bytes bytes;
  uint32_t original_length;
};

std::vector<Frame> FramesOf(const std::string& name) {
  auto reader = CaptureReader::Open(CapturePath(name));
  REQUIRE(reader.ok());
  std::vector<Frame> frames;
  CaptureRecord record;
  for (;;) {
    const absl::StatusOr<bool> more = (*reader)->Next(&record);
    REQUIRE(more.ok());
    if (!*more) return frames;
    frames.push_back(
        {record.time_ns, {record.bytes.begin(), record.bytes.end()}, record.original_length});
  }
}

Bytes PcapOf(const std::vector<Frame>& frames, bool big_endian, bool nanoseconds) {
  const auto u32 = [&](uint32_t v) { return big_endian ? Be32(v) : Le32(v); };
  const auto u16 = [&](uint16_t v) {
    return big_endian ? Bytes{static_cast<uint8_t>(v >> 8), static_cast<uint8_t>(v)} : Le16(v);
  };
  Bytes out = Join({u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4), u16(2), u16(4), u32(0), u32(0),
                    u32(262144), u32(1)});
  for (const Frame& frame : frames) {
    const auto fraction = static_cast<uint32_t>(frame.time_ns % 1'000'000'000);
    Append(&out, Join({u32(static_cast<uint32_t>(frame.time_ns / 1'000'000'000)),
                       u32(nanoseconds ? fraction : fraction / 1000),
                       u32(static_cast<uint32_t>(frame.bytes.size())), u32(frame.original_length),
                       frame.bytes}));
  }
  return out;
}

Bytes PcapngOf(const std::vector<Frame>& frames) {
  const Bytes resolution = Join({Le16(9), Le16(1), {9, 0, 0, 0}, Le32(0)});
  const Bytes statistics = Block(5, Bytes(40, 1));
  const Bytes comment = Join({Le16(1), Le16(3), {'a', 'b', 'c', 0}, Le32(0)});
  Bytes out = Join(
      {SectionHeader(), Block(4, Bytes(100)), InterfaceBlock(101), InterfaceBlock(1, resolution)});
  for (const Frame& frame : frames) {
    Append(&out, EnhancedPacket(frame.bytes, 1, static_cast<uint64_t>(frame.time_ns), comment));
    if (frame.time_ns % 7 == 0) Append(&out, statistics);
  }
  return out;
}

ReplayResult ReplayBytes(const Bytes& bytes,
                         const std::function<void(ReplayOptions*)>& change = {}) {
  const TempFile file(bytes);
  ReplayOptions options = OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc});
  if (change) change(&options);
  const ReplayResult result = Replay(options);
  CheckAccounts(result);
  return result;
}

// The same PDUs, and the same of them placed and verified.
void CheckSame(const ReplayResult& a, const ReplayResult& b) {
  REQUIRE(a.connections.size() == b.connections.size());
  for (size_t i = 0; i < a.connections.size(); ++i) {
    CHECK(a.connections[i].pdus == b.connections[i].pdus);
    CHECK(a.connections[i].header_digests.ok == b.connections[i].header_digests.ok);
    CHECK(a.connections[i].data_digests.ok == b.connections[i].data_digests.ok);
    CHECK(a.connections[i].runs[1].offload.placed_bytes ==
          b.connections[i].runs[1].offload.placed_bytes);
    CHECK(a.connections[i].runs[1].offload.not_placed ==
          b.connections[i].runs[1].offload.not_placed);
    CHECK(a.connections[i].runs[1].offload.pdus_crc_offloaded ==
          b.connections[i].runs[1].offload.pdus_crc_offloaded);
    CHECK(a.connections[i].runs[1].read_bytes == b.connections[i].runs[1].read_bytes);
  }
}

Bytes Tagged(const Bytes& frame) {
  Bytes out = frame;
  out.insert(out.begin() + 12, {0x88, 0xa8, 0x20, 0x05, 0x81, 0x00, 0x00, 0x64});
  return out;
}

// TCP's checksum written anew for the frame's pseudo-header.
void FixTcp(Bytes* frame, size_t l4, size_t addresses, size_t address_bytes) {
  StoreBe16(&(*frame)[l4 + 16], 0);
  const auto length = static_cast<uint32_t>(frame->size() - l4);
  InternetChecksum sum;
  sum.Add(ByteSpan(&(*frame)[addresses], address_bytes), 0);
  sum.AddField32(length);
  sum.AddField16(6);
  sum.Add(ByteSpan(&(*frame)[l4], length), 0);
  StoreBe16(&(*frame)[l4 + 16], sum.Finish());
}

// As IPv6, with a destination options header in between.
Bytes AsIpv6(const Bytes& frame) {
  const uint16_t total = LoadBe16(&frame[16]);
  const Bytes segment(frame.begin() + 34, frame.begin() + 14 + total);
  Bytes out(frame.begin(), frame.begin() + 14);
  out[12] = 0x86;
  out[13] = 0xdd;
  Bytes header(40);
  header[0] = 0x60;
  StoreBe16(&header[4], static_cast<uint16_t>(segment.size() + 8));
  header[6] = 60;
  header[7] = 64;
  header[8] = header[24] = 0xfd;
  std::copy(&frame[26], &frame[30], &header[20]);
  std::copy(&frame[30], &frame[34], &header[36]);
  Append(&out, header);
  Append(&out, {6, 0, 1, 4, 0, 0, 0, 0});
  Append(&out, segment);
  FixTcp(&out, 62, 22, 32);
  return out;
}

TEST_CASE("variations: both byte orders, both resolutions and pcapng are the same capture") {
  const std::vector<Frame> frames = FramesOf("04.pcap.gz");
  const ReplayResult plain = ReplayBytes(PcapOf(frames, false, false));
  CHECK(plain.connections[1].runs[1].offload.placed_bytes > 2'000'000);
  CheckSame(plain, ReplayBytes(PcapOf(frames, true, false)));
  CheckSame(plain, ReplayBytes(PcapOf(frames, false, true)));
  CheckSame(plain, ReplayBytes(PcapOf(frames, true, true)));
  const ReplayResult ng = ReplayBytes(PcapngOf(frames));
  CheckSame(plain, ng);
  CHECK(ng.packets == plain.packets);
}

TEST_CASE("variations: VLAN tags and IPv6 change nothing") {
  std::vector<Frame> frames = FramesOf("04.pcap.gz");
  const ReplayResult plain = ReplayBytes(PcapOf(frames, false, false));
  std::vector<Frame> tagged = frames;
  std::vector<Frame> six = frames;
  for (size_t i = 0; i < frames.size(); ++i) {
    const bool ipv4 = frames[i].bytes[12] == 8 && frames[i].bytes[13] == 0;
    if (!ipv4) continue;
    tagged[i].bytes = Tagged(frames[i].bytes);
    six[i].bytes = AsIpv6(frames[i].bytes);
    tagged[i].original_length = static_cast<uint32_t>(tagged[i].bytes.size());
    six[i].original_length = static_cast<uint32_t>(six[i].bytes.size());
  }
  CheckSame(plain, ReplayBytes(PcapOf(tagged, false, false)));
  const ReplayResult ipv6 = ReplayBytes(PcapOf(six, false, false));
  CheckSame(plain, ipv6);
  CHECK(ipv6.bad_checksums == 0);
  CHECK(ipv6.connections[1].tuple.substr(0, 1) == "[");
  CHECK(ipv6.connections[1].c2h.retransmitted > 0);
}

// Merges runs of full segments as GRO does, into packets of up to 64 KiB.
std::vector<Frame> Merged(const std::vector<Frame>& frames) {
  std::vector<Frame> out;
  CapturedPacket last;
  for (const Frame& frame : frames) {
    CaptureRecord record;
    record.bytes = frame.bytes;
    record.original_length = frame.original_length;
    CapturedPacket packet;
    const bool data = ParsePacket(record, {4420}, &packet) == PacketSkip::kNone &&
                      packet.payload_size > 0 && packet.flow.source_port == 4420;
    const bool follows = data && !out.empty() && last.payload_size > 0 &&
                         packet.flow == last.flow &&
                         packet.tcp.seq == last.tcp.seq + last.payload_size &&
                         packet.tcp.options.ts_val == last.tcp.options.ts_val &&
                         packet.ip_id == static_cast<uint16_t>(last.ip_id + 1) &&
                         last.payload_size == 1448 && out.back().bytes.size() < 60000;
    if (!follows) {
      out.push_back(frame);
    } else {
      Frame& merged = out.back();
      merged.time_ns = frame.time_ns;
      merged.bytes.insert(merged.bytes.end(), packet.payload.begin(), packet.payload.end());
      merged.original_length = static_cast<uint32_t>(merged.bytes.size());
      StoreBe16(&merged.bytes[16], static_cast<uint16_t>(merged.bytes.size() - 14));
      StoreBe16(&merged.bytes[24], 0);
      InternetChecksum sum;
      sum.Add(ByteSpan(&merged.bytes[14], 20), 0);
      StoreBe16(&merged.bytes[24], sum.Finish());
      FixTcp(&merged.bytes, 34, 26, 8);
    }
    last = data ? packet : CapturedPacket();
  }
  return out;
}

TEST_CASE("variations: super-segments of GRO are cut as they were on the wire, and said") {
  const std::vector<Frame> frames = FramesOf("04.pcap.gz");
  const std::vector<Frame> merged = Merged(frames);
  CHECK(merged.size() < frames.size() / 2);
  const ReplayResult plain = ReplayBytes(PcapOf(frames, false, false));
  const ReplayResult cut = ReplayBytes(PcapOf(merged, false, false));
  CheckSame(plain, cut);
  CHECK(cut.connections[1].c2h.super_segments > 100);
  CHECK(cut.connections[1].c2h.lost_before_capture == plain.connections[1].c2h.lost_before_capture);
  REQUIRE(!cut.notes.empty());
}

TEST_CASE("variations: checksums that a device was to fill in are recognised, and said") {
  std::vector<Frame> frames = FramesOf("04.pcap.gz");
  const ReplayResult plain = ReplayBytes(PcapOf(frames, false, false));
  int changed = 0;
  for (Frame& frame : frames) {
    const bool from_host = frame.bytes[13] == 0 && frame.bytes[29] == 2 && frame.bytes[23] == 6;
    if (!from_host) continue;
    ++changed;
    InternetChecksum sum;
    sum.Add(ByteSpan(&frame.bytes[26], 8), 0);
    sum.AddField16(static_cast<uint16_t>(LoadBe16(&frame.bytes[16]) - 20));
    sum.AddField16(6);
    StoreBe16(&frame.bytes[50], static_cast<uint16_t>(~sum.Finish()));
  }
  const ReplayResult offloaded = ReplayBytes(PcapOf(frames, false, false));
  CheckSame(plain, offloaded);
  CHECK(offloaded.bad_checksums == 0);
  CHECK(offloaded.connections[0].h2c.offloaded_checksums +
            offloaded.connections[1].h2c.offloaded_checksums ==
        changed);
  REQUIRE(!offloaded.notes.empty());
}

TEST_CASE("variations: a capture that begins anywhere finds PDUs, digests and roles by itself") {
  for (const char* name : {"04.pcap.gz", "05.pcap.gz", "08b.pcap.gz", "10.pcap.gz", "06.pcap.gz"}) {
    const std::vector<Frame> frames = FramesOf(name);
    for (size_t start : {size_t{5}, size_t{150}, size_t{333}, size_t{777}, size_t{1500}}) {
      INFO(name << " from " << start);
      std::vector<Frame> late(frames.begin() + static_cast<long>(start), frames.end());
      const ReplayResult result = ReplayBytes(PcapOf(late, false, false));
      const auto busiest = std::max_element(
          result.connections.begin(), result.connections.end(),
          [](const auto& a, const auto& b) { return a.c2h.packets < b.c2h.packets; });
      const ReplayConnectionResult& io = *busiest;
      CHECK(io.role == "io");
      CHECK(io.data_digest);
      CHECK(io.header_digest == (std::string(name) != "05.pcap.gz"));
      CHECK(io.runs[1].offload.payload_bytes > 100'000);
      CHECK(io.header_digests.bad == 0);
      CHECK(io.data_digests.bad == 0);
    }
  }
}

TEST_CASE("variations: a capture that ends anywhere ends in mid-PDU, and that is no error") {
  const std::vector<Frame> frames = FramesOf("04.pcap.gz");
  for (size_t end : {size_t{130}, size_t{500}, size_t{501}, size_t{1203}}) {
    INFO(end);
    const std::vector<Frame> early(frames.begin(), frames.begin() + static_cast<long>(end));
    const ReplayResult result = ReplayBytes(PcapOf(early, false, false));
    CHECK(result.connections[1].unfinished_commands > 0);
  }
}

TEST_CASE("variations: packets cut by the snapshot length are counted and never guessed") {
  std::vector<Frame> frames = FramesOf("04.pcap.gz");
  int cut = 0;
  for (size_t i = 0; i < frames.size(); ++i) {
    if (i % 50 != 0 || frames[i].bytes.size() < 1000) continue;
    frames[i].bytes.resize(200);
    ++cut;
  }
  REQUIRE(cut > 10);
  ReplayResult result = ReplayBytes(PcapOf(frames, false, false));
  CHECK(result.skipped["cut_by_snaplen"] == cut);
  CHECK(result.connections[1].runs[1].joins > 0);
  CHECK(result.connections[1].c2h.missing_bytes > 1000);
}

TEST_CASE("variations: a header whose digest is wrong ends the host's part, not the count") {
  std::vector<Frame> frames = FramesOf("04.pcap.gz");
  const ReplayResult plain = ReplayBytes(PcapOf(frames, false, false));
  int from_target = 0;
  for (Frame& frame : frames) {
    CaptureRecord record;
    record.bytes = frame.bytes;
    record.original_length = frame.original_length;
    CapturedPacket packet;
    if (ParsePacket(record, {4420}, &packet) != PacketSkip::kNone || packet.payload_size < 24)
      continue;
    // A C2HData header at the start of a segment of the I/O queue: its DATAO is altered.
    if (packet.payload[0] != 7 || packet.payload[2] != 24 || ++from_target != 10) continue;
    const size_t at = static_cast<size_t>(packet.payload.data() - frame.bytes.data());
    frame.bytes[at + 12] ^= 0x40;
    FixTcp(&frame.bytes, 34, 26, 8);
  }
  REQUIRE(from_target >= 10);
  const ReplayResult result = ReplayBytes(PcapOf(frames, false, false));
  CHECK(result.connections[1].pdus == plain.connections[1].pdus);
  CHECK(result.connections[1].header_digests.bad == 1);
  CHECK(result.connections[1].header_digests.ok == plain.connections[1].header_digests.ok - 1);
  REQUIRE(result.connections[1].runs[1].teardown.has_value());
  CHECK(result.connections[1].runs[1].teardown->bytes_after > 100'000);
  CHECK(result.connections[1].runs[1].offload.payload_bytes <
        plain.connections[1].runs[1].offload.payload_bytes);
}

TEST_CASE("variations: another port, two hosts with one port, and no such port") {
  std::vector<Frame> frames = FramesOf("04.pcap.gz");
  const TempFile file(PcapOf(frames, false, false));
  ReplayOptions options = OptionsFor(file.path(), {Mode::kDdpCrc});
  options.ports = {4421};
  CHECK(absl::IsInvalidArgument(ReplayCapture(options).status()));
  // A second host with the same ports, its packets between those of the first.
  std::vector<Frame> two;
  for (const Frame& frame : frames) {
    two.push_back(frame);
    if (frame.bytes[12] != 8 || frame.bytes[23] != 6) continue;
    Frame other = frame;
    const bool from_host = other.bytes[29] == 2;
    other.bytes[from_host ? 29 : 33] = 77;
    const uint16_t total = LoadBe16(&other.bytes[16]);
    other.bytes.resize(14u + total);
    other.original_length = 14u + total;
    StoreBe16(&other.bytes[24], 0);
    InternetChecksum sum;
    sum.Add(ByteSpan(&other.bytes[14], 20), 0);
    StoreBe16(&other.bytes[24], sum.Finish());
    FixTcp(&other.bytes, 34, 26, 8);
    two.push_back(other);
  }
  const ReplayResult result = ReplayBytes(PcapOf(two, false, false));
  REQUIRE(result.connections.size() == 4);
  CHECK(result.connections[2].runs[1].offload.placed_bytes ==
        result.connections[3].runs[1].offload.placed_bytes);
}

}  // namespace
}  // namespace ddpsim

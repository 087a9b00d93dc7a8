// Captures as they come: mirrored twice, encapsulated, encrypted, without checksums, with times
// that jump, cut short. What can be read is played, the rest is said.
#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "replay_bench.h"
#include "sim/result/replay_json.h"
#include "tests/support/capture_builder.h"

namespace ddpsim {
namespace {

std::string CasePath(const std::string& name) {
  return std::string(DDPSIM_TEST_DATA) + "/cases/" + name + ".pcap.gz";
}

ReplayResult ReplayCase(const std::string& name) {
  return Replay(OptionsFor(CasePath(name), {Mode::kSoftware, Mode::kDdpCrc}));
}

bool HasNote(const ReplayResult& result, const std::string& words) {
  UNSCOPED_INFO(absl::StrJoin(result.notes, "\n"));
  for (const std::string& note : result.notes) {
    if (absl::StrContains(note, words)) return true;
  }
  return false;
}

std::string ErrorOf(const Bytes& file, std::vector<uint16_t> ports = {4420}) {
  const TempFile temp(file);
  ReplayOptions options = OptionsFor(temp.path(), {Mode::kDdpCrc});
  options.ports = std::move(ports);
  const auto result = ReplayCapture(options);
  REQUIRE(absl::IsInvalidArgument(result.status()));
  return std::string(result.status().message());
}

void CheckNothingMoved(const ReplayResult& result, const std::string& why) {
  CHECK(!result.passed());
  CHECK(HasNote(result, "no data was moved: "));
  CHECK(HasNote(result, why));
  for (const ReplayRun& run : result.runs) CHECK(run.verification.verdict == "fail");
  CHECK(ReplayJson(result, {})["verification"]["verdict"] == "fail");
}

TEST_CASE("input: records that a span port mirrored twice are dropped, and said") {
  ReplayResult result = ReplayCase("span-duplicates");
  CheckAccounts(result);
  CHECK(result.skipped["duplicate_copy"] == 256);
  CHECK(HasNote(result, "256 records are duplicate copies"));
  CHECK(result.connections[0].c2h.retransmitted == 0);
  CHECK(result.connections[0].c2h.reordered == 0);
  CHECK(result.connections[0].runs[1].offload.placed_fraction == 1);
  CHECK(result.passed());
}

TEST_CASE("input: the host's own frames are believed without their checksums") {
  const ReplayResult result = ReplayCase("host-tx-checksum-zero");
  CheckAccounts(result);
  CHECK(result.connections[0].role == "io");
  CHECK(result.connections[0].runs[1].reads == 5);
  CHECK(HasNote(result, "of the host have wrong checksums: believed"));
  CHECK(result.passed());
}

TEST_CASE("input: where all of the target's checksums are wrong, that is the reason given") {
  CheckNothingMoved(ReplayCase("supersegments-bad-checksum"), "wrong checksums");
}

TEST_CASE("input: a cooked capture is played as an Ethernet one") {
  const ReplayResult result = ReplayCase("linux-cooked");
  CheckAccounts(result);
  CHECK(result.connections[0].runs[1].reads == 5);
  CHECK(result.connections[0].runs[1].offload.placed_fraction == 1);
  CHECK(result.passed());
}

TEST_CASE("input: TLS is named, and moves nothing") { CheckNothingMoved(ReplayCase("tls"), "TLS"); }

TEST_CASE("input: a record 120 days off is played, and said") {
  const ReplayResult result = ReplayCase("120-days");
  CheckAccounts(result);
  CHECK(HasNote(result, "1 silence of more than an hour"));
  CHECK(HasNote(result, "earlier times than one before them"));
  CHECK(result.connections[1].runs[1].reads == 7);
}

TEST_CASE("input: a discovery queue that is joined is an admin queue") {
  ReplayOptions options = OptionsFor(CasePath("discovery-joined"), {Mode::kDdpCrc});
  options.ports = {8009};
  const ReplayResult result = Replay(options);
  CheckAccounts(result);
  CHECK(result.connections[0].role == "admin");
  CHECK(result.connections[0].read_commands == 0);
}

TEST_CASE("input: several ports are played at once") {
  const Bytes a = MakeFrame({true, 1, 0, kTcpSyn, 1, {}, 1460});
  Bytes b = a;
  StoreBe16(&b[36], 8009);
  const std::string error = ErrorOf(Pcap({a, b}), {4421, 22});
  CHECK(absl::StrContains(error, "port 4421, 22"));
  CHECK(absl::StrContains(error, "TCP ports there: 4420 (1 packet), 8009 (1 packet)"));
  const TempFile file(Pcap({a, b}));
  ReplayOptions options = OptionsFor(file.path(), {Mode::kSoftware});
  options.ports = {4420, 8009};
  CHECK(Replay(options).connections.size() == 2);
}

TEST_CASE("input: a capture without a connection says what it holds instead") {
  CHECK(absl::StrContains(ErrorOf(PcapHeader()), "the capture holds no record"));
  const Bytes wifi = Join({PcapHeader(0xa1b2c3d4, 105), PcapRecord(Bytes(80))});
  CHECK(absl::StrContains(ErrorOf(wifi), "1 of link type IEEE802_11, which cannot be read"));
  Bytes bad = MakeFrame({false, 1, 0, kTcpAck, 1, Bytes(50)});
  bad[60] ^= 1;
  CHECK(absl::StrContains(ErrorOf(Pcap({bad, bad})), "wrong checksums"));
}

Bytes FileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

TEST_CASE("input: zipped data that ends too early is played to where it ends, and said") {
  Bytes bytes = FileBytes(CapturePath("01.pcap.gz"));
  bytes.resize(bytes.size() / 2);
  const TempFile file(bytes, ".pcap.gz");
  const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc}));
  CheckAccounts(result);
  CHECK(HasNote(result, "the gzip data ends before its end mark"));
  CHECK(result.connections[1].runs[1].reads > 20);
  CHECK(result.passed());
}

TEST_CASE("input: nothing in it that moves data is a failure with a reason") {
  const TempFile file(Pcap({MakeFrame({true, 999, 0, kTcpSyn, 1, {}, 1460}),
                            MakeFrame({false, 499, 1000, kTcpSyn | kTcpAck, 1, {}, 1460}),
                            MakeFrame({true, 1000, 500, kTcpAck, 2, {}})}));
  CheckNothingMoved(Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc})),
                    "no NVMe/TCP PDU was found");
}

TEST_CASE("input: segments without ACK, and a FIN without one, are discarded as Linux does") {
  for (const char* name : {"no-ack-flag", "fin-in-mid-stream"}) {
    INFO(name);
    const ReplayResult result = ReplayCase(name);
    CheckAccounts(result);
    CHECK(HasNote(result, "2896 stream bytes are not in the capture"));
    CHECK(result.connections[1].runs[1].reads > 10);
  }
}

// A connection of one read of 4 KiB in 1000-byte segments, with what `extra` adds behind the third.
Bytes OneRead(const std::vector<FrameSpec>& extra) {
  CapsuleCmdRepr command;
  command.sqe.opcode = kNvmeCmdRead;
  command.sqe.flags = kSqeFlagSgl;
  command.sqe.nsid = 1;
  command.sqe.cdw12 = 7;
  command.sqe.sgl.length = 4096;
  command.sqe.sgl.type = kSglTransportDataBlock;
  Bytes capsule(kMaxPduHeader);
  capsule.resize(EmitCapsuleCmd(command, PduFraming(), capsule.data()));
  C2HDataRepr data;
  data.datal = 4096;
  data.last = data.success = true;
  Bytes stream(kMaxPduHeader);
  stream.resize(EmitC2HData(data, PduFraming(), stream.data()));
  Append(&stream, Bytes(4096, 7));
  Bytes file = PcapHeader();
  uint32_t at = 0;
  const auto add = [&](const FrameSpec& spec) {
    Append(&file, PcapRecord(MakeFrame(spec), 1, at += 100));
  };
  add({true, 1000, 500, kTcpAck, 1, capsule});
  uint16_t id = 1;
  for (size_t from = 0; from < stream.size(); from += 1000) {
    const size_t to = std::min(stream.size(), from + 1000);
    add({false, 500 + static_cast<uint32_t>(from), 1072, kTcpAck, id++,
         Bytes(stream.begin() + static_cast<long>(from), stream.begin() + static_cast<long>(to))});
    if (from != 2000) continue;
    for (const FrameSpec& spec : extra) add(spec);
  }
  add({true, 1072, 500 + static_cast<uint32_t>(stream.size()), kTcpAck, 2, {}});
  return file;
}

ReplayConnectionRun ReplayOneRead(const std::vector<FrameSpec>& extra) {
  const TempFile file(OneRead(extra));
  const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc}));
  CheckAccounts(result);
  REQUIRE(result.connections.size() == 1);
  return result.connections[0].runs[1];
}

TEST_CASE("input: what Linux's socket ignores in mid-stream changes nothing") {
  const ReplayConnectionRun plain = ReplayOneRead({});
  CHECK(plain.reads == 1);
  const Bytes junk(500, 0xee);
  const std::vector<FrameSpec> ignored = {
      {false, 3500, 1072, 0, 90, junk},                  // no ACK flag
      {false, 3500, 1072, kTcpFin, 90, junk},            // nor here
      {false, 3500, 1072, kTcpSyn | kTcpAck, 90, junk},  // challenged
      {false, 3600, 1072, kTcpRst, 90, {}},              // in the window, not exact: challenged
      {false, 3499, 1072, kTcpAck, 90, Bytes(1, 0)},     // a window probe with a byte of its own
      {false, 3499, 1072, kTcpAck, 90, {}},              // a keep-alive
      {false, 500, 1072, kTcpAck, 90, junk},             // old, with other bytes
      {false, 3500, 1072, kTcpAck, 90, {}},              // nothing at all
      {true, 777777, 0, kTcpSyn, 90, {}, 1460},          // a SYN that the target does not answer
  };
  for (const FrameSpec& spec : ignored) {
    INFO("flags " << int{spec.flags} << " seq " << spec.seq);
    const ReplayConnectionRun run = ReplayOneRead({spec});
    CHECK(run.reads == 1);
    CHECK(run.offload.payload_bytes == plain.offload.payload_bytes);
  }
}

TEST_CASE("input: urgent data is said where it is new, and read as any other") {
  const Bytes next(100, 7);  // the stream's own
  const TempFile file(OneRead({{false, 2500, 1072, kTcpAck | kTcpUrg, 90, next},
                               {false, 3500, 1072, kTcpAck | kTcpUrg, 91, next}}));
  const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc}));
  CheckAccounts(result);
  CHECK(HasNote(result, "1 segment to the host with urgent data"));
  CHECK(result.connections[0].runs[1].reads == 1);
  CHECK(result.passed());
}

TEST_CASE("input: a FIN, an exact RST and the host's RST end the stream where they stand") {
  const std::vector<FrameSpec> ends = {{false, 3500, 1072, kTcpFin | kTcpAck, 90, {}},
                                       {false, 3500, 1072, kTcpRst | kTcpAck, 90, {}},
                                       {true, 1072, 3500, kTcpRst | kTcpAck, 90, {}}};
  for (const FrameSpec& spec : ends) {
    INFO("flags " << int{spec.flags});
    const TempFile file(OneRead({spec}));
    const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc}));
    REQUIRE(result.connections.size() == 1);
    CHECK(result.connections[0].runs[1].reads == 0);
  }
}

TEST_CASE("input: the same ports used again, without an end on record, are another connection") {
  std::vector<FrameSpec> again = {{true, 70000, 0, kTcpSyn, 90, {}, 1460},
                                  {false, 80000, 70001, kTcpSyn | kTcpAck, 0, {}, 1460},
                                  {true, 70001, 80001, kTcpAck, 91, {}}};
  const TempFile file(OneRead(again));
  const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware}));
  REQUIRE(result.connections.size() == 2);
  CHECK(!result.connections[0].from_start);
  CHECK(result.connections[1].from_start);
}

TEST_CASE("input: what a NIC holds back for longer than a drain takes is waited for") {
  ReplayOptions options = OptionsFor(CapturePath("02b.pcap.gz"), {Mode::kSoftware, Mode::kDdpCrc});
  options.scenario.host.nic.rx_usecs = 16'383;
  CheckAccounts(Replay(options));
}

TEST_CASE("input: without the host's packets nobody knows what data is for, and that is said") {
  Bytes file = PcapHeader();
  uint16_t id = 1;
  for (uint32_t seq = 500; seq < 50'000; seq += 1000)
    Append(&file, PcapRecord(MakeFrame({false, seq, 1072, kTcpAck, id++, Bytes(1000, 7)}), 1, seq));
  C2HDataRepr data;
  data.datal = 976;
  Bytes pdu(kMaxPduHeader);
  pdu.resize(EmitC2HData(data, PduFraming(), pdu.data()));
  pdu.resize(1000);
  for (uint32_t seq = 50'500; seq < 60'000; seq += 1000)
    Append(&file, PcapRecord(MakeFrame({false, seq, 1072, kTcpAck, id++, pdu}), 1, seq));
  const TempFile temp(file);
  CheckNothingMoved(Replay(OptionsFor(temp.path(), {Mode::kSoftware, Mode::kDdpCrc})), "");
}

TEST_CASE(
    "input: identification numbers that do not count this connection's packets are not used") {
  const auto wire_with = [](const std::function<uint16_t(int)>& id_of) {
    Bytes file = PcapHeader();
    for (int i = 0; i < 200; ++i) {
      const FrameSpec spec = {
          false, 500 + static_cast<uint32_t>(i) * 100, 1072, kTcpAck, id_of(i), Bytes(100)};
      Append(&file, PcapRecord(MakeFrame(spec), 1, static_cast<uint32_t>(i)));
    }
    const TempFile temp(file);
    return Replay(OptionsFor(temp.path(), {Mode::kSoftware})).connections[0].c2h;
  };
  CHECK(wire_with([](int i) { return static_cast<uint16_t>(i + 7); }).by_ip_ids);
  const std::function<uint16_t(int)> others[] = {
      [](int i) { return static_cast<uint16_t>(40503 * (i + 1)); },    // scattered
      [](int i) { return static_cast<uint16_t>((i + 1) * 9); },        // of all connections
      [](int i) { return static_cast<uint16_t>((i + 1) << 8 | 1); }};  // bytes swapped
  for (const auto& id_of : others) {
    const ReplayWire wire = wire_with(id_of);
    CHECK_FALSE(wire.by_ip_ids);
    CHECK(wire.lost_before_capture == 0);
    CHECK(wire.reordered == 0);
    CHECK(wire.retransmitted == 0);
  }
}

TEST_CASE("input: a path wider than the model's widest is said") {
  const TempFile file(Pcap({MakeFrame({true, 999, 0, kTcpSyn, 1, {}, 8961}),
                            MakeFrame({false, 499, 1000, kTcpSyn | kTcpAck, 1, {}, 8961})}));
  const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware}));
  CHECK(HasNote(result, "the path takes packets of 9001 bytes, the model at most 9000"));
}

TEST_CASE("input: the MTU is what both ends' SYNs allow") {
  const TempFile file(Pcap({MakeFrame({true, 999, 0, kTcpSyn, 1, {}, 8960}),
                            MakeFrame({false, 499, 1000, kTcpSyn | kTcpAck, 1, {}, 1460})}));
  CHECK(Replay(OptionsFor(file.path(), {Mode::kSoftware})).mtu == 1500);
}

TEST_CASE("input: without SYNs packets of several usual ones are GRO's, others the path's") {
  const auto replay = [](const std::vector<uint32_t>& sizes) {
    std::vector<Bytes> frames;
    uint32_t seq = 500;
    for (uint32_t size : sizes) {
      frames.push_back(MakeFrame({false, seq, 1000, kTcpAck, 1, Bytes(size)}));
      seq += size;
    }
    const TempFile file(Pcap(frames));
    return Replay(OptionsFor(file.path(), {Mode::kSoftware}));
  };
  for (const auto& merged : {std::vector<uint32_t>{1460, 4380, 2000, 2920, 5840, 1460},
                             std::vector<uint32_t>{1460, 8240, 10000}}) {
    const ReplayResult result = replay(merged);
    CHECK(result.mtu == 1500);
    CHECK(HasNote(result, "super-segments of GRO"));
  }
  const ReplayResult jumbo = replay({1460, 1460, 2920, 4120, 8240});
  CHECK(jumbo.mtu == 8240 + 52);
  CHECK_FALSE(HasNote(jumbo, "super-segments"));
}

TEST_CASE("input: the upper half of a pcap's link type is none of its business") {
  const Bytes frame = MakeFrame({false, 1, 0, kTcpAck, 1, Bytes(50)});
  const TempFile file(Join({PcapHeader(0xa1b2c3d4, 0x44000001), PcapRecord(frame)}));
  CHECK(Replay(OptionsFor(file.path(), {Mode::kSoftware})).connections.size() == 1);
}

// One packet on two interfaces: on the second a VLAN tag, and a router has taken one from its TTL.
TEST_CASE("input: what two interfaces saw is played once; what was sent twice is not dropped") {
  Bytes file = Join({SectionHeader(), InterfaceBlock(), InterfaceBlock()});
  uint64_t at = 1'000'000;
  uint16_t id = 1;
  const auto seen = [&](const FrameSpec& spec) {
    const Bytes frame = MakeFrame(spec);
    Bytes other = frame;
    --other[22];
    StoreBe16(&other[24], static_cast<uint16_t>(LoadBe16(&other[24]) + 0x100));
    other.insert(other.begin() + 12, {0x81, 0, 0, 7});
    Append(&file, EnhancedPacket(frame, 0, at));
    Append(&file, EnhancedPacket(other, 1, at + 40));
    at += 100;
  };
  seen({true, 999, 0, kTcpSyn, id++, {}, 1460});
  seen({false, 499, 1000, kTcpSyn | kTcpAck, id++, {}, 1460});
  for (uint32_t i = 0; i < 10; ++i) seen({false, 500 + i * 100, 1000, kTcpAck, id++, Bytes(100)});
  seen({false, 600, 1000, kTcpAck, id++, Bytes(100)});
  const TempFile temp(file, ".pcapng");
  ReplayResult result = Replay(OptionsFor(temp.path(), {Mode::kSoftware}));
  CHECK(result.skipped["duplicate_copy"] == 13);
  CHECK(result.bad_checksums == 0);
  CHECK(result.connections[0].c2h.packets == 12);
  CHECK(result.connections[0].c2h.retransmitted == 1);
}

}  // namespace
}  // namespace ddpsim

// Small PDUs around a gap: a stream is entered at a PDU that ends within the packet it begins in.
#include <algorithm>
#include <cstring>
#include <vector>

#include "ddpsim/wire/crc32c.h"
#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "replay_bench.h"
#include "tests/support/nvme_capture.h"

namespace ddpsim {
namespace {

Bytes Command(uint16_t cid, uint8_t opcode, uint32_t length) {
  CapsuleCmdRepr repr;
  repr.sqe.opcode = opcode;
  repr.sqe.flags = kSqeFlagSgl;
  repr.sqe.command_id = cid;
  repr.sqe.sgl.length = length;
  repr.sqe.sgl.type = kSglTransportDataBlock;
  Bytes out(kMaxPduHeader);
  out.resize(EmitCapsuleCmd(repr, PduFraming(), out.data()));
  return out;
}

Bytes DataAndResponse(uint16_t cid, uint32_t length, uint8_t fill, bool data_digest) {
  PduFraming framing;
  framing.data_digest = data_digest;
  C2HDataRepr data;
  data.cccid = cid;
  data.datal = length;
  data.last = true;
  Bytes out(kMaxPduHeader);
  out.resize(EmitC2HData(data, framing, out.data()));
  const Bytes content(length, fill);
  Append(&out, content);
  if (data_digest) Append(&out, Le32(Crc32c(0, ByteSpan(content.data(), content.size()))));
  CapsuleRespRepr resp;
  resp.cqe.command_id = cid;
  Bytes tail(kMaxPduHeader);
  tail.resize(EmitCapsuleResp(resp, framing, tail.data()));
  Append(&out, tail);
  return out;
}

struct Read {
  uint32_t length = 512;
  bool command_missing = false;
  bool answer_missing = false;
};

// A connection in mid-stream: reads with identifiers 0 to 3 in turn, one packet each way.
class SmallReadsCapture {
 public:
  explicit SmallReadsCapture(bool data_digest = false) : data_digest_(data_digest) {}

  void Add(const Read& read) {
    const auto cid = static_cast<uint16_t>(count_ % 4);
    Packet(true, Command(cid, kNvmeCmdRead, read.length), read.command_missing);
    Packet(false, DataAndResponse(cid, read.length, static_cast<uint8_t>(count_ + 1), data_digest_),
           read.answer_missing);
    ++count_;
  }
  void AddConnect() {
    FabricsConnectSqe connect;
    connect.qid = 1;
    connect.sqsize = 127;
    CapsuleCmdRepr capsule;
    std::memcpy(static_cast<void*>(&capsule.sqe), &connect, sizeof(connect));
    Bytes command(kMaxPduHeader);
    command.resize(EmitCapsuleCmd(capsule, PduFraming(), command.data()));
    Packet(true, command, false);
    Bytes answer(kMaxPduHeader);
    answer.resize(EmitCapsuleResp(CapsuleRespRepr(), PduFraming(), answer.data()));
    Packet(false, answer, false);
  }
  const Bytes& file() const { return file_; }

 private:
  void Packet(bool from_host, const Bytes& payload, bool missing) {
    uint32_t& seq = from_host ? host_ : target_;
    const uint32_t ack = from_host ? target_ : host_;
    if (!missing) {
      Append(&file_, PcapRecord(MakeFrame({from_host, seq, ack, kTcpAck | kTcpPsh,
                                           static_cast<uint16_t>(count_ + 1), payload}),
                                1, at_us_));
    }
    seq += static_cast<uint32_t>(payload.size());
    at_us_ += 500;
  }

  Bytes file_ = PcapHeader();
  bool data_digest_;
  int count_ = 0;
  uint32_t host_ = 5000;
  uint32_t target_ = 9000;
  uint32_t at_us_ = 0;
};

// `reads` reads of 512 bytes; packets `missing` of the target are left out.
Bytes SmallReads(int reads, const std::vector<int>& missing) {
  SmallReadsCapture capture;
  for (int i = 0; i < reads; ++i) {
    Read read;
    read.answer_missing = std::find(missing.begin(), missing.end(), i) != missing.end();
    capture.Add(read);
  }
  return capture.file();
}

TEST_CASE("joining: dense small PDUs in mid-stream, without any digest, are found at once") {
  const TempFile file(SmallReads(40, {}));
  ReplayOptions options = OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc});
  options.scenario.host.nic.offload.io_threshold = 512;
  const ReplayResult result = Replay(options);
  CheckAccounts(result);
  REQUIRE(result.connections.size() == 1);
  const ReplayConnectionResult& io = result.connections[0];
  CHECK(io.role == "io");
  CHECK(io.pdus.at("C2HData") == 40);
  CHECK(io.pdus.at("CapsuleResp") == 40);
  CHECK(io.runs[1].joins == 1);
  CHECK(io.runs[1].reads >= 35);
  CHECK(io.runs[1].offload.placed_bytes > 0);
}

TEST_CASE("joining: behind stream bytes that the capture lacks the host goes on at the next PDU") {
  const TempFile file(SmallReads(60, {20, 40}));
  const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc}));
  CheckAccounts(result);
  const ReplayConnectionResult& io = result.connections[0];
  CHECK(io.c2h.missing_bytes == 2 * 560);
  CHECK(io.pdus.at("C2HData") == 58);
  CHECK(io.runs[1].joins == 3);
  CHECK(io.runs[1].reads >= 50);
  CHECK(io.runs[1].failed >= 2);
}

TEST_CASE("joining: a queue that meets its Connect in mid-stream is offloaded once") {
  SmallReadsCapture capture;
  capture.AddConnect();
  for (int i = 0; i < 20; ++i) capture.Add({});
  const TempFile file(capture.file());
  const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc}));
  CheckAccounts(result);
  CHECK(result.connections[0].role == "io");
  CHECK(result.connections[0].runs[1].reads >= 18);
}

TEST_CASE("joining: a queue whose Connect is not on record is offloaded from its first read on") {
  NvmeCaptureOptions options;
  options.connect_missing = true;
  NvmeCapture capture(options);
  for (uint16_t cid = 1; cid <= 8; ++cid) capture.Read(cid, 32768);
  const TempFile file(capture.file());
  const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc}));
  CheckAccounts(result);
  const OffloadResult& offload = result.connections[0].runs[1].offload;
  CHECK(offload.payload_bytes == 8 * 32768);
  CHECK(offload.placed_bytes >= 7 * 32768);
}

TEST_CASE("joining: an identifier whose answer and next command are missing is not mistaken") {
  SmallReadsCapture capture(true);
  for (int i = 0; i < 40; ++i) {
    Read read;
    read.length = i == 14 ? 1024 : 2048;
    read.answer_missing = i == 10;
    read.command_missing = i == 14;
    capture.Add(read);
  }
  const TempFile file(capture.file());
  const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc}));
  CheckAccounts(result);
  const ReplayConnectionResult& io = result.connections[0];
  CHECK(io.data_digests.ok == 39);
  CHECK(io.runs[1].reads >= 35);
  CHECK(io.runs[1].joins == 2);
}

TEST_CASE("joining: what was sent before a queue joins does not come up behind what it reads") {
  ReplayOptions options =
      OptionsFor(std::string(DDPSIM_TEST_DATA) + "/cases/overlap-other-bytes.pcap.gz",
                 {Mode::kSoftware, Mode::kCrc, Mode::kDdp, Mode::kDdpCrc, Mode::kSkip});
  options.speed = 0;
  const ReplayResult result = Replay(options);
  CheckAccounts(result);
  REQUIRE(result.connections.size() == 2);  // each of a core and a ring of its own
  for (const ReplayConnectionRun& run : result.connections[1].runs) CHECK(run.reads > 10);
}

TEST_CASE("joining: a stray segment far ahead does not keep the host from going on behind a gap") {
  for (const int32_t ahead : {1 << 20, 1 << 26}) {
    NvmeCapture capture;
    capture.Read(1, 16384);
    capture.Beside(ahead, Bytes(500, 0xee));
    capture.Miss(3000);
    for (uint16_t cid = 2; cid < 6; ++cid) capture.Read(cid, 16384);
    const TempFile file(capture.file());
    const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc}));
    CheckAccounts(result);
    for (const ReplayConnectionRun& run : result.connections[0].runs) {
      CHECK(run.joins == 1);
      CHECK(run.reads >= 3);
    }
  }
}

TEST_CASE("joining: what came for these ports before their SYN is not the connection's") {
  NvmeCapture capture;
  capture.Read(1, 16384);
  capture.Read(2, 16384);
  FrameSpec early;
  early.seq = 9001 + 128 + 24 + 24 + 3000;  // within the first read's data
  early.ack = 1;
  early.payload = Bytes(1000, 0xee);
  Bytes whole = Join({PcapHeader(), PcapRecord(MakeFrame(early))});
  whole.insert(whole.end(), capture.file().begin() + static_cast<long>(PcapHeader().size()),
               capture.file().end());
  const TempFile file(whole);
  for (const double speed : {0.0, 1.0}) {
    ReplayOptions options = OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc});
    options.speed = speed;
    const ReplayResult result = Replay(options);
    CheckAccounts(result);
    REQUIRE(result.connections.size() == 2);
    for (const ReplayConnectionRun& run : result.connections[1].runs) CHECK(run.reads == 2);
  }
}

TEST_CASE("joining: not at a PDU whose lengths contradict each other") {
  NvmeCapture whole;
  const size_t begin = whole.file().size();
  whole.Command(1, kNvmeCmdRead, 4096);
  Bytes odd = whole.DataPdu(9, 4096, 4096);
  StoreLe32(&odd[4], 200000);  // PLEN
  whole.Send(false, odd);
  whole.Data(1, 0, 4096);
  Bytes late = PcapHeader();
  late.insert(late.end(), whole.file().begin() + static_cast<long>(begin), whole.file().end());
  const TempFile file(late);
  const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kCrc}));
  for (const ReplayRun& run : result.runs) {
    for (const Violation& violation : run.verification.violations)
      CHECK(violation.detail.find("the capture does not have") == std::string::npos);
  }
}

// The host uses the identifier again and acknowledges what the capture holds only behind that.
TEST_CASE("joining: a command that is given up in the midst of its PDU ends behind it") {
  NvmeCapture capture;
  capture.Command(1, kNvmeCmdRead, 16384);
  const Bytes pdu = capture.DataPdu(1, 0, 16384);
  const auto middle = pdu.begin() + 4344;
  const auto rest = static_cast<uint32_t>(pdu.end() - middle);
  capture.Send(false, Bytes(pdu.begin(), middle));
  capture.Miss(rest);
  capture.Command(1, kNvmeCmdRead, 16384);
  capture.Miss(0 - rest);
  capture.Send(false, Bytes(middle, pdu.end()));
  capture.Response(1);
  capture.Read(2, 16384);
  const TempFile file(capture.file());
  const ReplayResult result = Replay(OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdpCrc}));
  CheckAccounts(result);
  for (const ReplayConnectionRun& run : result.connections[0].runs)
    CHECK(run.offload.payload_bytes >= 16384);
}

}  // namespace
}  // namespace ddpsim

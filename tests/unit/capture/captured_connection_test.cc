#include "models/capture/captured_connection.h"

#include <catch2/catch.hpp>

#include "ddpsim/wire/nvme_identify.h"
#include "models/capture/capture_walk.h"
#include "tests/support/capture_builder.h"

namespace ddpsim {
namespace {

// A conversation of one connection from its SYN on, without digests, packet by packet.
class Conversation {
 public:
  Conversation() {
    frames_.push_back(MakeFrame({true, 99, 0, kTcpSyn, 1, {}, 8960}));
    frames_.push_back(MakeFrame({false, 999, 100, kTcpSyn | kTcpAck, 1, {}, 1460}));
    Bytes pdu(kMaxPduHeader);
    EmitIcReq(IcReqRepr(), pdu.data());
    pdu.resize(128);
    FromHost(pdu);
    EmitIcResp(IcRespRepr(), pdu.data());
    FromTarget(pdu);
  }
  void FromHost(const Bytes& payload) {
    frames_.push_back(MakeFrame({true, host_, target_, kTcpAck, ++id_, payload}));
    host_ += static_cast<uint32_t>(payload.size());
  }
  void FromTarget(const Bytes& payload) {
    frames_.push_back(MakeFrame({false, target_, host_, kTcpAck, ++id_, payload}));
    target_ += static_cast<uint32_t>(payload.size());
  }
  void Command(const NvmeSqe& sqe, const Bytes& data = {}) {
    Bytes pdu(256);
    pdu.resize(EmitCapsuleCmd({sqe, static_cast<uint32_t>(data.size())}, {}, pdu.data()));
    FromHost(Join({pdu, data}));
  }
  void Read(uint16_t cid, uint32_t length) { ReadOrWrite(kNvmeCmdRead, cid, length); }
  void ReadOrWrite(uint8_t opcode, uint16_t cid, uint32_t length) {
    NvmeRwSqe rw;
    rw.opcode = opcode;
    rw.command_id = cid;
    rw.nlb = static_cast<uint16_t>(length / 512 - 1);
    rw.sgl.length = length;
    rw.sgl.type = kSglTransportDataBlock;
    Command(ToSqe(rw));
  }
  void Data(uint16_t cid, uint32_t length, bool success) {
    Bytes pdu(kMaxPduHeader);
    pdu.resize(EmitC2HData({cid, 0, length, true, success}, {}, pdu.data()));
    FromTarget(Join({pdu, Bytes(length, 3)}));
  }
  // Bytes of the target's that are not on record.
  void Lose(uint32_t bytes) { target_ += bytes; }
  // What is made of it.
  CapturedConnection& Walk(const WalkOptions& options = {}) {
    const TempFile file(Pcap(frames_));
    auto opened = CaptureWalk::Open(file.path(), options);
    REQUIRE(opened.ok());
    walk_ = *std::move(opened);
    WalkStep step;
    while (*walk_->Next(&step)) walk_->Digest(step);
    walk_->Finish();
    REQUIRE(walk_->connections().size() == 1);
    return *walk_->connections()[0];
  }

 private:
  std::vector<Bytes> frames_;
  uint32_t host_ = 100, target_ = 1000;
  uint16_t id_ = 1;
  std::unique_ptr<CaptureWalk> walk_;
};

TEST_CASE("captured connection: each direction may send what the other's SYN allows") {
  Conversation c;
  const CapturedConnection& found = c.Walk();
  CHECK(found.counts(StreamDirection::kC2H).mss == 8960);
  CHECK(found.counts(StreamDirection::kH2C).mss == 1460);
}

TEST_CASE("captured connection: what other connections' sizes tell does not overrule its SYNs") {
  for (const auto& [size, super] : {std::pair(1400u, 0u), std::pair(2000u, 1u)}) {
    Conversation c;
    c.FromTarget(Bytes(size));
    WalkOptions options;
    options.connection.max_payload_without_syns = 536;
    CHECK(c.Walk(options).counts(StreamDirection::kC2H).super_segments == super);
  }
}

TEST_CASE("captured connection: the largest payload is kept, whatever comes behind it") {
  Conversation c;
  c.Read(1, 4096);
  c.Data(1, 4096, true);
  c.Read(2, 512);
  c.Data(2, 512, true);
  const CapturedConnection& found = c.Walk();
  CHECK(found.counts(StreamDirection::kC2H).largest_payload == 24 + 4096);
  CHECK(found.counts(StreamDirection::kH2C).largest_payload == 128);
}

TEST_CASE("captured connection: data with SUCCESS ends its command, data without does not") {
  for (const bool success : {false, true}) {
    Conversation c;
    c.Read(1, 4096);
    c.Data(1, 4096, success);
    const CapturedConnection& found = c.Walk();
    CHECK(found.unfinished_commands() == (success ? 0 : 1));
    CHECK(found.unknown_responses() == 0);
  }
}

TEST_CASE("captured connection: an identifier that is used twice at a time is counted") {
  for (const bool gap : {false, true}) {
    Conversation c;
    c.Read(3, 4096);
    c.Data(3, 4096, true);
    c.Read(3, 4096);
    if (gap) c.Lose(24);  // the answer may have been there
    if (gap) c.Data(4, 4096, true);
    c.Read(3, 4096);
    c.Data(3, 4096, true);
    CHECK(c.Walk().doubled_cids() == (gap ? 0 : 1));
  }
}

TEST_CASE("captured connection: behind a gap data is believed of a read of that size only") {
  for (const uint8_t opcode : {kNvmeCmdRead, kNvmeCmdWrite}) {
    for (const uint32_t length : {4096u, 2048u}) {
      Conversation c;
      c.ReadOrWrite(opcode, 5, length);
      c.Lose(100);
      c.Data(5, 4096, true);
      c.Read(6, 512);  // acknowledges over the gap
      const bool fits = opcode == kNvmeCmdRead && length == 4096;
      CHECK(c.Walk().pdus()[static_cast<size_t>(PduType::kC2HData)] == (fits ? 1 : 0));
    }
  }
}

TEST_CASE("captured connection: what is sent tells whose queue it is") {
  for (const uint16_t qid : {0, 3}) {
    Conversation c;
    FabricsConnectSqe connect;
    connect.qid = qid;
    connect.sqsize = 31;
    connect.sgl.length = sizeof(FabricsConnectData);
    connect.sgl.type = kSglDataBlockOffset;
    c.Command(ToSqe(connect), Bytes(sizeof(FabricsConnectData)));
    const CapturedConnection& found = c.Walk();
    CHECK(found.role() == (qid == 0 ? QueueRole::kAdmin : QueueRole::kIo));
    CHECK(found.queue_entries() == 32);
  }
}

TEST_CASE("captured connection: a command that is assumed waits for as much as was said") {
  Conversation c;
  CapturedConnection& found = c.Walk();
  NvmeRwSqe read;
  read.opcode = kNvmeCmdRead;
  read.command_id = 9;
  found.AssumeCommand(ToSqe(read), 8192);
  REQUIRE(found.FindCommand(9) != nullptr);
  CHECK(found.FindCommand(9)->length == 8192);
  CHECK(found.FindCommand(9)->to_host);
}

}  // namespace
}  // namespace ddpsim

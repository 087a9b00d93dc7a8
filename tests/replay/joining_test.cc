// Small PDUs around a gap: a stream is entered at a PDU that ends within the packet it begins in.
#include <algorithm>
#include <vector>

#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "replay_bench.h"
#include "tests/support/capture_builder.h"

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

Bytes DataAndResponse(uint16_t cid, uint32_t length, uint8_t fill) {
  C2HDataRepr data;
  data.cccid = cid;
  data.datal = length;
  data.last = true;
  Bytes out(kMaxPduHeader);
  out.resize(EmitC2HData(data, PduFraming(), out.data()));
  out.insert(out.end(), length, fill);
  CapsuleRespRepr resp;
  resp.cqe.command_id = cid;
  Bytes tail(kMaxPduHeader);
  tail.resize(EmitCapsuleResp(resp, PduFraming(), tail.data()));
  Append(&out, tail);
  return out;
}

// `reads` reads of 512 bytes, one packet each way; packets `missing` of the target are left out.
Bytes SmallReads(int reads, const std::vector<int>& missing) {
  Bytes file = PcapHeader();
  uint32_t host = 5000;
  uint32_t target = 9000;
  for (int i = 0; i < reads; ++i) {
    const auto cid = static_cast<uint16_t>(i % 4);
    const Bytes command = Command(cid, kNvmeCmdRead, 512);
    const Bytes answer = DataAndResponse(cid, 512, static_cast<uint8_t>(i));
    const auto at = static_cast<uint32_t>(i * 1000);
    Append(&file, PcapRecord(MakeFrame({true, host, target, kTcpAck | kTcpPsh,
                                        static_cast<uint16_t>(i + 1), command}),
                             1, at));
    host += static_cast<uint32_t>(command.size());
    const bool left_out = std::find(missing.begin(), missing.end(), i) != missing.end();
    if (!left_out) {
      Append(&file, PcapRecord(MakeFrame({false, target, host, kTcpAck | kTcpPsh,
                                          static_cast<uint16_t>(i + 1), answer}),
                               1, at + 500));
    }
    target += static_cast<uint32_t>(answer.size());
  }
  return file;
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

}  // namespace
}  // namespace ddpsim

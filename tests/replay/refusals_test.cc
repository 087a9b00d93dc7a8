// What nvme-tcp refuses is refused in a replay, with its reason, and is not the simulator's fault.
#include <algorithm>
#include <functional>

#include "replay_bench.h"
#include "tests/support/nvme_capture.h"

namespace ddpsim {
namespace {

constexpr uint32_t kSize = 65536;

ReplayResult ReplayOf(const NvmeCapture& capture,
                      std::vector<Mode> modes = {Mode::kSoftware, Mode::kDdpCrc}) {
  const TempFile file(capture.file());
  return Replay(OptionsFor(file.path(), std::move(modes)));
}

std::string ReasonIn(const ReplayResult& result, size_t mode) {
  const auto& teardown = result.connections[0].runs[mode].teardown;
  return teardown.has_value() ? teardown->reason : "none";
}

bool HasNote(const ReplayResult& result, const std::string& part) {
  return std::any_of(result.notes.begin(), result.notes.end(), [&part](const std::string& note) {
    return note.find(part) != std::string::npos;
  });
}

// A read before, what `odd` does, a read after; every law holds.
ReplayResult Between(const std::function<void(NvmeCapture*)>& odd,
                     const NvmeCaptureOptions& options = {}) {
  NvmeCapture capture(options);
  capture.Read(1, kSize);
  odd(&capture);
  capture.Read(3, kSize);
  ReplayResult result = ReplayOf(capture);
  CheckAccounts(result);
  return result;
}

void CheckRefused(const ReplayResult& result, const std::string& reason) {
  CHECK(ReasonIn(result, 0) == reason);
  CHECK(ReasonIn(result, 1) == reason);
  for (const ReplayConnectionRun& run : result.connections[0].runs) {
    CHECK(run.reads == 1);
    CHECK(run.teardown->bytes_after > kSize);
    CHECK(run.teardown->commands_after == 1);
  }
  CHECK(HasNote(result, "the recorded host accepted that and sent 1 more commands"));
}

TEST_CASE("refusals: a response twice is told by the generation, and without one is a warning") {
  for (const bool success : {false, true}) {
    const ReplayResult result = Between([success](NvmeCapture* capture) {
      capture->Command(2, kNvmeCmdRead, kSize);
      capture->Data(2, 0, kSize, true, success);
      capture->Response(2);
      if (!success) capture->Response(2);
    });
    CHECK(ReasonIn(result, 0) == "ended_command");
    CHECK(ReasonIn(result, 1) == "none");
    CHECK(result.connections[0].runs[1].completed_twice == 1);
    CHECK(result.connections[0].runs[1].reads == 3);
    CHECK(HasNote(result, "nvme_find_rq() finds them"));
    CHECK(HasNote(result, "CapsuleResp of cid 0x2: its request has ended"));
  }
}

TEST_CASE("refusals: a response twice is told in every mode where identifiers have generations") {
  NvmeCapture capture;
  capture.Read(0x1001, kSize);
  capture.Read(0x2002, kSize);
  capture.Response(0x2002);
  capture.Read(0x1003, kSize);
  const ReplayResult result = ReplayOf(capture);
  CheckAccounts(result);
  CHECK(ReasonIn(result, 0) == "ended_command");
  CHECK(ReasonIn(result, 1) == "ended_command");
}

TEST_CASE("refusals: a response or data for a command that was never issued") {
  CheckRefused(Between([](NvmeCapture* capture) { capture->Response(9); }), "unknown_command");
  CheckRefused(Between([](NvmeCapture* capture) { capture->Data(9, 0, 512); }), "unknown_command");
  CheckRefused(Between([](NvmeCapture* capture) { capture->R2T(9, 0, 512); }), "unknown_command");
}

TEST_CASE("refusals: data for a write and for a command that has none") {
  CheckRefused(Between([](NvmeCapture* capture) {
                 capture->Command(2, kNvmeCmdWrite, kSize);
                 capture->Data(2, 0, 512);
               }),
               "data_for_write");
  CheckRefused(Between([](NvmeCapture* capture) {
                 capture->Command(2, kNvmeCmdFlush, 0);
                 capture->Data(2, 0, 512);
               }),
               "data_unexpected");
}

TEST_CASE("refusals: data beyond the request, less than the request, SUCCESS without LAST") {
  CheckRefused(Between([](NvmeCapture* capture) {
                 capture->Command(2, kNvmeCmdRead, kSize);
                 capture->Data(2, 0, kSize + 512);
               }),
               "no_space_in_request");
  CheckRefused(Between([](NvmeCapture* capture) {
                 capture->Command(2, kNvmeCmdRead, kSize);
                 capture->Data(2, 0, kSize - 512);
                 capture->Response(2);
               }),
               "short_data");
  CheckRefused(Between([](NvmeCapture* capture) {
                 capture->Command(2, kNvmeCmdRead, kSize);
                 capture->Data(2, 0, 4096, false, true);
               }),
               "success_not_last");
}

// nvme_tcp_data_in_short() looks at REQ_OP_READ alone.
TEST_CASE("refusals: commands that are no reads of the block layer may bring less than asked for") {
  constexpr uint8_t kReservationReport = 0x0e;
  constexpr uint8_t kGetLogPage = 0x02;  // as NVM's Read
  for (const uint16_t qid : {0, 1}) {
    NvmeCaptureOptions options;
    options.qid = qid;
    NvmeCapture capture(options);
    capture.Command(2, qid == 0 ? kGetLogPage : kReservationReport, 4096);
    if (qid == 0) capture.Data(2, 0, 512);
    capture.Response(2);
    if (qid != 0) capture.Read(3, kSize);
    const ReplayResult result = ReplayOf(capture);
    CHECK(ReasonIn(result, 0) == "none");
    CHECK(ReasonIn(result, 1) == "none");
  }
}

TEST_CASE("refusals: an R2T of no length, beyond what is left, backwards, for a read") {
  struct Case {
    uint8_t opcode;
    uint32_t offset;
    uint32_t length;
    const char* reason;
  };
  for (const Case& one :
       {Case{kNvmeCmdWrite, 0, 0, "r2t_empty"}, Case{kNvmeCmdWrite, 0, kSize + 1, "r2t_too_long"},
        Case{kNvmeCmdRead, 0, 512, "r2t_for_read"}}) {
    CheckRefused(Between([&one](NvmeCapture* capture) {
                   capture->Command(2, one.opcode, kSize);
                   capture->R2T(2, one.offset, one.length);
                 }),
                 one.reason);
  }
  CheckRefused(Between([](NvmeCapture* capture) {
                 capture->Command(2, kNvmeCmdWrite, kSize);
                 capture->R2T(2, 0, 4096);
                 capture->R2T(2, 0, 4096);
               }),
               "r2t_backwards");
  CheckRefused(Between([](NvmeCapture* capture) {
                 capture->Command(2, kNvmeCmdWrite, kSize);
                 capture->R2T(2, 0, kSize);
                 capture->R2T(2, kSize, 512);
               }),
               "r2t_too_long");
}

TEST_CASE("refusals: of a write that has ended nothing is left to be asked for") {
  const ReplayResult result = Between([](NvmeCapture* capture) {
    capture->Command(2, kNvmeCmdWrite, kSize);
    capture->R2T(2, 0, kSize);
    capture->Response(2);
    capture->R2T(2, 0, 512);
  });
  CHECK(ReasonIn(result, 1) == "r2t_too_long");
  CHECK(HasNote(result, "length 512 exceeds what is left, 0"));
}

TEST_CASE("refusals: R2Ts that Linux takes are taken") {
  const ReplayResult result = Between([](NvmeCapture* capture) {
    capture->Command(2, kNvmeCmdWrite, kSize);
    capture->R2T(2, 0, 4096);
    capture->R2T(2, 4096, kSize - 4096);
    capture->Response(2);
  });
  CHECK(ReasonIn(result, 0) == "none");
  CHECK(ReasonIn(result, 1) == "none");
  CHECK(result.connections[0].runs[1].reads == 2);
}

TEST_CASE("refusals: a terminate request names FES and FEI") {
  const ReplayResult result = Between(
      [](NvmeCapture* capture) { capture->TermReq(FatalErrorStatus::kDataOutOfRange, 0x1234); });
  CheckRefused(result, "term_req");
  CHECK(result.connections[0].runs[1].teardown->cause.find(
            "FES = Data Transfer Out Of Range (0x4), FEI = 0x1234") != std::string::npos);
}

TEST_CASE("refusals: types, header lengths and header digests") {
  CheckRefused(Between([](NvmeCapture* capture) {
                 Bytes pdu = capture->DataPdu(1, 0, 512);
                 pdu[0] = 8;
                 capture->Send(false, pdu);
               }),
               "unsupported_type");
  CheckRefused(Between([](NvmeCapture* capture) {
                 capture->Command(2, kNvmeCmdRead, kSize);
                 Bytes pdu = capture->DataPdu(2, 0, kSize);
                 pdu[2] = 28;
                 capture->Send(false, pdu);
               }),
               "header_length");
  NvmeCaptureOptions digests;
  digests.header_digest = digests.data_digest = true;
  CheckRefused(Between(
                   [](NvmeCapture* capture) {
                     capture->Command(2, kNvmeCmdRead, kSize);
                     Bytes pdu = capture->DataPdu(2, 0, kSize);
                     pdu[25] ^= 1;
                     capture->Send(false, pdu);
                   },
                   digests),
               "header_digest");
  CheckRefused(Between(
                   [](NvmeCapture* capture) {
                     capture->Command(2, kNvmeCmdRead, kSize);
                     Bytes pdu = capture->DataPdu(2, 0, kSize);
                     pdu[1] &= ~kPduDdgst;
                     capture->Mend(&pdu);
                     capture->Send(false, pdu);
                   },
                   digests),
               "data_digest_flag");
}

TEST_CASE("refusals: an ICResp that Linux does not take ends the connection before it begins") {
  const auto reason = [](const NvmeCaptureOptions& options) {
    NvmeCapture capture(options);
    capture.Read(1, kSize);
    const ReplayResult result = ReplayOf(capture);
    CheckAccounts(result, "fail");  // no data moved
    CHECK(ReasonIn(result, 0) == ReasonIn(result, 1));
    CHECK(result.connections[0].runs[0].reads == 0);
    return ReasonIn(result, 0);
  };
  NvmeCaptureOptions options;
  options.answer.maxh2cdata = 100;
  CHECK(reason(options) == "icresp_maxh2cdata");
  options.answer.cpda = 3;
  CHECK(reason(options) == "icresp_cpda");
  options.answer_as_asked = false;
  options.answer.header_digest = true;
  CHECK(reason(options) == "icresp_header_digest");
  options.answer.data_digest = true;
  CHECK(reason(options) == "icresp_data_digest");
  options.answer.pfv = 1;
  CHECK(reason(options) == "icresp_version");
  options.answer_plen = 132;
  CHECK(reason(options) == "icresp_length");
}

TEST_CASE("refusals: what the capture may lack is no refusal") {
  // From the middle of the stream: nobody knows what was sent before.
  NvmeCapture whole;
  whole.Command(2, kNvmeCmdRead, kSize);
  const size_t cut = whole.file().size();
  whole.Response(7);
  whole.R2T(8, 0, 4096);
  whole.Response(8);
  whole.Data(2, 0, kSize);
  whole.Response(2);
  whole.Read(3, kSize);
  Bytes file = PcapHeader();
  file.insert(file.end(), whole.file().begin() + static_cast<long>(cut), whole.file().end());
  const TempFile temp(file);
  const ReplayResult result = Replay(OptionsFor(temp.path(), {Mode::kSoftware, Mode::kDdpCrc}));
  CheckAccounts(result);
  CHECK(ReasonIn(result, 0) == "none");
  CHECK(ReasonIn(result, 1) == "none");
}

TEST_CASE("refusals: an admin queue's events are answered as often as the controller likes") {
  for (const uint8_t opcode : {kNvmeAdminAsyncEvent, kNvmeAdminKeepAlive}) {
    NvmeCaptureOptions options;
    options.qid = 0;
    NvmeCapture capture(options);
    capture.Command(2, opcode, 0);
    capture.Response(2);
    capture.Response(2);
    const ReplayResult result = ReplayOf(capture, {Mode::kSoftware});
    CheckAccounts(result, "fail");  // no data moved
    CHECK(ReasonIn(result, 0) == (opcode == kNvmeAdminAsyncEvent ? "none" : "ended_command"));
  }
}

}  // namespace
}  // namespace ddpsim

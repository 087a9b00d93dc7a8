#include "sim/replay/capture_notes.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "models/capture/link_header.h"

namespace ddpsim {
namespace {

constexpr size_t kListedPorts = 8;

std::string Count(uint64_t count, const char* one, const char* many) {
  return absl::StrCat(count, " ", count == 1 ? one : many);
}

class Notes {
 public:
  explicit Notes(std::vector<std::string>* notes) : notes_(notes) {}

  // "3 packets TEXT", if there are any.
  void Packets(int64_t count, const std::string& text) {
    Counted(count, "packet", "packets", text);
  }
  void Records(int64_t count, const std::string& text) {
    Counted(count, "record", "records", text);
  }
  void Counted(int64_t count, const char* one, const char* many, const std::string& text) {
    if (count > 0) Add(absl::StrCat(Count(static_cast<uint64_t>(count), one, many), " ", text));
  }
  void Add(const std::string& note) { notes_->push_back(note); }

 private:
  std::vector<std::string>* notes_;
};

int64_t Signed(uint64_t value) { return static_cast<int64_t>(value); }

void AddLinkTypes(const CaptureScan& scan, Notes* notes) {
  for (const auto& [type, count] : scan.unread_link_types) {
    notes->Records(Signed(count), absl::StrCat("of link type ", LinkTypeName(type),
                                               " cannot be read: not played"));
  }
}

void AddFileNotes(const CaptureSurvey& survey, const ReplayOptions& options, Notes* notes) {
  const CaptureWalk& walk = *survey.walk;
  const CaptureClock& clock = walk.clock();
  const auto skipped = [&](PacketSkip reason) { return Signed(walk.skipped(reason)); };
  if (walk.gzip_cut_short()) {
    notes->Add("the gzip data ends before its end mark: played to where it ends");
  } else if (walk.cut_short()) {
    notes->Add("the file ends in mid-record: played to its last whole record");
  }
  notes->Records(skipped(PacketSkip::kDuplicateCopy),
                 "are duplicate copies of packets that are on record already (seen by several "
                 "interfaces, or mirrored twice by a span port): dropped");
  notes->Records(Signed(clock.late_records()),
                 "have earlier times than one before them (merged files, or a clock that was set): "
                 "played in the file's order");
  notes->Records(Signed(walk.repaired_times()),
                 "have times before 1824 or after 2116: taken for the last before and after");
  if (clock.same_times() > clock.records() / 2) {  // a guess
    notes->Records(Signed(clock.same_times()),
                   "have the time of the one before them: where data has the time of its command, "
                   "the host can't map it before it arrives (not_mapped)");
  }
  notes->Counted(Signed(clock.shortened_silences()), "silence", "silences",
                 "of more than an hour: shortened to one");
  if (options.speed != 0 &&
      static_cast<double>(clock.elapsed_ns()) > static_cast<double>(kLongestPlay) * options.speed) {
    notes->Add(
        "the capture takes more than 50 days: what comes later is played without its pauses");
  }
  AddLinkTypes(*survey.scan, notes);
  for (PacketSkip reason : {PacketSkip::kGre, PacketSkip::kIpInIp, PacketSkip::kGeneve,
                            PacketSkip::kIpsec, PacketSkip::kMpls, PacketSkip::kPppoe}) {
    notes->Packets(skipped(reason), absl::StrCat("in a tunnel (", PacketSkipName(reason),
                                                 ") are not looked into; VXLAN is"));
  }
  notes->Packets(skipped(PacketSkip::kManyVlanTags),
                 "have more VLAN tags than the four that are read: not looked into");
}

// What the recorded host did with these nobody knows, or Linux does not do.
void AddHostDoubts(int64_t doubts, int64_t urgent, int64_t doubled, Notes* notes) {
  notes->Counted(
      doubts, "segment", "segments",
      "to the host with other contents of stream bytes that were seen before: which it took, "
      "its GRO decided; what is delivered from there on is not judged");
  notes->Counted(urgent, "segment", "segments",
                 "to the host with urgent data: nvme-tcp, which reads with tcp_read_sock(), would "
                 "stop reading there until its commands time out; here they are read as any other");
  notes->Counted(
      doubled, "command", "commands",
      "with the identifier of one that is still in flight, which Linux's tag set cannot "
      "do: a host of another kind, or records out of order; the offload tells commands "
      "apart by nothing else, so what breaks there is no fault of the series, whatever defect is "
      "named for it");
}

void AddConnectionNotes(const CaptureSurvey& survey, const ReplayResult& result, Notes* notes) {
  int64_t offloaded = 0;
  int64_t super = 0;
  int64_t missing = 0;
  int64_t host_checksums = 0;
  int64_t bad_checksums = 0;
  int64_t doubts = 0;
  int64_t urgent = 0;
  int64_t doubled = 0;
  bool generations = false;
  bool mid = false;
  std::vector<std::string> tls;
  for (size_t i = 0; i < result.connections.size(); ++i) {
    const ReplayConnectionResult& connection = result.connections[i];
    offloaded += connection.c2h.offloaded_checksums + connection.h2c.offloaded_checksums;
    super += connection.c2h.super_segments + connection.h2c.super_segments;
    missing += connection.c2h.missing_bytes + connection.h2c.missing_bytes;
    host_checksums += connection.h2c.bad_checksums;
    bad_checksums += connection.c2h.bad_checksums;
    generations = generations || (connection.cid_generations && connection.role == "io");
    mid = mid || !connection.from_start;
    const CapturedConnection& captured = *survey.walk->connections()[i];
    doubts += Signed(captured.stream(StreamDirection::kC2H).doubts());
    urgent += Signed(captured.counts(StreamDirection::kC2H).urgent);
    doubled += Signed(captured.doubled_cids());
    if (captured.is_tls()) tls.push_back(absl::StrCat(i));
  }
  notes->Packets(offloaded, "were captured before a device filled in their checksum");
  notes->Packets(host_checksums,
                 "of the host have wrong checksums: believed, since they were captured before they "
                 "crossed a cable");
  notes->Packets(bad_checksums, "of the target have wrong checksums: a NIC drops them");
  notes->Packets(
      super, absl::StrCat("are super-segments of GRO or TSO, cut to MTU ", survey.mtu, " again"));
  if (survey.path_mtu > survey.mtu) {
    notes->Add(absl::StrCat("the path takes packets of ", survey.path_mtu,
                            " bytes, the model at most ", survey.mtu,
                            ": larger ones are cut in two, and cost as two"));
  }
  notes->Counted(missing, "stream byte", "stream bytes", "are not in the capture");
  AddHostDoubts(doubts, urgent, doubled, notes);
  if (mid) notes->Add("some connections begin before the capture");
  if (generations) {
    notes->Add("command identifiers carry generations: replayed with a device of full ccid range");
  }
  if (!tls.empty()) {
    notes->Add(absl::StrCat("carried by TLS: connection ", absl::StrJoin(tls, ", "),
                            "; records of it are where PDUs should be, and without "
                            "its keys they cannot be read"));
  }
}

int64_t Moved(const ReplayResult& result, size_t run) {
  int64_t moved = result.runs[run].io_bytes + result.runs[run].offload.payload_bytes;
  for (const ReplayConnectionResult& connection : result.connections) {
    if (connection.role == "admin") moved += connection.runs[run].offload.payload_bytes;
  }
  return moved;
}

// The first cause that applies, from the wire upwards.
std::string WhyNothingMoved(const CaptureSurvey& survey, const ReplayResult& result) {
  int64_t packets = 0, sent = 0;
  int64_t bad = 0;
  int64_t pdus = 0;
  bool tls = false;
  for (size_t i = 0; i < result.connections.size(); ++i) {
    const ReplayConnectionResult& connection = result.connections[i];
    packets += connection.c2h.packets;
    sent += connection.h2c.packets;
    bad += connection.c2h.bad_checksums;
    for (const auto& [type, count] : connection.pdus) pdus += count;
    tls = tls || survey.walk->connections()[i]->is_tls();
  }
  if (packets == 0) return "no packet of a target is in the capture";
  if (bad == packets) {
    return absl::StrCat("all ", packets,
                        " packets of the target have wrong checksums, which a NIC drops; capture "
                        "where checksums are right (tcpdump on the host's own interface)");
  }
  if (tls) return "the connections carry TLS records instead of NVMe/TCP PDUs";
  for (const ReplayConnectionResult& connection : result.connections) {
    if (connection.runs.empty()) continue;
    const auto& teardown = connection.runs.back().teardown;
    if (teardown.has_value()) return absl::StrCat("the host gave up: ", teardown->cause);
  }
  if (pdus == 0) return "no NVMe/TCP PDU was found in the streams";
  if (sent == 0) {
    return "no packet of a host is in the capture: without its commands nobody knows what the "
           "target's data is for";
  }
  return "no command on record moved any";
}

}  // namespace

void AddNotes(const CaptureSurvey& survey, const ReplayOptions& options, ReplayResult* result) {
  Notes notes(&result->notes);
  AddFileNotes(survey, options, &notes);
  AddConnectionNotes(survey, *result, &notes);
}

std::string WhyNoConnection(const ReplayOptions& options, const CaptureScan& scan) {
  const std::string ports = absl::StrJoin(options.ports, ", ");
  if (scan.records == 0) return absl::StrCat(options.file, ": the capture holds no record");
  if (scan.of_ports > 0 && scan.bad_checksums == scan.of_ports) {
    return absl::StrCat(
        options.file, ": all ", scan.of_ports, " packets of port ", ports,
        " come from the target and have wrong checksums, which a NIC drops; capture "
        "where checksums are right (tcpdump on the host's own interface)");
  }
  std::string text = absl::StrCat(options.file, ": none of its ", scan.records,
                                  " records is a TCP packet of port ", ports);
  std::vector<std::string> reasons;
  for (const auto& [type, count] : scan.unread_link_types) {
    reasons.push_back(
        absl::StrCat(count, " of link type ", LinkTypeName(type), ", which cannot be read"));
  }
  for (int i = 1; i < kPacketSkips; ++i) {
    const auto reason = static_cast<PacketSkip>(i);
    const uint64_t count = scan.skipped[static_cast<size_t>(i)];
    if (count > 0 && reason != PacketSkip::kNotEthernet)
      reasons.push_back(absl::StrCat(count, " ", PacketSkipName(reason)));
  }
  absl::StrAppend(&text, reasons.empty() ? "" : ": ", absl::StrJoin(reasons, ", "));
  std::vector<std::pair<uint64_t, uint16_t>> others;
  for (const auto& [port, count] : scan.other_ports) others.push_back({count, port});
  std::stable_sort(others.begin(), others.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  if (others.empty()) return text;
  absl::StrAppend(&text, "; TCP ports there: ");
  for (size_t i = 0; i < others.size() && i < kListedPorts; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ", ", others[i].second, " (",
                    Count(others[i].first, "packet", "packets"), ")");
  }
  if (others.size() > kListedPorts)
    absl::StrAppend(&text, " and ", others.size() - kListedPorts, " more");
  return absl::StrCat(text, "; --port N names one, several times if need be");
}

void JudgeMovement(const CaptureSurvey& survey, ReplayResult* result) {
  bool moved = result->runs.empty();
  for (size_t i = 0; i < result->runs.size(); ++i) {
    if (Moved(*result, i) > 0) {
      moved = true;
      continue;
    }
    VerificationResult& verification = result->runs[i].verification;
    verification.verdict = "fail";
    verification.Add({"data_moved", "no data was moved", ""});
  }
  if (moved) return;
  const std::string why = absl::StrCat("no data was moved: ", WhyNothingMoved(survey, *result));
  result->notes.push_back(why);
  for (ReplayRun& run : result->runs) run.verification.violations.back().detail = why;
}

}  // namespace ddpsim

#include "sim/replay/capture_survey.h"

#include <algorithm>

#include "absl/container/btree_map.h"
#include "sim/replay/capture_notes.h"

namespace ddpsim {
namespace {

constexpr uint32_t kHeaders = 40;  // IPv4 and TCP without options, which the MSS does not count
constexpr uint32_t kIpv6Headers = 60;
constexpr uint32_t kLargestMtu = 9000;
constexpr uint32_t kSmallestMtu = 576;
// mlx5 tells commands apart by a linear range; a recorded host may use all 16 bits.
constexpr uint32_t kPlainTags = 0x1000;
constexpr uint32_t kUsualDepth = 128;     // NVMF_DEF_QUEUE_SIZE
constexpr uint32_t kLargestDepth = 1024;  // NVMF_MAX_QUEUE_SIZE

constexpr const char* kPduNames[] = {"ICReq",      "ICResp",      "H2CTermReq", "C2HTermReq",
                                     "CapsuleCmd", "CapsuleResp", "H2CData",    "C2HData",
                                     nullptr,      "R2T",         "unknown"};

uint32_t HeadersOf(const CapturedConnection& connection) {
  return connection.flow().ipv6 ? kIpv6Headers : kHeaders;
}

// Without SYNs: the largest packet that was seen, unless GRO has made it of several. That is so
// where it is larger than any, or where packets are whole numbers of usual ones (those that PDUs
// end in are not, and by chance one in 1448 is; how many must be is a guess).
uint32_t MtuBySizes(const CaptureWalk& walk) {
  constexpr uint64_t kFew = 3;
  constexpr uint64_t kOneIn = 20;
  uint32_t largest = 0;
  uint64_t above = 0;
  uint64_t whole = 0;
  for (const auto& connection : walk.connections()) {
    if (connection->mss() != 0) continue;
    const DirectionCounts& c2h = connection->counts(StreamDirection::kC2H);
    largest = std::max(largest, c2h.largest_payload + HeadersOf(*connection) + 12);  // timestamps
    above += c2h.above_usual;
    whole += c2h.whole_usual;
  }
  const bool merged = whole >= kFew && whole * kOneIn >= above;
  return largest > kLargestMtu || merged ? kUsualMtu : largest;
}

// Of the path, whatever the model can do.
uint32_t FindMtu(const ReplayOptions& options, const CaptureWalk& walk) {
  if (options.mtu != 0) return options.mtu;
  uint32_t mtu = MtuBySizes(walk);
  for (const auto& connection : walk.connections()) {
    if (connection->mss() != 0) mtu = std::max(mtu, connection->mss() + HeadersOf(*connection));
  }
  return mtu;
}

// Packets that were taken for whole ones are larger than the path's.
bool HasUnseenSuperSegments(const CaptureWalk& walk, uint32_t mtu) {
  return std::any_of(walk.connections().begin(), walk.connections().end(), [mtu](const auto& one) {
    const uint32_t largest = one->counts(StreamDirection::kC2H).largest_payload;
    return one->mss() == 0 && largest + HeadersOf(*one) > mtu;
  });
}

FourTuple TupleOf(const CapturedFlow& flow, size_t number) {
  FourTuple tuple;
  tuple.source_port = flow.destination_port;
  tuple.destination_port = flow.source_port;
  if (flow.ipv6) {
    // Carried over into IPv4: an address per flow, of the class that nobody has.
    tuple.source_ip = 0xf0000000u;
    tuple.destination_ip = 0xf1000000u + static_cast<uint32_t>(number);
  } else {
    tuple.source_ip = LoadBe32(flow.destination.data());
    tuple.destination_ip = LoadBe32(flow.source.data());
  }
  return tuple;
}

// Law checkers tell connections apart by the host's port: each host's own, or another free one.
class Ports {
 public:
  uint16_t Give(const CapturedFlow& flow) {
    const auto known = by_flow_.find(flow);
    if (known != by_flow_.end()) return known->second;
    uint16_t port = flow.source_port;
    while (taken_[port] || port == flow.destination_port) ++port;
    taken_[port] = true;
    by_flow_[flow] = port;
    return port;
  }

 private:
  absl::btree_map<CapturedFlow, uint16_t> by_flow_;
  std::vector<bool> taken_ = std::vector<bool>(65536);
};

ConnectionFacts FactsOf(const CapturedConnection& connection, size_t flow_number) {
  ConnectionFacts facts;
  facts.received = TupleOf(connection.flow(), flow_number);
  facts.from_start = connection.from_start() && connection.stream(StreamDirection::kC2H).started();
  facts.is_io = connection.role() == QueueRole::kIo;
  facts.is_tls = connection.is_tls();
  facts.header_digest = connection.framing().header_digest.value_or(false);
  facts.data_digest = connection.framing().data_digest.value_or(false);
  facts.depth = std::clamp(connection.queue_entries(), kUsualDepth, kLargestDepth);
  facts.ccid_range = connection.highest_cid() + 1;
  facts.asked = connection.asked();
  facts.c2h_bytes = connection.stream(StreamDirection::kC2H).next();
  return facts;
}

// Numbers of which more are missing than are there, or that mostly go back, count no packets of
// the connection: they are random, shared by connections, constant, or in another byte order.
bool CountsPackets(const IpIdOrder& order) {
  return order.lost() <= order.packets() && order.reordered() * 2 <= order.packets();
}

ReplayWire WireOf(const CapturedConnection& connection, StreamDirection direction) {
  const DirectionCounts& counts = connection.counts(direction);
  const IpIdOrder& order = connection.order(direction);
  const auto count = [](uint64_t value) { return static_cast<int64_t>(value); };
  ReplayWire to;
  to.packets = count(counts.packets);
  to.by_ip_ids = counts.has_ip_ids && CountsPackets(order);
  to.lost_before_capture = to.by_ip_ids ? count(order.lost()) : 0;
  to.reordered = to.by_ip_ids ? count(order.reordered()) : 0;
  to.retransmitted = count(to.by_ip_ids ? order.retransmitted() : counts.retransmitted_by_seq);
  to.missing_bytes = count(connection.stream(direction).gap_bytes());
  to.cut_packets = count(counts.cut_packets);
  to.bad_checksums = count(counts.bad_checksums);
  to.offloaded_checksums = count(counts.offloaded_checksums);
  to.super_segments = count(counts.super_segments);
  to.ends_in_mid_pdu = connection.walker(direction).in_mid_pdu();
  to.walk_resyncs = count(connection.walker(direction).resyncs());
  to.walk_skipped_bytes = count(connection.walker(direction).skipped_bytes());
  return to;
}

ReplayDigests DigestsOf(const DigestCounts& from) {
  return {static_cast<int64_t>(from.good), static_cast<int64_t>(from.bad),
          static_cast<int64_t>(from.unknown)};
}

ReplayConnectionResult DescribeOne(const CapturedConnection& connection) {
  ReplayConnectionResult to;
  to.tuple = connection.flow().ToString();
  to.role = connection.role() == QueueRole::kAdmin ? "admin"
            : connection.role() == QueueRole::kIo  ? "io"
                                                   : "unknown";
  to.from_start = connection.from_start();
  to.header_digest = connection.framing().header_digest.value_or(false);
  to.data_digest = connection.framing().data_digest.value_or(false);
  to.cid_generations = connection.highest_cid() >= kPlainTags;
  for (size_t i = 0; i < std::size(kPduNames); ++i) {
    if (kPduNames[i] == nullptr || (i == 10 && connection.pdus()[i] == 0)) continue;
    to.pdus[kPduNames[i]] = static_cast<int64_t>(connection.pdus()[i]);
  }
  to.header_digests = DigestsOf(connection.header_digests());
  to.data_digests = DigestsOf(connection.data_digests());
  to.read_commands = static_cast<int64_t>(connection.reads());
  to.write_commands = static_cast<int64_t>(connection.writes());
  to.unfinished_commands = static_cast<int64_t>(connection.unfinished_commands());
  to.c2h = WireOf(connection, StreamDirection::kC2H);
  to.h2c = WireOf(connection, StreamDirection::kH2C);
  return to;
}

}  // namespace

WalkOptions WalkOptionsOf(const ReplayOptions& options, const CaptureSurvey& survey) {
  WalkOptions walk;
  walk.ports = options.ports;
  walk.scan = survey.scan;
  walk.connection.header_digest = options.header_digest;
  walk.connection.data_digest = options.data_digest;
  if (options.mtu > kHeaders) walk.connection.max_payload = options.mtu - kHeaders;
  if (survey.mtu_without_syns > kHeaders)
    walk.connection.max_payload_without_syns = survey.mtu_without_syns - kHeaders;
  return walk;
}

namespace {

// Walks the whole capture; `scanner`, which may be null, is told of each record.
absl::Status WalkThrough(const ReplayOptions& options, CaptureSurvey* survey,
                         CaptureScanner* scanner) {
  auto walk = CaptureWalk::Open(options.file, WalkOptionsOf(options, *survey));
  if (!walk.ok()) return walk.status();
  survey->walk = *std::move(walk);
  WalkStep step;
  for (;;) {
    const absl::StatusOr<bool> more = survey->walk->Next(&step);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    if (scanner != nullptr) scanner->OnRecord(*step.record, *step.packet, step.parsed);
    survey->walk->Digest(step);
    if (options.interrupt != nullptr && *options.interrupt != 0) return absl::OkStatus();
    if (options.progress && survey->walk->records() % 4096 == 0)
      options.progress("survey", survey->walk->records());
  }
}

}  // namespace

absl::StatusOr<CaptureSurvey> SurveyCapture(const ReplayOptions& options) {
  CaptureSurvey survey;
  CaptureScanner scanner;
  if (absl::Status status = WalkThrough(options, &survey, &scanner); !status.ok()) return status;
  survey.scan = std::make_shared<const CaptureScan>(scanner.Finish());
  // Whether there are copies is known at the end; mostly there are none.
  if (survey.scan->has_copies) {
    if (absl::Status status = WalkThrough(options, &survey, nullptr); !status.ok()) return status;
  }
  survey.walk->Finish();
  if (survey.walk->connections().empty())
    return absl::InvalidArgumentError(WhyNoConnection(options, *survey.scan));
  survey.path_mtu = FindMtu(options, *survey.walk);
  if (options.mtu == 0 && HasUnseenSuperSegments(*survey.walk, survey.path_mtu)) {
    survey.mtu_without_syns = survey.path_mtu;
    if (absl::Status status = WalkThrough(options, &survey, nullptr); !status.ok()) return status;
    survey.walk->Finish();
  }
  survey.mtu = std::clamp(survey.path_mtu, kSmallestMtu, kLargestMtu);
  const auto count = static_cast<uint32_t>(survey.walk->connections().size());
  survey.cores = options.cores != 0 ? options.cores : std::min(count, kMaxOwnCores);
  Ports ports;
  // Connections that have the same ports one after another are one flow to the NIC: all of it goes
  // to one ring, or frames would overtake each other.
  absl::btree_map<CapturedFlow, size_t> flows;
  for (const auto& connection : survey.walk->connections()) {
    const size_t number = flows.emplace(connection->flow(), flows.size()).first->second;
    survey.facts.push_back(FactsOf(*connection, number));
    survey.facts.back().core = static_cast<CoreId>(number % survey.cores);
    survey.facts.back().received.destination_port = ports.Give(connection->flow());
  }
  return survey;
}

void DescribeCapture(const CaptureSurvey& survey, const ReplayOptions& options,
                     ReplayResult* result) {
  const CaptureWalk& walk = *survey.walk;
  result->packets = static_cast<int64_t>(walk.records());
  result->bad_checksums = static_cast<int64_t>(walk.bad_checksums());
  for (int i = 1; i < kPacketSkips; ++i) {
    const auto reason = static_cast<PacketSkip>(i);
    if (walk.skipped(reason) > 0)
      result->skipped[PacketSkipName(reason)] = static_cast<int64_t>(walk.skipped(reason));
  }
  result->ends_in_mid_record = walk.cut_short();
  result->duration_ns = walk.duration_ns();
  result->mtu = survey.mtu;
  for (const auto& connection : walk.connections())
    result->connections.push_back(DescribeOne(*connection));
  AddNotes(survey, options, result);
}

}  // namespace ddpsim

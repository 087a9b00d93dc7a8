#include "models/capture/captured_connection.h"

#include <algorithm>

namespace ddpsim {
namespace {

// An SQE's data moves by bits 1:0 of its opcode, that of a Fabrics command by those of its type
// (NVM Express Base 2.0c figure 88, NVMe over Fabrics 1.1a section 3).
constexpr uint8_t kControllerToHost = 2;

void Count(DigestVerdict verdict, DigestCounts* counts) {
  if (verdict == DigestVerdict::kGood) ++counts->good;
  if (verdict == DigestVerdict::kBad) ++counts->bad;
  if (verdict == DigestVerdict::kUnknown) ++counts->unknown;
}

CapturedCommand ReadCommand(const WalkedPdu& pdu) {
  CapsuleCmdLayout layout;
  std::memcpy(static_cast<void*>(&layout), pdu.header.data(), sizeof(layout));
  CapturedCommand command;
  command.sqe = layout.sqe;
  command.length = layout.sqe.sgl.length;
  uint8_t direction = layout.sqe.opcode & 3;
  if (layout.sqe.opcode == kNvmeFabrics) {
    const auto connect = SqeAs<FabricsConnectSqe>(layout.sqe);
    direction = connect.fctype & 3;
    if (connect.fctype == kFabricsConnect) {
      command.connects_queue = connect.qid;
      command.queue_entries = uint32_t{connect.sqsize} + 1;
    }
  }
  command.to_host = direction == kControllerToHost && command.length > 0;
  return command;
}

DataPduLayout DataHeader(ByteSpan header) {
  DataPduLayout layout;
  std::memcpy(static_cast<void*>(&layout), header.data(), sizeof(layout));
  return layout;
}

// Whether a PDU can be of the command that its identifier names.
bool Fits(const DataPduLayout& data, const CapturedCommand& command) {
  const uint64_t end = uint64_t{data.datao} + data.datal;
  if (!command.to_host || end > command.length) return false;
  return (end == command.length) == ((data.ch.flags & kPduLast) != 0);
}

// Every command of a fabric has an SGL of one of three kinds, and metadata pointers are not used.
Belief BelieveCommand(ByteSpan header) {
  CapsuleCmdLayout layout;
  std::memcpy(static_cast<void*>(&layout), header.data(), sizeof(layout));
  const NvmeSqe& sqe = layout.sqe;
  const bool sgl = sqe.sgl.type == kSglTransportDataBlock || sqe.sgl.type == kSglDataBlockOffset ||
                   sqe.sgl.type == kSglDataBlockAddress;
  const bool plain = (sqe.flags & 0xc0) == kSqeFlagSgl && sqe.metadata == 0 && sqe.cdw2 == 0;
  return sgl && plain ? Belief::kCertain : Belief::kPerhaps;
}

}  // namespace

CapturedConnection::CapturedConnection(const CapturedFlow& flow, const ConnectionOptions& options,
                                       int64_t* budget)
    : flow_(flow),
      options_(options),
      c2h_(this, StreamDirection::kC2H, budget),
      h2c_(this, StreamDirection::kH2C, budget) {
  framing_.header_digest = options.header_digest;
  framing_.data_digest = options.data_digest;
  if (!options.check_digests) h2c_.walker.SkipDigests();
}

void CapturedConnection::Direction::OnGap(uint64_t offset, uint64_t size) {
  ++gaps;
  tls.OnGap(size);
  walker.OnGap(offset, size);
  if (this == &owner->c2h_ && owner->events_ != nullptr)
    owner->events_->OnControllerGap(offset, size);
}

SynMeaning CapturedConnection::MeaningOfSyn(SeqNum seq) const {
  if (syn_seen_ && seq == isn_) return SynMeaning::kOfThisOne;
  const bool over = reset_ || c2h_.fin || h2c_.fin;
  // Nothing of the old one could be told from the new.
  return over || !c2h_.stream.started() ? SynMeaning::kOfAnother : SynMeaning::kDoubtful;
}

void CapturedConnection::OnPacket(StreamDirection direction, const CapturedPacket& packet,
                                  int64_t time_ns) {
  Direction& d = Of(direction);
  if (first_ns_ == 0) first_ns_ = time_ns;
  last_ns_ = time_ns;
  CountPacket(&d, packet);
  if (!packet.checksums_good()) ++d.counts.bad_checksums;
  if (packet.ip_checksum_good || packet.believed) TakeOrder(&d, packet);
  if (!packet.credible()) return;
  if (packet.checksum == ChecksumState::kOffloaded) ++d.counts.offloaded_checksums;
  const uint8_t flags = packet.tcp.flags;
  if ((flags & kTcpRst) != 0) {
    // Whatever the host sends, it has closed.
    reset_ = reset_ || direction == StreamDirection::kH2C || d.stream.IsExactReset(packet.tcp.seq);
    return;
  }
  if ((flags & kTcpSyn) != 0) {
    OnSyn(direction, packet);
    return;
  }
  // Linux discards it (tcp_rcv_established()).
  if ((flags & kTcpAck) == 0) return;
  const bool fin = (flags & kTcpFin) != 0;
  d.fin = d.fin || fin;
  // First what was there before the packet was sent: its data may answer it.
  Direction& other =
      Of(direction == StreamDirection::kC2H ? StreamDirection::kH2C : StreamDirection::kC2H);
  // A FIN takes a number of its own; it is beyond all data in any case.
  other.stream.OnAcknowledged(packet.tcp.ack);
  // tcp_check_urg(): what points behind what has been received counts.
  if ((flags & kTcpUrg) != 0 && packet.tcp.seq + packet.payload_size > d.stream.next_seq())
    ++d.counts.urgent;
  d.stream.Add(packet.tcp.seq, packet.payload, packet.payload_size, fin);
}

// Of an established connection it is answered with a challenge and otherwise ignored (RFC 5961
// section 4), with its data. Data of the SYN+ACK a Linux client ignores too; that of the SYN counts
// if the SYN+ACK acknowledges it (RFC 7413).
void CapturedConnection::OnSyn(StreamDirection direction, const CapturedPacket& packet) {
  Direction& d = Of(direction);
  if (d.stream.started()) return;
  d.stream.Start(packet.tcp.seq + 1);
  d.walker.StartAtPdu();
  d.tls.StartAtRecord();
  Direction& other = direction == StreamDirection::kH2C ? c2h_ : h2c_;
  other.counts.mss = packet.tcp.options.mss.value_or(536);  // RFC 9293 section 3.7.1
  if (direction == StreamDirection::kH2C) {
    syn_seen_ = true;
    isn_ = packet.tcp.seq;
    syn_data_.assign(packet.payload.begin(), packet.payload.end());
    return;
  }
  const auto size = static_cast<uint32_t>(syn_data_.size());
  if (size > 0 && packet.tcp.ack == isn_ + 1 + size) h2c_.stream.Add(isn_ + 1, syn_data_, size);
  syn_data_.clear();
}

void CapturedConnection::BeginWith(const CapturedPacket& syn) { OnSyn(StreamDirection::kH2C, syn); }

void CapturedConnection::OnCutPacket(StreamDirection direction, const CapturedPacket& packet) {
  Direction& d = Of(direction);
  CountPacket(&d, packet);
  ++d.counts.cut_packets;
  if (!packet.credible()) return;
  TakeOrder(&d, packet);
  if ((packet.tcp.flags & (kTcpSyn | kTcpRst)) == 0)
    d.stream.Add(packet.tcp.seq, {}, packet.payload_size);
}

void CapturedConnection::CountPacket(Direction* d, const CapturedPacket& packet) {
  ++d->counts.packets;
  d->counts.payload_bytes += packet.payload_size;
  d->counts.largest_payload = std::max(d->counts.largest_payload, packet.payload_size);
  const auto headers = static_cast<uint32_t>((flow_.ipv6 ? 40 : 20) + TcpHeaderSize(packet.tcp));
  const uint32_t usual = kUsualMtu - headers;
  if (packet.payload_size <= usual) return;
  ++d->counts.above_usual;
  if (packet.payload_size % usual == 0) ++d->counts.whole_usual;
}

uint32_t CapturedConnection::mss() const {
  const uint32_t host = c2h_.counts.mss;
  const uint32_t target = h2c_.counts.mss;
  return host != 0 && target != 0 ? std::min(host, target) : std::max(host, target);
}

uint32_t CapturedConnection::WirePackets(Direction* d, const CapturedPacket& packet) const {
  uint32_t most = options_.max_payload != 0 ? options_.max_payload : mss();
  if (most == 0) most = options_.max_payload_without_syns;
  if (packet.payload_size <= most) return 1;
  // The MSS counts without options (RFC 6691).
  const auto options = static_cast<uint32_t>(TcpHeaderSize(packet.tcp) - kTcpMinHeader);
  const uint32_t cut = std::max<uint32_t>(most - std::min(most, options), 1);
  return (packet.payload_size + cut - 1) / cut;
}

void CapturedConnection::TakeOrder(Direction* d, const CapturedPacket& packet) {
  // Not the connection socket's own numbers: SYN+ACK, RST and what a timewait socket answers.
  if ((packet.tcp.flags & (kTcpSyn | kTcpRst)) != 0) return;
  if (d->fin && packet.payload_size == 0 && (packet.tcp.flags & kTcpFin) == 0) return;
  const uint32_t size = packet.credible() ? packet.payload_size : 0;
  const uint32_t ids = WirePackets(d, packet);
  if (ids > 1) ++d->counts.super_segments;
  if (packet.has_ip_id) {
    d->counts.has_ip_ids = d->counts.has_ip_ids || packet.ip_id != 0;
    d->order.Add(packet.ip_id, ids, packet.tcp.seq, size);
  }
  if (size == 0) return;
  if (d->has_top && packet.tcp.seq < d->top) ++d->counts.retransmitted_by_seq;
  const SeqNum end = packet.tcp.seq + size;
  d->top = d->has_top ? SeqMax(d->top, end) : end;
  d->has_top = true;
}

// A response names a command that was seen, and its data fits it.
Belief CapturedConnection::Believes(StreamDirection direction, ByteSpan header) {
  const auto type = static_cast<PduType>(header[0]);
  if (direction == StreamDirection::kH2C)
    return type == PduType::kCapsuleCmd ? BelieveCommand(header) : Belief::kPerhaps;
  const auto known = [&](size_t cid_at) {
    return FindCommand(LoadLe16(&header[cid_at])) != nullptr;
  };
  if (type == PduType::kCapsuleResp)
    return known(offsetof(CapsuleRespLayout, cqe.command_id)) ? Belief::kCertain : Belief::kNo;
  if (type == PduType::kR2T)
    return known(offsetof(R2TLayout, cccid)) ? Belief::kPerhaps : Belief::kNo;
  if (type != PduType::kC2HData) return Belief::kPerhaps;
  const DataPduLayout data = DataHeader(header);
  const CapturedCommand* command = FindCommand(data.cccid);
  if (command == nullptr || !Fits(data, *command)) return Belief::kNo;
  const bool whole = data.datao == 0 && data.datal == command->length;
  return whole ? Belief::kCertain : Belief::kPerhaps;
}

void CapturedConnection::OnPduHeader(StreamDirection direction, const WalkedPdu& pdu) {
  if (!pdu.header_good()) return;
  if (direction == StreamDirection::kH2C) {
    if (pdu.type() == PduType::kCapsuleCmd) OnCommandPdu(pdu);
    return;
  }
  if (pdu.type() == PduType::kC2HData) {
    const DataPduLayout data = DataHeader(pdu.header);
    const CapturedCommand* command = FindCommand(data.cccid);
    const bool both_lack = command != nullptr && h2c_.Lacks(command->host_gaps) &&
                           c2h_.Lacks(command->controller_gaps);
    if (both_lack && !Fits(data, *command)) MissResponse(data.cccid);
  }
  if (events_ != nullptr) events_->OnControllerHeader(pdu);
}

void CapturedConnection::OnPdu(StreamDirection direction, const WalkedPdu& pdu) {
  const size_t type = PduHeaderLength(pdu.ch.type) == 0 ? pdus_.size() - 1 : pdu.ch.type;
  ++pdus_[type];
  Count(pdu.header_digest, &header_digests_);
  Count(pdu.data_digest, &data_digests_);
  if (direction == StreamDirection::kH2C && pdu.type() == PduType::kIcReq) OnIcReq(pdu);
  if (direction == StreamDirection::kH2C || !pdu.header_good()) return;
  if (pdu.type() == PduType::kIcResp) OnIcResp(pdu);
  if (events_ != nullptr) events_->OnControllerPdu(pdu);
  if (pdu.type() == PduType::kCapsuleResp) {
    CapsuleRespLayout layout;
    std::memcpy(static_cast<void*>(&layout), pdu.header.data(), sizeof(layout));
    EndCommand(layout.cqe.command_id);
  } else if (pdu.type() == PduType::kC2HData && (pdu.ch.flags & kPduSuccess) != 0) {
    EndCommand(DataHeader(pdu.header).cccid);
  }
}

void CapturedConnection::OnIcReq(const WalkedPdu& pdu) {
  IcReqLayout layout;
  std::memcpy(static_cast<void*>(&layout), pdu.header.data(), sizeof(layout));
  asked_ = {layout.pfv, layout.hpda, (layout.dgst & 1) != 0, (layout.dgst & 2) != 0, layout.maxr2t};
}

bool CapturedConnection::MayLackCommand(uint16_t cid) const {
  const PduWalker& walker = h2c_.walker;
  if (h2c_.gaps > 0 || h2c_.stream.lacks_acknowledged() || walker.resyncs() > 0) return true;
  if (syn_seen_ && walker.in_sync()) return header_digests_.bad > 0;
  // What was sent before the capture began nobody knows; what has been since, and was answered.
  return seen_cids_.empty() || !seen_cids_[cid];
}

void CapturedConnection::OnIcResp(const WalkedPdu& pdu) {
  IcRespLayout layout;
  std::memcpy(static_cast<void*>(&layout), pdu.header.data(), sizeof(layout));
  framing_.header_digest = (layout.dgst & 1) != 0;
  framing_.data_digest = (layout.dgst & 2) != 0;
  framing_.agreed = true;
}

void CapturedConnection::OnCommandPdu(const WalkedPdu& pdu) {
  const CapturedCommand command = WithGaps(ReadCommand(pdu));
  const NvmeSqe& sqe = command.sqe;
  highest_cid_ = std::max<uint32_t>(highest_cid_, sqe.command_id);
  evidence_.Add(sqe);
  if (command.connects_queue.has_value()) queue_entries_ = command.queue_entries;
  if (!syn_seen_) {
    seen_cids_.resize(0x10000);
    seen_cids_[sqe.command_id] = true;
  }
  if (sqe.opcode == kNvmeCmdRead) ++reads_;
  if (sqe.opcode == kNvmeCmdWrite) ++writes_;
  const CapturedCommand* before = FindCommand(sqe.command_id);
  if (before != nullptr && c2h_.Lacks(before->controller_gaps)) {
    MissResponse(sqe.command_id);
  } else if (before != nullptr && c2h_.walker.resyncs() == 0 && header_digests_.bad == 0) {
    ++doubled_cids_;
  }
  outstanding_[sqe.command_id] = command;
  if (events_ != nullptr) events_->OnCommand(command);
}

CapturedCommand CapturedConnection::WithGaps(CapturedCommand command) const {
  command.host_gaps = h2c_.gaps;
  command.controller_gaps = c2h_.gaps;
  return command;
}

void CapturedConnection::AssumeCommand(const NvmeSqe& sqe, uint32_t length) {
  CapturedCommand command;
  command.sqe = sqe;
  command.length = length;
  command.to_host = true;
  outstanding_[sqe.command_id] = WithGaps(command);
}

void CapturedConnection::MissResponse(uint16_t cid) {
  outstanding_.erase(cid);
  if (events_ != nullptr) events_->OnResponseMissing(cid);
}

void CapturedConnection::EndCommand(uint16_t cid) {
  if (outstanding_.erase(cid) == 0) ++unknown_responses_;
}

const CapturedCommand* CapturedConnection::FindCommand(uint16_t cid) const {
  const auto it = outstanding_.find(cid);
  return it == outstanding_.end() ? nullptr : &it->second;
}

void CapturedConnection::Finish() {
  for (Direction* d : {&c2h_, &h2c_}) {
    d->stream.Finish();
    d->order.Finish();
  }
}

}  // namespace ddpsim

#include "models/link/segment_script.h"

#include <algorithm>
#include <cstring>

#include "ddpsim/base/check.h"
#include "ddpsim/wire/segment_writer.h"

namespace ddpsim {
namespace {

constexpr size_t kSourceMacAt = 6;

}  // namespace

SegmentScript::SegmentScript(const ScriptFault& fault, FramePool* pool)
    : fault_(fault), pool_(pool) {
  if (!fault.any()) return;
  begin_ = fault.segments.front().from;
  uint64_t end = begin_;
  for (const ScriptedSegment& segment : fault.segments) {
    begin_ = std::min(begin_, segment.from);
    end = std::max(end, segment.to);
  }
  bytes_.resize(end - begin_);
}

bool SegmentScript::Keep(const Frame& frame, const ParsedFrame& parsed,
                         const PduLocator::Place& place, SimTime now) {
  if (over() || place.connection != fault_.connection || parsed.payload.empty()) return false;
  if (place.bytes.to <= begin_) return false;
  if (due_.is_never() && place.bytes.to <= begin_ + known_) {
    next_ = fault_.segments.size();
    return false;
  }
  std::memcpy(addresses_.destination_mac.data(), frame.bytes().data(), sizeof(MacAddress));
  std::memcpy(addresses_.source_mac.data(), frame.bytes().data() + kSourceMacAt,
              sizeof(MacAddress));
  addresses_.source_ip = parsed.tuple.flow.source_ip;
  addresses_.destination_ip = parsed.tuple.flow.destination_ip;
  addresses_.tos = parsed.tos;
  header_ = parsed.tcp;
  ip_id_ = parsed.ip_id;
  Remember(parsed, place);
  if (due_.is_never()) Arm(now);
  return true;
}

void SegmentScript::Remember(const ParsedFrame& parsed, const PduLocator::Place& place) {
  begin_seq_ = parsed.tcp.seq - static_cast<uint32_t>(place.bytes.from - begin_);
  // First sendings come in order: what is new lies behind what is known.
  const uint64_t from = std::max(place.bytes.from, begin_ + known_);
  const uint64_t to = std::min(place.bytes.to, begin_ + bytes_.size());
  if (from >= to) return;
  std::memcpy(&bytes_[from - begin_], parsed.payload.data() + (from - place.bytes.from), to - from);
  for (uint64_t at : fault_.flipped) {
    if (at >= from && at < to) bytes_[at - begin_] ^= 1;
  }
  known_ = to - begin_;
}

void SegmentScript::Arm(SimTime now) {
  due_ = SimTime::Never();
  if (over() || fault_.segments[next_].to > begin_ + known_) return;
  due_ = std::max(now, last_ + fault_.segments[next_].after);
}

FramePtr SegmentScript::TakeNext(SimTime now) {
  SIM_CHECK(due_ <= now, "a step of the script that is not due");
  const ScriptedSegment& segment = fault_.segments[next_++];
  ++sent_;
  last_ = now;
  TcpHeader header = header_;
  header.seq = begin_seq_ + static_cast<uint32_t>(segment.from - begin_);
  header.flags = kTcpAck | kTcpPsh;
  Payload payload;
  payload.data = &bytes_[segment.from - begin_];
  payload.size = static_cast<uint32_t>(segment.to - segment.from);
  Arm(now);
  return WriteSegment(*pool_, addresses_, ip_id_, header, absl::MakeConstSpan(&payload, 1), 0,
                      payload.size);
}

}  // namespace ddpsim

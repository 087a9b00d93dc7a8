#include "sim/check/transparency_law.h"

#include <cstring>

#include "absl/strings/str_cat.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {
namespace {

uint32_t FlowKey(const TcpHeader& tcp) {
  return uint32_t{tcp.source_port} << 16 | tcp.destination_port;
}

}  // namespace

void TransparencyLaw::OnFrameAccepted(const FramePtr& frame) {
  ParsedFrame parsed;
  if (!ParseFrame(frame->bytes(), &parsed)) return;
  ++outstanding_;
  // A SYN takes a sequence number of its own.
  const bool is_syn = (parsed.tcp.flags & kTcpSyn) != 0;
  const SeqNum first_byte = is_syn ? parsed.tcp.seq + 1 : parsed.tcp.seq;
  flows_[FlowKey(parsed.tcp)].push_back({frame, parsed.tcp.seq, first_byte, parsed.payload_offset,
                                         static_cast<uint32_t>(parsed.payload.size())});
}

void TransparencyLaw::OnDriverSkb(const Skb& skb, SimTime now) {
  Looked();
  std::deque<Expected>& flow = flows_[FlowKey(skb.tcp)];
  if (flow.empty()) {
    Violate(now, absl::StrCat("skb of sequence ", skb.seq.value(), " without a frame"));
    return;
  }
  const Expected expected = std::move(flow.front());
  flow.pop_front();
  --outstanding_;
  if (expected.seq != skb.tcp.seq || expected.first_byte != skb.seq || expected.size != skb.size) {
    Violate(now, absl::StrCat("frame of sequence ", expected.seq.value(), " and ", expected.size,
                              " bytes came up as sequence ", skb.seq.value(), " and ", skb.size,
                              " bytes"));
  } else if (!SameBytes(expected, skb)) {
    Violate(now, absl::StrCat("payload of sequence ", skb.tcp.seq.value(),
                              " is not what was on the wire"));
  }
}

bool TransparencyLaw::SameBytes(const Expected& expected, const Skb& skb) {
  const uint8_t* wire = expected.frame->bytes().data() + expected.offset;
  uint32_t left = expected.size;
  for (const Payload& frag : skb.frags) {
    if (frag.size > left || std::memcmp(wire, frag.data, frag.size) != 0) return false;
    wire += frag.size;
    left -= frag.size;
  }
  return left == 0;
}

}  // namespace ddpsim

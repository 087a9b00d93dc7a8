#include "sim/check/transparency_law.h"

#include "absl/strings/str_cat.h"
#include "sim/check/payload_digest.h"
#include "sim/check/tcp_frame.h"

namespace ddpsim {
namespace {

uint64_t DigestOf(ByteSpan bytes) {
  PayloadDigest digest;
  digest.Add(bytes);
  return digest.Finish();
}

uint64_t DigestOf(const Skb& skb) {
  PayloadDigest digest;
  for (const Payload& frag : skb.frags) digest.Add(frag.bytes());
  return digest.Finish();
}

}  // namespace

void TransparencyLaw::OnFrameAccepted(const Frame& frame) {
  TcpFrame tcp;
  if (!ReadTcpFrame(frame.bytes(), &tcp)) return;
  ++accepted_;
  ++outstanding_;
  // A SYN takes a sequence number of its own.
  const SeqNum first_byte = (tcp.flags & kTcpSyn) != 0 ? tcp.seq + 1 : tcp.seq;
  flows_[FlowKey(tcp.source_port, tcp.destination_port)].push_back(
      {tcp.seq, first_byte, static_cast<uint32_t>(tcp.payload.size()), DigestOf(tcp.payload)});
}

bool TransparencyLaw::WasRead(const Skb& skb) {
  const SeqNum* const end = read_.Find(FlowKey(skb.tcp));
  return end != nullptr && skb.end_seq() <= *end;
}

bool TransparencyLaw::Match(const Skb& skb, SimTime now, Expected* expected) {
  RingQueue<Expected>& flow = flows_[FlowKey(skb.tcp)];
  if (flow.empty()) {
    Violate(now, absl::StrCat("skb of sequence ", skb.seq.value(), " without a frame"));
    return false;
  }
  *expected = flow.pop_front();
  --outstanding_;
  const bool same =
      expected->seq == skb.tcp.seq && expected->first_byte == skb.seq && expected->size == skb.size;
  if (!same) {
    Violate(now, absl::StrCat("frame of sequence ", expected->seq.value(), " and ", expected->size,
                              " bytes came up as sequence ", skb.seq.value(), " and ", skb.size,
                              " bytes"));
  }
  return same;
}

void TransparencyLaw::OnDriverSkb(const Skb& skb, SimTime now) {
  Looked();
  ++delivered_;
  Expected expected;
  if (Match(skb, now, &expected) && expected.digest != DigestOf(skb) && !WasRead(skb)) {
    Violate(now, absl::StrCat("payload of sequence ", skb.tcp.seq.value(),
                              " is not what was on the wire"));
  }
}

void TransparencyLaw::OnDriverDrop(const Skb& skb, DriverDrop why, uint32_t placed_bytes,
                                   SimTime now) {
  Looked();
  dropped_placed_bytes_ += placed_bytes;
  Expected expected;
  Match(skb, now, &expected);
  const char* kWhy[] = {"", ": too many frags", ": it walked off the SGL of the ccid"};
  const bool right = (why == DriverDrop::kTooManyFrags && too_many_frags_) ||
                     (why == DriverDrop::kNoQueue && ended_.Find(FlowKey(skb.tcp)) != nullptr);
  if (!right) {
    Violate(now, absl::StrCat("the driver drops sequence ", skb.tcp.seq.value(), " of a live queue",
                              kWhy[static_cast<int>(why)]));
  }
}

}  // namespace ddpsim

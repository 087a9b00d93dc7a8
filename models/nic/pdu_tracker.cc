#include "models/nic/pdu_tracker.h"

#include <algorithm>

#include "ddpsim/base/mutant.h"

namespace ddpsim {

uint32_t PduTracker::Advance(ByteSpan rest, uint32_t until) {
  const uint32_t n = static_cast<uint32_t>(std::min<size_t>(rest.size(), until - position_));
  position_ += n;
  return n;
}

void PduTracker::Finish(PduRun* run) {
  run->pdu_complete = position_ == layout_.pdu_size;
  if (run->pdu_complete) position_ = 0;
}

PduRun PduTracker::NextHeader(ByteSpan rest, const PduFormat& format) {
  PduRun run;
  run.pdu_offset = position_;
  for (;;) {
    const uint32_t until = length_known() ? layout_.header_size : PduFormat::kCommonHeader;
    const uint32_t from = position_;
    const uint32_t n = Advance(rest.subspan(run.size), until);
    // Headers without a digest may be longer (ICResp); their tail is of no interest.
    if (from < PduFormat::kMaxHeader) {
      std::memcpy(&header_[DDPSIM_MUTANT(kTrackerSplitHeader) ? 0 : from], rest.data() + run.size,
                  std::min(n, PduFormat::kMaxHeader - from));
    }
    run.size += n;
    if (position_ < until) return run;
    if (until == PduFormat::kCommonHeader) {
      run.bad = !format.ParseCommonHeader(header_.data(), &layout_);
      if (run.bad || run.size == rest.size()) return run;
      continue;
    }
    run.bad = !format.ParseHeader(header_.data(), &layout_);
    run.header_complete = !run.bad;
    if (!run.bad) Finish(&run);
    return run;
  }
}

PduRun PduTracker::Next(ByteSpan rest, const PduFormat& format) {
  if (!header_known()) return NextHeader(rest, format);
  PduRun run;
  run.pdu_offset = position_;
  if (position_ < layout_.data_at) {
    run.part = PduRun::Part::kGap;
    run.size = Advance(rest, layout_.data_at);
  } else if (position_ < layout_.data_end()) {
    run.part = PduRun::Part::kData;
    run.size = Advance(
        rest, layout_.data_end() + (DDPSIM_MUTANT(kTrackerDigestAsData) ? layout_.digest_size : 0));
  } else if (layout_.digest_size > 0) {
    run.part = PduRun::Part::kDigest;
    run.size = Advance(rest, layout_.pdu_size);
  } else {
    run.part = PduRun::Part::kGap;
    run.size = Advance(rest, layout_.pdu_size);
  }
  Finish(&run);
  return run;
}

}  // namespace ddpsim

#include "ddpsim/wire/tcp_segment.h"

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

// Option kinds: IANA TCP parameters; 2 = RFC 9293, 3 and 8 = RFC 7323, 4 and 5 = RFC 2018.
enum OptionKind : uint8_t {
  kEnd = 0,
  kNop = 1,
  kMss = 2,
  kWindowScale = 3,
  kSackPermitted = 4,
  kSack = 5,
  kTimestamps = 8,
};

constexpr uint32_t kNopNopTimestamps = kNop << 24 | kNop << 16 | kTimestamps << 8 | 10;
constexpr uint32_t kSackPermittedTimestamps =
    kSackPermitted << 24 | 2 << 16 | kTimestamps << 8 | 10;
constexpr uint32_t kNopNopSackPermitted = kNop << 24 | kNop << 16 | kSackPermitted << 8 | 2;

// With timestamps present SACK-permitted takes the place of their two NOPs (Linux 6.1
// tcp_options_write()).
size_t OptionsSize(const TcpOptions& o) {
  size_t size = 0;
  if (o.mss) size += 4;
  if (o.has_timestamps) {
    size += 12;
  } else if (o.sack_permitted) {
    size += 4;
  }
  if (o.window_scale) size += 4;
  if (o.sack_count > 0) size += 4 + 8 * o.sack_count;
  return size;
}

uint8_t* EmitTimestamps(const TcpOptions& o, uint8_t* p) {
  StoreBe32(p, o.sack_permitted ? kSackPermittedTimestamps : kNopNopTimestamps);
  StoreBe32(p + 4, o.ts_val);
  StoreBe32(p + 8, o.ts_ecr);
  return p + 12;
}

uint8_t* EmitSack(const TcpOptions& o, uint8_t* p) {
  StoreBe32(p, kNop << 24 | kNop << 16 | kSack << 8 | (2 + 8 * o.sack_count));
  p += 4;
  for (int i = 0; i < o.sack_count; ++i, p += 8) {
    StoreBe32(p, o.sack[i].start.value());
    StoreBe32(p + 4, o.sack[i].end.value());
  }
  return p;
}

void EmitOptions(const TcpOptions& o, uint8_t* p) {
  if (o.mss) {
    StoreBe32(p, kMss << 24 | 4 << 16 | *o.mss);
    p += 4;
  }
  if (o.has_timestamps) {
    p = EmitTimestamps(o, p);
  } else if (o.sack_permitted) {
    StoreBe32(p, kNopNopSackPermitted);
    p += 4;
  }
  if (o.window_scale) {
    StoreBe32(p, kNop << 24 | kWindowScale << 16 | 3 << 8 | *o.window_scale);
    p += 4;
  }
  if (o.sack_count > 0) EmitSack(o, p);
}

void ParseSack(const uint8_t* p, uint8_t length, TcpOptions* o) {
  // As Linux 6.1 tcp_parse_options(): a length that is no whole number of blocks makes the option
  // void.
  if (length < 10 || (length - 2) % 8 != 0) return;
  o->sack_count = static_cast<uint8_t>((length - 2) / 8);
  for (int i = 0; i < o->sack_count; ++i) {
    o->sack[i] = {SeqNum(LoadBe32(p + 2 + 8 * i)), SeqNum(LoadBe32(p + 6 + 8 * i))};
  }
}

// A known option of the wrong length is void, as in Linux; it does not spoil the others.
void ParseOption(const uint8_t* p, uint8_t length, TcpOptions* o) {
  switch (p[0]) {
    case kMss:
      if (length == 4) o->mss = LoadBe16(p + 2);
      break;
    case kWindowScale:
      if (length == 3) o->window_scale = p[2];
      break;
    case kSackPermitted:
      if (length == 2) o->sack_permitted = true;
      break;
    case kTimestamps:
      if (length != 10) break;
      o->has_timestamps = true;
      o->ts_val = LoadBe32(p + 2);
      o->ts_ecr = LoadBe32(p + 6);
      break;
    case kSack:
      ParseSack(p, length, o);
      break;
    default:
      break;
  }
}

bool ParseOptions(const uint8_t* p, const uint8_t* end, TcpOptions* o) {
  while (p < end && *p != kEnd) {
    if (*p == kNop) {
      ++p;
      continue;
    }
    if (end - p < 2 || p[1] < 2 || p[1] > end - p) return false;
    ParseOption(p, p[1], o);
    p += p[1];
  }
  return true;
}

void ClearOptions(TcpOptions* o) {
  o->mss.reset();
  o->window_scale.reset();
  o->sack_permitted = false;
  o->has_timestamps = false;
  o->ts_val = 0;
  o->ts_ecr = 0;
  o->sack_count = 0;
}

}  // namespace

size_t TcpHeaderSize(const TcpHeader& header) {
  return kTcpMinHeader + OptionsSize(header.options);
}

size_t EmitTcpHeader(const TcpHeader& header, MutableByteSpan out) {
  const size_t size = TcpHeaderSize(header);
  SIM_CHECK(size <= kTcpMaxHeader && size <= out.size(), "TCP header does not fit");
  uint8_t* p = out.data();
  StoreBe16(p, header.source_port);
  StoreBe16(p + 2, header.destination_port);
  StoreBe32(p + 4, header.seq.value());
  StoreBe32(p + 8, header.ack.value());
  p[12] = static_cast<uint8_t>(size / 4 << 4);
  p[13] = header.flags;
  StoreBe16(p + 14, header.window);
  StoreBe32(p + 16, 0);  // checksum, urgent pointer
  EmitOptions(header.options, p + kTcpMinHeader);
  return size;
}

size_t ParseTcpHeader(ByteSpan segment, TcpHeader* header) {
  if (segment.size() < kTcpMinHeader) return 0;
  const uint8_t* p = segment.data();
  const size_t size = (p[12] >> 4) * 4u;
  if (size < kTcpMinHeader || size > segment.size()) return 0;
  header->source_port = LoadBe16(p);
  header->destination_port = LoadBe16(p + 2);
  header->seq = SeqNum(LoadBe32(p + 4));
  header->ack = SeqNum(LoadBe32(p + 8));
  header->flags = p[13];
  header->window = LoadBe16(p + 14);
  TcpOptions& o = header->options;
  ClearOptions(&o);
  // The usual segment of an established connection carries nothing but aligned timestamps (RFC 7323
  // appendix A).
  if (size == kTcpMinHeader + 12 && LoadBe32(p + kTcpMinHeader) == kNopNopTimestamps) {
    o.has_timestamps = true;
    o.ts_val = LoadBe32(p + kTcpMinHeader + 4);
    o.ts_ecr = LoadBe32(p + kTcpMinHeader + 8);
    return size;
  }
  return ParseOptions(p + kTcpMinHeader, p + size, &o) ? size : 0;
}

}  // namespace ddpsim

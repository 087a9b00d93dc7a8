// TCP header as a plain value (RFC 9293 section 3.1) with the options Linux sends: MSS, window
// scale (RFC 7323), SACK permitted and SACK blocks (RFC 2018), timestamps (RFC 7323). Emitted in
// Linux's order and padding (tcp_options_write(): MSS, SACK-permitted, timestamps, window scale;
// established: NOP NOP TS, NOP NOP SACK). Left out: urgent data, fast open, MD5/AO, ECN beyond the
// two flag bits.
#ifndef DDPSIM_WIRE_TCP_SEGMENT_H_
#define DDPSIM_WIRE_TCP_SEGMENT_H_

#include <array>
#include <cstdint>
#include <optional>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/seq_num.h"

namespace ddpsim {

// The ECN field of the IP header (RFC 3168 section 5).
enum IpEcn : uint8_t { kIpNotEct = 0, kIpEct1 = 1, kIpEct0 = 2, kIpCe = 3 };

enum TcpFlag : uint8_t {
  kTcpFin = 0x01,
  kTcpSyn = 0x02,
  kTcpRst = 0x04,
  kTcpPsh = 0x08,
  kTcpAck = 0x10,
  kTcpUrg = 0x20,
  kTcpEce = 0x40,
  kTcpCwr = 0x80,
};

struct SackBlock {
  SeqNum start;
  SeqNum end;  // first byte after the block
  friend bool operator==(const SackBlock& a, const SackBlock& b) {
    return a.start == b.start && a.end == b.end;
  }
};

struct TcpOptions {
  std::optional<uint16_t> mss;
  std::optional<uint8_t> window_scale;
  bool sack_permitted = false;
  bool has_timestamps = false;
  uint32_t ts_val = 0;
  uint32_t ts_ecr = 0;
  uint8_t sack_count = 0;
  std::array<SackBlock, 4> sack;  // the first sack_count are valid, in wire order
};

struct TcpHeader {
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  SeqNum seq;
  SeqNum ack;
  uint8_t flags = 0;
  uint16_t window = 0;  // the raw 16-bit field, not scaled
  TcpOptions options;
};

inline constexpr size_t kTcpMinHeader = 20;
inline constexpr size_t kTcpMaxHeader = 60;

// Bytes of header that EmitTcpHeader() will write for `header`: 20 + options, a multiple of 4, at
// most 60.
size_t TcpHeaderSize(const TcpHeader& header);
// Writes the header with checksum 0 and returns its size. REQUIRES: out.size() >=
// TcpHeaderSize(header).
size_t EmitTcpHeader(const TcpHeader& header, MutableByteSpan out);
// Parses the header at the start of `segment`; unknown options are skipped. Returns the header's
// size (data offset * 4), or 0 when the segment is shorter than its header, the data offset is
// below 5 or an option overruns the header.
size_t ParseTcpHeader(ByteSpan segment, TcpHeader* header);

}  // namespace ddpsim

#endif  // DDPSIM_WIRE_TCP_SEGMENT_H_

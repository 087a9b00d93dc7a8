// Captures made in tests, byte by byte, right and wrong.
#ifndef DDPSIM_TESTS_SUPPORT_CAPTURE_BUILDER_H_
#define DDPSIM_TESTS_SUPPORT_CAPTURE_BUILDER_H_

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "ddpsim/base/bytes.h"
#include "ddpsim/wire/segment_writer.h"

namespace ddpsim {

using Bytes = std::vector<uint8_t>;

inline void Append(Bytes* to, const Bytes& from) {
  to->insert(to->end(), from.begin(), from.end());
}
inline Bytes Le32(uint32_t v) {
  Bytes out(4);
  StoreLe32(out.data(), v);
  return out;
}
inline Bytes Be32(uint32_t v) {
  Bytes out(4);
  StoreBe32(out.data(), v);
  return out;
}
inline Bytes Le16(uint16_t v) { return {static_cast<uint8_t>(v), static_cast<uint8_t>(v >> 8)}; }
inline Bytes Join(const std::vector<Bytes>& parts) {
  Bytes out;
  for (const Bytes& part : parts) Append(&out, part);
  return out;
}

// A file that is gone with the object.
class TempFile {
 public:
  explicit TempFile(const Bytes& bytes, const std::string& suffix = ".pcap") {
    path_ = "/tmp/ddpsim_capture_XXXXXX" + suffix;
    const int fd = mkstemps(path_.data(), static_cast<int>(suffix.size()));
    close(fd);
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<long>(bytes.size()));
  }
  TempFile(const TempFile&) = delete;
  ~TempFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A TCP/IPv4 frame between host 10.9.0.2:40000 and target 10.9.0.1:4420.
struct FrameSpec {
  bool from_host = false;
  uint32_t seq = 1000;
  uint32_t ack = 0;
  uint8_t flags = kTcpAck;
  uint16_t ip_id = 1;
  Bytes payload = {};
  uint16_t mss = 0;  // not 0: the option
};

inline Bytes MakeFrame(const FrameSpec& spec) {
  FramePool pool;
  EthIpAddresses addresses;
  addresses.source_mac = {2, 0, 0, 0, 0, 1};
  addresses.destination_mac = {2, 0, 0, 0, 0, 2};
  addresses.source_ip = spec.from_host ? 0x0a090002 : 0x0a090001;
  addresses.destination_ip = spec.from_host ? 0x0a090001 : 0x0a090002;
  TcpHeader header;
  header.source_port = spec.from_host ? 40000 : 4420;
  header.destination_port = spec.from_host ? 4420 : 40000;
  header.seq = SeqNum(spec.seq);
  header.ack = SeqNum(spec.ack);
  header.flags = spec.flags;
  header.window = 1000;
  if (spec.mss != 0) header.options.mss = spec.mss;
  const auto size = static_cast<uint32_t>(spec.payload.size());
  const Payload payload{spec.payload.data(), size, 0, nullptr};
  const FramePtr frame =
      WriteSegment(pool, addresses, spec.ip_id, header, absl::MakeConstSpan(&payload, 1), 0, size);
  return Bytes(frame->bytes().begin(), frame->bytes().end());
}

inline Bytes PcapHeader(uint32_t magic = 0xa1b2c3d4, uint32_t link_type = 1) {
  return Join({Le32(magic), Le16(2), Le16(4), Le32(0), Le32(0), Le32(262144), Le32(link_type)});
}
inline Bytes PcapRecord(const Bytes& frame, uint32_t sec = 1, uint32_t fraction = 0) {
  const auto size = static_cast<uint32_t>(frame.size());
  return Join({Le32(sec), Le32(fraction), Le32(size), Le32(size), frame});
}
inline Bytes Pcap(const std::vector<Bytes>& frames) {
  Bytes out = PcapHeader();
  for (const Bytes& frame : frames) Append(&out, PcapRecord(frame));
  return out;
}

// pcapng, little-endian. `body` is padded.
inline Bytes Block(uint32_t type, Bytes body) {
  body.resize((body.size() + 3) / 4 * 4);
  const auto length = static_cast<uint32_t>(body.size() + 12);
  return Join({Le32(type), Le32(length), body, Le32(length)});
}
inline Bytes SectionHeader() {
  return Block(0x0a0d0d0a, Join({Le32(0x1a2b3c4d), Le16(1), Le16(0), Le32(~0u), Le32(~0u)}));
}
inline Bytes InterfaceBlock(uint16_t link_type = 1, const Bytes& options = {}) {
  return Block(1, Join({Le16(link_type), Le16(0), Le32(262144), options}));
}
inline Bytes EnhancedPacket(const Bytes& frame, uint32_t interface = 0, uint64_t ticks = 1000000,
                            const Bytes& options = {}) {
  const auto size = static_cast<uint32_t>(frame.size());
  Bytes padded = frame;
  padded.resize((frame.size() + 3) / 4 * 4);
  return Block(6,
               Join({Le32(interface), Le32(static_cast<uint32_t>(ticks >> 32)),
                     Le32(static_cast<uint32_t>(ticks)), Le32(size), Le32(size), padded, options}));
}
inline Bytes Pcapng(const std::vector<Bytes>& frames) {
  Bytes out = Join({SectionHeader(), InterfaceBlock()});
  for (const Bytes& frame : frames) Append(&out, EnhancedPacket(frame));
  return out;
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_SUPPORT_CAPTURE_BUILDER_H_

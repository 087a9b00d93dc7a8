// Writes captures: classic pcap with nanosecond timestamps (draft-ietf-opsawg-pcap) or pcapng with
// per-packet comments and directions (draft-ietf-opsawg-pcapng), one Ethernet interface,
// little-endian. Time 0 is the start of the run. Left out: reading, several interfaces, truncation.
// Invariants: the same packets give the same bytes; after the first I/O error every call returns it
// and nothing more is written.
#ifndef DDPSIM_BASE_PCAP_WRITER_H_
#define DDPSIM_BASE_PCAP_WRITER_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ddpsim/base/bytes.h"
#include "ddpsim/base/sim_time.h"

namespace ddpsim {

enum class CaptureFormat { kPcap, kPcapNg };

// epb_flags bits 1:0, as seen from the interface. pcap cannot tell.
enum class CaptureDirection : uint32_t { kUnknown = 0, kInbound = 1, kOutbound = 2 };

// kPcapNg for a path that ends in ".pcapng", else kPcap.
CaptureFormat CaptureFormatOf(absl::string_view path);

class PcapWriter {
 public:
  // Creates or truncates `path` and writes the file header. `interface_name` goes to pcapng's
  // if_name.
  static absl::StatusOr<std::unique_ptr<PcapWriter>> Open(const std::string& path,
                                                          CaptureFormat format,
                                                          absl::string_view interface_name);
  PcapWriter(const PcapWriter&) = delete;
  PcapWriter& operator=(const PcapWriter&) = delete;
  // Closes without telling of errors: call Close() first.
  ~PcapWriter();

  // Appends a packet; pcap drops direction and comment. REQUIRES: not closed.
  absl::Status Write(SimTime time, ByteSpan frame,
                     CaptureDirection direction = CaptureDirection::kUnknown,
                     absl::string_view comment = {}) {
    return WriteAt(time.ns(), frame, static_cast<uint32_t>(frame.size()), direction, comment);
  }
  // The same for a packet recorded elsewhere: nanoseconds since the epoch, and its length before it
  // was cut.
  absl::Status WriteAt(int64_t ns, ByteSpan frame, uint32_t original_length,
                       CaptureDirection direction, absl::string_view comment);
  // Flushes and closes. Later calls return the same status.
  absl::Status Close();

  int64_t packets() const { return packets_; }

 private:
  PcapWriter(std::string path, CaptureFormat format, std::FILE* file);
  void AppendPcapHeader();
  void AppendPcapNgHeader(absl::string_view interface_name);
  void AppendPcapRecord(int64_t ns, ByteSpan frame, uint32_t original_length);
  void AppendEnhancedPacket(int64_t ns, ByteSpan frame, uint32_t original_length,
                            CaptureDirection direction, absl::string_view comment);
  absl::Status Flush();
  void Fail(absl::string_view action);

  std::string path_;
  CaptureFormat format_;
  std::FILE* file_;
  std::vector<uint8_t> buffer_;
  absl::Status status_;
  int64_t packets_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_BASE_PCAP_WRITER_H_

// Tells whether a stream carries TLS (RFC 8446 section 5.1) in place of NVMe/TCP PDUs: records of a
// 5-byte header that gives their length follow each other. Left out: what they hold, which nobody
// without the keys can tell. Invariant: a stream that is seen from its start is TLS by its first
// record; one joined in its middle by kChain of them.
#ifndef DDPSIM_MODELS_CAPTURE_TLS_RECORDS_H_
#define DDPSIM_MODELS_CAPTURE_TLS_RECORDS_H_

#include <array>
#include <cstdint>

#include "ddpsim/base/bytes.h"

namespace ddpsim {

class TlsRecords {
 public:
  // The stream is seen from its start.
  void StartAtRecord() { at_start_ = true; }
  // A segment's part of the stream: where a search begins, since senders begin records there.
  void OnBytes(ByteSpan bytes);
  void OnGap(uint64_t size);

  bool is_tls() const { return is_tls_; }

 private:
  static constexpr uint32_t kHeader = 5;
  static constexpr int kChain = 3;  // by chance a place looks like a header once in 10^6

  bool Looks() const;

  bool at_start_ = false;
  bool is_tls_ = false;
  std::array<uint8_t, kHeader> header_{};
  uint32_t header_size_ = 0;
  uint64_t to_skip_ = 0;
  int chain_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_TLS_RECORDS_H_

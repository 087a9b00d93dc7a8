#include "models/capture/tls_records.h"

#include <algorithm>

namespace ddpsim {
namespace {

// ContentType: change_cipher_spec 20, alert, handshake, application_data, heartbeat 24.
constexpr uint8_t kFirstType = 20;
constexpr uint8_t kLastType = 24;
// TLSCiphertext.length of TLS 1.2 (RFC 5246 section 6.2.3); 1.3 allows less.
constexpr uint16_t kMaxLength = 16384 + 2048;

}  // namespace

bool TlsRecords::Looks() const {
  const uint16_t length = LoadBe16(&header_[3]);
  return header_[0] >= kFirstType && header_[0] <= kLastType && header_[1] == 3 &&
         header_[2] <= 4 && length > 0 && length <= kMaxLength;
}

void TlsRecords::OnBytes(ByteSpan bytes) {
  if (is_tls_) return;
  while (!bytes.empty()) {
    const auto skipped = static_cast<size_t>(std::min<uint64_t>(to_skip_, bytes.size()));
    to_skip_ -= skipped;
    bytes.remove_prefix(skipped);
    if (bytes.empty()) return;
    const size_t n = std::min<size_t>(kHeader - header_size_, bytes.size());
    std::copy_n(bytes.begin(), n, header_.begin() + header_size_);
    header_size_ += static_cast<uint32_t>(n);
    bytes.remove_prefix(n);
    if (header_size_ < kHeader) return;
    header_size_ = 0;
    const bool first = at_start_;
    at_start_ = false;
    if (!Looks()) {
      chain_ = 0;
      return;
    }
    to_skip_ = LoadBe16(&header_[3]);
    is_tls_ = first || ++chain_ == kChain;
    if (is_tls_) return;
  }
}

void TlsRecords::OnGap(uint64_t size) {
  at_start_ = false;
  if (header_size_ == 0 && size <= to_skip_) {
    to_skip_ -= size;
    return;
  }
  header_size_ = 0;
  to_skip_ = 0;
  chain_ = 0;
}

}  // namespace ddpsim

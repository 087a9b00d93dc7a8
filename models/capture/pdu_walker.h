// Walks one direction of a captured stream from PDU to PDU, as far as the capture has it, and
// checks digests. It does not know where PDUs start when the capture began in mid-stream, when a
// header fell into a gap, or when a length was damaged: then it searches for a header and believes
// it when its digest is right or, without header digests, when the next headers follow where its
// length says. A header whose digest is wrong is counted and, if its length can be one, walked
// past. Left out: what the endpoints would make of it. Invariants: a PDU is reported once, when its
// last byte has been seen; a digest over bytes that the capture lacks is neither good nor bad.
#ifndef DDPSIM_MODELS_CAPTURE_PDU_WALKER_H_
#define DDPSIM_MODELS_CAPTURE_PDU_WALKER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "ddpsim/wire/nvme_tcp_pdu.h"

namespace ddpsim {

enum class StreamDirection : uint8_t { kC2H, kH2C };

enum class DigestVerdict : uint8_t { kNone, kGood, kBad, kUnknown };

struct WalkedPdu {
  uint64_t offset = 0;  // of its first byte in the stream
  PduCommonHeader ch;
  std::array<uint8_t, kMaxPduHeader> header{};  // HLEN bytes and the digest
  uint32_t header_size = 0;
  uint32_t data_begin = 0;  // offset of data in the PDU
  uint32_t data_length = 0;
  DigestVerdict header_digest = DigestVerdict::kNone;
  DigestVerdict data_digest = DigestVerdict::kNone;
  bool data_whole = true;  // no byte of its data is missing
  // A C2HData's PLEN is where nvme-tcp, which goes by DATAL and the digests agreed, finds its end.
  bool lengths_agree = true;
  uint32_t data_crc = 0;  // CRC32C of the data; with data_whole

  PduType type() const { return static_cast<PduType>(ch.type); }
  bool header_good() const { return header_digest != DigestVerdict::kBad; }
};

// How a header that a search found fits what is known of the connection.
enum class Belief : uint8_t { kNo, kPerhaps, kCertain };

class PduSink {
 public:
  virtual ~PduSink() = default;
  // `header`: HLEN bytes. Payload may look like PDUs.
  virtual Belief Believes(StreamDirection direction, ByteSpan header) { return Belief::kPerhaps; }
  // The header is complete; data may follow.
  virtual void OnPduHeader(StreamDirection direction, const WalkedPdu& pdu) = 0;
  virtual void OnPdu(StreamDirection direction, const WalkedPdu& pdu) = 0;
};

// What is known of the digests of a connection: by ICReq and ICResp, by option, or by what PDUs
// that were found in mid-stream show. Both directions share it.
struct FramingKnowledge {
  std::optional<bool> header_digest;
  std::optional<bool> data_digest;
  bool agreed = false;  // by ICReq and ICResp
};

class PduWalker {
 public:
  // `framing` is shared with the other direction.
  PduWalker(StreamDirection direction, FramingKnowledge* framing, PduSink* sink)
      : direction_(direction), framing_(framing), sink_(sink) {}

  // The stream is seen from its start: the first PDU begins at its first byte.
  void StartAtPdu() { state_ = State::kHeader; }
  // Data digests need not be computed: verdicts are kUnknown.
  void SkipDigests() { check_data_ = false; }

  void OnBytes(uint64_t offset, ByteSpan bytes);
  void OnGap(uint64_t offset, uint64_t size);

  // In mid-PDU: header or data begun and not ended.
  bool in_mid_pdu() const { return state_ != State::kSearch && at_ > 0; }
  bool in_sync() const { return state_ != State::kSearch && unconfirmed_ == 0; }
  // Stream offset of the first PDU that was believed.
  std::optional<uint64_t> first_pdu() const { return first_pdu_; }
  // How often the place was lost, and the stream bytes that belong to no PDU known.
  uint64_t resyncs() const { return resyncs_; }
  uint64_t skipped_bytes() const { return skipped_bytes_; }

 private:
  enum class State : uint8_t { kSearch, kHeader, kBody };

  // Each takes some of `bytes` and returns how many.
  size_t TakeHeader(uint64_t offset, ByteSpan bytes);
  size_t TakeBody(ByteSpan bytes);
  size_t Search(uint64_t offset, ByteSpan bytes);
  bool IsCandidate(ByteSpan header) const;
  bool MayBePdu(const PduCommonHeader& ch) const;
  uint32_t HeaderNeed() const;
  bool HeaderComplete();
  void JudgeHeader();
  void LearnFraming();
  void PlaceData(bool has_data);
  void EndPdu();
  void LoseSync(uint64_t bytes);
  void Believe();

  StreamDirection direction_;
  FramingKnowledge* framing_;
  PduSink* sink_;
  bool check_data_ = true;
  State state_ = State::kSearch;
  WalkedPdu pdu_;
  uint64_t at_ = 0;        // bytes of the PDU seen
  uint64_t data_end_ = 0;  // offset in the PDU
  uint32_t digest_ = 0;    // DDGST bytes so far
  bool has_digest_ = false;
  // Headers that must still follow before the ones found are believed; what was found meanwhile.
  int unconfirmed_ = 0;
  bool no_header_ = false;  // what TakeHeader() completed was none
  std::vector<WalkedPdu> held_;
  std::vector<uint8_t> tail_;  // of searched bytes, where a header may have begun
  std::optional<uint64_t> first_pdu_;
  uint64_t candidate_ = 0;
  uint64_t searched_ = 0;  // bytes since the place was lost
  uint64_t resyncs_ = 0;
  uint64_t skipped_bytes_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_PDU_WALKER_H_

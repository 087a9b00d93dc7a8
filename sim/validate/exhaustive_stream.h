// The stream of the exhaustive search: eight PDUs of several shapes, cut into segments that respect
// no border, with what is true of each byte. Payload holds valid-looking headers, one PDU has a
// wrong digest, and sequence numbers wrap within it. Real bytes, by the project's own PDU writer.
#ifndef DDPSIM_SIM_VALIDATE_EXHAUSTIVE_STREAM_H_
#define DDPSIM_SIM_VALIDATE_EXHAUSTIVE_STREAM_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/base/seq_num.h"

namespace ddpsim {

class ExhaustiveStream {
 public:
  struct Pdu {
    uint32_t begin = 0;
    uint32_t end = 0;
    bool digest_right = true;
  };
  struct Truth {  // of a byte that is C2HData payload
    bool data = false;
    Ccid ccid = 0;
    uint32_t ccoff = 0;
  };

  ExhaustiveStream();

  const std::vector<Pdu>& pdus() const { return pdus_; }
  uint32_t size() const { return static_cast<uint32_t>(bytes_.size()); }
  const Truth& truth(uint32_t offset) const { return truth_[offset]; }
  uint32_t segments() const { return static_cast<uint32_t>(cuts_.size()) - 1; }
  // Of segment i; i == segments() gives the end.
  uint32_t cut(uint32_t i) const { return cuts_[i]; }
  ByteSpan Bytes(uint32_t from, uint32_t to) const {
    return ByteSpan(bytes_.data() + from, to - from);
  }
  SeqNum SeqOf(uint32_t offset) const { return first_ + offset; }
  uint32_t OffsetOf(SeqNum seq) const { return static_cast<uint32_t>(seq - first_); }
  bool IsPduStart(uint32_t offset) const;

 private:
  void AddData(Ccid ccid, uint32_t offset, uint32_t size, bool fake_headers, bool digest_right);
  void AddResp(Cid cid);

  SeqNum first_;
  std::vector<uint8_t> bytes_;
  std::vector<Truth> truth_;
  std::vector<Pdu> pdus_;
  std::vector<uint32_t> cuts_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_EXHAUSTIVE_STREAM_H_

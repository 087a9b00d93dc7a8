// One direction of a captured TCP connection put back in order. Segments may come late, twice or
// never; what never comes is given up as a gap, either because the receiver is known to have it (it
// acknowledged more) or because too much waits behind it. Where segments with other bytes overlap,
// the copy counts that Linux's socket would deliver (tcp_data_queue_ofo(), tcp_ofo_queue()): what
// has been delivered stays; a segment that waits yields to one that covers it, unless it is covered
// itself; of two that overlap in part the one that begins first has the bytes of both. Left out:
// windows, timestamps: the recorded receiver has judged already. Invariants: bytes and gaps come
// out in stream order, each position once; nothing comes out behind a FIN; what waits is bounded.
#ifndef DDPSIM_MODELS_CAPTURE_STREAM_REASSEMBLER_H_
#define DDPSIM_MODELS_CAPTURE_STREAM_REASSEMBLER_H_

#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"
#include "ddpsim/base/bytes.h"
#include "ddpsim/base/seq_num.h"

namespace ddpsim {

class StreamSink {
 public:
  virtual ~StreamSink() = default;
  // `offset` counts from the first byte of the stream that was seen, or from its true start.
  virtual void OnBytes(uint64_t offset, ByteSpan bytes) = 0;
  virtual void OnGap(uint64_t offset, uint64_t size) = 0;
  // Copies with other bytes came together: which of them the receiver took, its GRO decided.
  virtual void OnDoubt() {}
};

class StreamReassembler {
 public:
  // Of one direction: more than the receive buffers that Linux tunes to (tcp_rmem[2], 6 MiB).
  static constexpr uint64_t kMaxWaiting = uint64_t{8} << 20;

  // `budget`: what all streams together may still keep waiting; shared.
  StreamReassembler(StreamSink* sink, int64_t* budget) : sink_(sink), budget_(budget) {}
  ~StreamReassembler() { *budget_ += static_cast<int64_t>(waiting_ + recent_charge_); }
  StreamReassembler(const StreamReassembler&) = delete;
  StreamReassembler& operator=(const StreamReassembler&) = delete;

  bool started() const { return started_; }
  // The receiver has acknowledged bytes that are not on record, and may never be.
  bool lacks_acknowledged() const { return acknowledged_ > next_ + (ended_ ? 1 : 0); }
  // The stream begins at `first`. Without it the first segment decides.
  void Start(SeqNum first);
  // `bytes` empty and `size` not 0: the snapshot length took them. `fin`: the stream ends behind.
  void Add(SeqNum seq, ByteSpan bytes, uint32_t size, bool fin = false);
  // The receiver acknowledged everything before `ack`.
  void OnAcknowledged(SeqNum ack);
  // End of the capture: what still waits comes out behind its gaps.
  void Finish();

  uint64_t next() const { return next_; }
  SeqNum next_seq() const { return SeqOf(next_); }
  SeqNum SeqOf(uint64_t offset) const { return first_ + static_cast<uint32_t>(offset); }
  // A FIN has been reached.
  bool ended() const { return ended_; }
  // Whether the receiver takes a RST of this number for one of its peer (RFC 5961 section 3.2, and
  // as Linux adds: the FIN's own number, and the right end of what waits).
  bool IsExactReset(SeqNum seq) const;
  uint64_t waiting() const { return waiting_; }
  // Stream bytes that no record of the capture holds.
  uint64_t gap_bytes() const { return gap_bytes_; }
  uint64_t gaps() const { return gaps_; }
  // Segments that came with other bytes than one that waits, or waited just before.
  uint64_t doubts() const { return doubts_; }

 private:
  struct Piece {
    uint32_t size = 0;
    std::vector<uint8_t> bytes;  // empty: cut
    bool fin = false;
    uint32_t segments = 1;

    // In sequence numbers, of which a FIN takes one.
    uint64_t length() const { return uint64_t{size} + (fin ? 1 : 0); }
    uint64_t charge() const;
  };
  using Pieces = absl::btree_map<uint64_t, Piece>;
  // Position of `seq` in the stream, negative before its start.
  int64_t OffsetOf(SeqNum seq) const { return static_cast<int64_t>(next_) + (seq - SeqOf(next_)); }
  // Whether the segment differs from one that overlaps it.
  bool Differs(uint64_t begin, ByteSpan bytes) const;
  void Remember(uint64_t offset, Piece piece);
  void ForgetRecent(uint64_t before);
  void Deliver(ByteSpan bytes, uint32_t size);
  void Keep(uint64_t offset, ByteSpan bytes, uint32_t size, bool fin);
  // True if the piece on the left takes the segment in, or makes it superfluous.
  bool KeepLeft(uint64_t offset, ByteSpan bytes, uint32_t size, bool fin);
  Pieces::iterator Drop(Pieces::iterator piece);
  void End();
  void Drain();
  // Gives up what is missing before the first piece that waits.
  void SkipGap();
  void Gap(uint64_t size);

  StreamSink* sink_;
  int64_t* budget_;
  bool started_ = false;
  SeqNum first_;
  uint64_t next_ = 0;
  uint64_t acknowledged_ = 0;
  Pieces pieces_;  // by offset; may overlap
  Pieces recent_;  // those of the last kMergeable bytes, delivered
  uint64_t recent_charge_ = 0;
  uint64_t doubts_ = 0;
  bool ended_ = false;
  uint64_t waiting_ = 0;
  uint64_t gap_bytes_ = 0;
  uint64_t gaps_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_STREAM_REASSEMBLER_H_

#include "models/capture/stream_reassembler.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

namespace ddpsim {
namespace {

struct Sink : StreamSink {
  std::string text;
  uint64_t next = 0;
  void OnBytes(uint64_t offset, ByteSpan bytes) override {
    CHECK(offset == next);
    next += bytes.size();
    text.append(bytes.begin(), bytes.end());
  }
  void OnGap(uint64_t offset, uint64_t size) override {
    CHECK(offset == next);
    next += size;
    text.append(size, '_');
  }
};

struct Bench {
  int64_t budget = 1 << 20;
  Sink sink;
  StreamReassembler stream{&sink, &budget};
  void Add(uint32_t seq, const std::string& text) {
    stream.Add(SeqNum(seq), ByteSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size()),
               static_cast<uint32_t>(text.size()));
  }
};

TEST_CASE("reassembly: late, repeated and overlapping segments give each byte once, in order") {
  Bench b;
  b.stream.Start(SeqNum(0xfffffffe));  // wraps
  b.Add(0xfffffffe, "ab");
  b.Add(4, "gh");
  b.Add(0, "cd");
  b.Add(0, "cd");
  b.Add(1, "defg");
  b.Add(5, "hi");
  CHECK(b.sink.text == "abcdefghi");
  CHECK(b.stream.waiting() == 0);
  CHECK(b.stream.doubts() == 0);
  b.stream.Finish();
  CHECK(b.budget == 1 << 20);
  CHECK(b.stream.gap_bytes() == 0);
}

TEST_CASE("reassembly: a hole that the receiver acknowledged over is given up") {
  Bench b;
  b.Add(100, "ab");
  b.Add(105, "fg");
  CHECK(b.sink.text == "ab");
  b.stream.OnAcknowledged(SeqNum(104));
  CHECK(b.sink.text == "ab");
  b.stream.OnAcknowledged(SeqNum(107));
  CHECK(b.sink.text == "ab___fg");
  CHECK(b.stream.gap_bytes() == 3);
}

TEST_CASE("reassembly: what the snapshot length took is a gap at once, in its place") {
  Bench b;
  b.Add(100, "ab");
  b.stream.Add(SeqNum(102), {}, 4);
  b.Add(106, "gh");
  CHECK(b.sink.text == "ab____gh");
}

TEST_CASE("reassembly: what waits is bounded, for a stream and for all") {
  Bench b;
  b.Add(0, "a");
  const std::string big(60000, 'x');
  for (uint32_t i = 0; i < 200; ++i) b.Add(10 + i * 60000, big);
  CHECK(b.stream.waiting() <= StreamReassembler::kMaxWaiting + 70000);
  CHECK(b.budget >= -70000);
  CHECK(b.stream.gap_bytes() == 9);
  b.stream.Finish();
  CHECK(b.sink.next == 10 + 200 * 60000);
  CHECK(b.budget == 1 << 20);
}

TEST_CASE("reassembly: the end of the capture brings out what waited behind its gaps") {
  Bench b;
  b.Add(0, "a");
  b.Add(3, "d");
  b.Add(5, "f");
  b.stream.Finish();
  CHECK(b.sink.text == "a__d_f");
  CHECK(b.stream.gaps() == 2);
}

TEST_CASE("reassembly: a sequence number from nowhere is ignored") {
  Bench b;
  b.Add(1000, "a");
  b.Add(1000 + (1u << 30) + 100, "x");
  b.stream.Finish();
  CHECK(b.sink.text == "a");
}

TEST_CASE("reassembly: where waiting segments overlap, Linux's copy counts") {
  const auto text = [](const std::vector<std::pair<uint32_t, std::string>>& segments) {
    Bench b;
    b.stream.Start(SeqNum(100));
    for (const auto& [seq, bytes] : segments) b.Add(seq, bytes);
    return b.sink.text;
  };
  // Delivered already: the old one.
  CHECK(text({{100, "abcd"}, {102, "XXXX"}}) == "abcdXX");
  // Covered by one that waits: dropped.
  CHECK(text({{102, "cdef"}, {103, "XX"}, {100, "ab"}}) == "abcdef");
  CHECK(text({{102, "cdef"}, {102, "XX"}, {100, "ab"}}) == "abcdef");
  CHECK(text({{102, "cdef"}, {102, "XXXX"}, {100, "ab"}}) == "abcdef");
  // Covers one that waits: takes its place.
  CHECK(text({{103, "d"}, {102, "XXXX"}, {100, "ab"}}) == "abXXXX");
  CHECK(text({{102, "cd"}, {102, "XXXX"}, {100, "ab"}}) == "abXXXX");
  // In part: the one that begins first.
  CHECK(text({{102, "cd"}, {103, "XXX"}, {100, "ab"}}) == "abcdXX");
  CHECK(text({{103, "def"}, {102, "XX"}, {100, "ab"}}) == "abXXef");
  // What fills the hole and overlaps: the new one.
  CHECK(text({{102, "cdef"}, {100, "abXX"}}) == "abXXef");
  // Two that touch are one.
  CHECK(text({{102, "cd"}, {104, "ef"}, {103, "XXX"}, {100, "ab"}}) == "abcdef");
}

TEST_CASE("reassembly: copies with other bytes that came together are doubted, others not") {
  const auto doubts = [](const std::vector<std::pair<uint32_t, std::string>>& segments) {
    Bench b;
    b.stream.Start(SeqNum(100));
    for (const auto& [seq, bytes] : segments) b.Add(seq, bytes);
    return b.stream.doubts();
  };
  CHECK(doubts({{102, "cd"}, {102, "cd"}, {100, "ab"}, {100, "abcd"}}) == 0);
  CHECK(doubts({{102, "cd"}, {101, "bX"}}) == 1);
  CHECK(doubts({{102, "cd"}, {100, "ab"}, {103, "Xe"}}) == 1);
  CHECK(doubts({{100, "ab"}, {100, "XX"}}) == 0);
  const std::string far(70000, 'x');
  CHECK(doubts({{102, "cd"}, {100, "ab"}, {104, far}, {70106, "y"}, {70104, "xx"}, {102, "XX"}}) ==
        0);
}

TEST_CASE("reassembly: a FIN ends the stream where it stands, whatever comes behind") {
  const auto fin = [](Bench* b, uint32_t seq, const std::string& text) {
    b->stream.Add(SeqNum(seq), ByteSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size()),
                  static_cast<uint32_t>(text.size()), true);
  };
  Bench b;
  b.Add(100, "ab");
  b.Add(106, "gh");
  fin(&b, 104, "");
  fin(&b, 101, "");
  CHECK(!b.stream.ended());
  b.Add(102, "cd");
  CHECK(b.stream.ended());
  b.Add(104, "XX");
  b.stream.OnAcknowledged(SeqNum(105));
  CHECK(!b.stream.lacks_acknowledged());
  b.stream.Finish();
  CHECK(b.sink.text == "abcd");
  CHECK(b.budget == 1 << 20);
  Bench whole;
  fin(&whole, 100, "abc");
  whole.Add(103, "X");
  CHECK(whole.sink.text == "abc");
}

TEST_CASE("reassembly: a reset counts at the next byte, at what waits, and at the FIN") {
  Bench b;
  CHECK(b.stream.IsExactReset(SeqNum(5)));
  b.Add(100, "ab");
  CHECK(b.stream.IsExactReset(SeqNum(102)));
  CHECK(!b.stream.IsExactReset(SeqNum(103)));
  CHECK(!b.stream.IsExactReset(SeqNum(101)));
  b.Add(104, "ef");
  CHECK(b.stream.IsExactReset(SeqNum(106)));
  b.stream.Add(SeqNum(102), {}, 0, true);
  CHECK(b.stream.IsExactReset(SeqNum(102)));
  CHECK(b.stream.IsExactReset(SeqNum(103)));
}

}  // namespace
}  // namespace ddpsim

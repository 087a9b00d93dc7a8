#include "models/capture/stream_reassembler.h"

#include <catch2/catch.hpp>
#include <string>

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

}  // namespace
}  // namespace ddpsim

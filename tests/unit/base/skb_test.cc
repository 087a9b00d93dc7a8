#include "ddpsim/net/skb.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

// An skb over string literals, which outlive it.
SkbPtr MakeSkb(SkbPool* pool, uint32_t seq, const std::vector<const char*>& parts) {
  SkbPtr skb = pool->Allocate();
  skb->seq = SeqNum(seq);
  for (const char* part : parts) {
    const uint32_t size = static_cast<uint32_t>(std::string(part).size());
    skb->frags.push_back({reinterpret_cast<const uint8_t*>(part), size, 0, nullptr});
    skb->size += size;
  }
  return skb;
}

std::string Text(const Skb& skb, uint32_t offset, uint32_t size) {
  std::string text(size, '?');
  SkbCopyBits(skb, offset, MutableByteSpan(reinterpret_cast<uint8_t*>(&text[0]), size));
  return text;
}

std::string Text(const Skb& skb) { return Text(skb, 0, skb.size); }

TEST_CASE("pulling any count leaves the rest of the stream") {
  const std::string whole = "abcdefghij";
  for (uint32_t count = 0; count <= 10; ++count) {
    SkbPool pool;
    SkbPtr skb = MakeSkb(&pool, 0xfffffffc, {"abc", "d", "efghij"});
    SkbPull(skb.get(), count);
    CHECK(Text(*skb) == whole.substr(count));
    CHECK(skb->seq == SeqNum(0xfffffffc + count));
    CHECK(skb->end_seq() == SeqNum(6));
  }
}

TEST_CASE("trimming to any count keeps the head of the stream") {
  const std::string whole = "abcdefghij";
  for (uint32_t count = 0; count <= 10; ++count) {
    SkbPool pool;
    SkbPtr skb = MakeSkb(&pool, 5, {"abc", "d", "efghij"});
    SkbTrim(skb.get(), count);
    CHECK(Text(*skb) == whole.substr(0, count));
    CHECK(skb->seq == SeqNum(5));
  }
}

TEST_CASE("any range can be copied out across frags") {
  const std::string whole = "abcdefghij";
  SkbPool pool;
  SkbPtr skb = MakeSkb(&pool, 0, {"abc", "d", "efghij"});
  for (uint32_t from = 0; from <= 10; ++from) {
    for (uint32_t n = 0; from + n <= 10; ++n) CHECK(Text(*skb, from, n) == whole.substr(from, n));
  }
}

TEST_CASE("appending joins neighbours and adds up what is accounted") {
  SkbPool pool;
  SkbPtr a = MakeSkb(&pool, 100, {"abc"});
  SkbPtr b = MakeSkb(&pool, 103, {"de", "f"});
  a->truesize = 1000;
  b->truesize = 500;
  SkbAppend(a.get(), std::move(b));
  CHECK(Text(*a) == "abcdef");
  CHECK(a->end_seq() == SeqNum(106));
  CHECK(a->truesize == 1500);
  CHECK(a->segments == 2);
  CHECK(pool.live() == 1);
}

TEST_CASE("appending what is no neighbour, or pulling too much, is a model bug") {
  SkbPool pool;
  SkbPtr a = MakeSkb(&pool, 100, {"abc"});
  CHECK_THROWS_AS(SkbAppend(a.get(), MakeSkb(&pool, 104, {"x"})), ModelBug);
  CHECK_THROWS_AS(SkbPull(a.get(), 4), ModelBug);
  CHECK_THROWS_AS(SkbTrim(a.get(), 4), ModelBug);
}

TEST_CASE("a recycled skb is blank and keeps the room for its frags") {
  SkbPool pool;
  SkbPtr skb = MakeSkb(&pool, 1, {"a", "b", "c"});
  skb->ulp_crc = true;
  skb->tcp.options.mss = 1460;
  const size_t capacity = skb->frags.capacity();
  const Skb* address = skb.get();
  skb.reset();
  CHECK(pool.live() == 0);
  SkbPtr again = pool.Allocate();
  CHECK(again.get() == address);
  CHECK(again->size == 0);
  CHECK(again->frags.empty());
  CHECK(again->frags.capacity() == capacity);
  CHECK_FALSE(again->ulp_crc);
  CHECK_FALSE(again->tcp.options.mss.has_value());
}

}  // namespace
}  // namespace ddpsim

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

TEST_CASE("pulling and trimming keep address and owner of what is left") {
  SkbPool pool;
  SkbPtr skb = pool.Allocate();
  const uint8_t bytes[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  skb->frags.push_back({bytes, 4, 4096, nullptr});
  skb->frags.push_back({bytes + 4, 8, 8192, nullptr});
  skb->size = 12;
  SkbPull(skb.get(), 6);
  REQUIRE(skb->frags.size() == 1);
  CHECK((skb->frags[0].addr == 8194 && skb->frags[0].size == 6 && skb->frags[0].data == bytes + 6));
  SkbTrim(skb.get(), 2);
  REQUIRE(skb->frags.size() == 1);
  CHECK((skb->frags[0].addr == 8194 && skb->frags[0].size == 2 && skb->size == 2));
  SkbTrim(skb.get(), 0);
  CHECK(skb->frags.empty());
}

TEST_CASE("what was copied out ends with the range asked for") {
  SkbPool pool;
  SkbPtr skb = MakeSkb(&pool, 0, {"abc", "def", "ghi"});
  std::string text = "--------";
  SkbCopyBits(*skb, 1, MutableByteSpan(reinterpret_cast<uint8_t*>(&text[2]), 4));
  CHECK(text == "--bcde--");
}

TEST_CASE("a pool counts the skbs that live, and gives back the one freed last") {
  SkbPool pool;
  SkbPtr a = pool.Allocate(), b = pool.Allocate(), c = pool.Allocate();
  CHECK(pool.live() == 3);
  const Skb* first = a.get();
  const Skb* second = b.get();
  a.reset();
  b.reset();
  CHECK(pool.live() == 1);
  const SkbPtr again = pool.Allocate(), more = pool.Allocate();
  CHECK(again.get() == second);
  CHECK(more.get() == first);
  CHECK(pool.live() == 3);
}

// alloc_skb(): the data in a slab object with struct skb_shared_info (320 bytes) behind it: of
// skb_small_head_cache (576) or kmalloc's (powers of two from 1024), and struct sk_buff (256).
TEST_CASE("a linear skb accounts for its slab object, and leaves what is over as tail room") {
  struct Size {
    uint32_t bytes, truesize, tailroom;
  };
  for (const Size& size : {Size{0, 832, 256},
                           {1, 832, 255},
                           {100, 832, 156},
                           {256, 832, 0},
                           {257, 1280, 447},
                           {704, 1280, 0},
                           {705, 2304, 1023},
                           {1728, 2304, 0},
                           {1729, 4352, 2047},
                           {9000, 16640, 7064}}) {
    INFO(size.bytes);
    CHECK(LinearTruesize(size.bytes) == size.truesize);
    CHECK(LinearTailroom(size.bytes) == size.tailroom);
  }
}

}  // namespace
}  // namespace ddpsim

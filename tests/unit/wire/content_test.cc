#include "ddpsim/net/content.h"

#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "ddpsim/wire/crc32c.h"

namespace ddpsim {
namespace {

constexpr ContentKind kKinds[] = {ContentKind::kPattern, ContentKind::kFakeHeaders,
                                  ContentKind::kRandom, ContentKind::kZero};

std::vector<uint8_t> Bytes(const Content& content, uint64_t offset, size_t size) {
  std::vector<uint8_t> out(size);
  content.Fill(offset, MutableByteSpan(out));
  return out;
}

TEST_CASE("content: any part equals the same part of the whole") {
  for (ContentKind kind : kKinds) {
    const Content content(kind, 7, true, true);
    const std::vector<uint8_t> whole = Bytes(content, 0, 4096);
    for (size_t offset : {0, 1, 7, 8, 35, 36, 37, 512, 1001}) {
      for (size_t size : {0, 1, 3, 8, 9, 35, 100, 1500}) {
        const std::vector<uint8_t> part = Bytes(content, offset, size);
        CHECK(std::equal(part.begin(), part.end(), whole.begin() + offset));
        CHECK(content.Equals(offset, part, nullptr));
      }
    }
  }
}

TEST_CASE("content: a wrong byte is found where it is") {
  for (ContentKind kind : kKinds) {
    const Content content(kind, 7, false, true);
    for (size_t bad : {0, 1, 511, 512, 4000, 4095}) {
      std::vector<uint8_t> got = Bytes(content, 8192, 4096);
      got[bad] ^= 0x10;
      size_t found = 0;
      CHECK_FALSE(content.Equals(8192, got, &found));
      CHECK(found == bad);
    }
  }
}

TEST_CASE("content: nothing behind the bytes compared is looked at") {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void* const pages =
      mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(pages != MAP_FAILED);
  auto* const bytes = static_cast<uint8_t*>(pages);
  REQUIRE(mprotect(bytes + page, page, PROT_NONE) == 0);
  for (ContentKind kind : kKinds) {
    const Content content(kind, 7, false, true);
    for (size_t size : {8, 512, 1000, 1024, 1500}) {
      content.Fill(64, MutableByteSpan(bytes + page - size, size));
      CHECK(content.Equals(64, ByteSpan(bytes + page - size, size), nullptr));
    }
  }
  munmap(pages, 2 * page);
}

TEST_CASE("content: no two words of the pattern are equal") {
  const Content content(ContentKind::kPattern, 1, false, false);
  const std::vector<uint8_t> bytes = Bytes(content, 0, 1 << 20);
  std::set<uint64_t> words;
  for (size_t i = 0; i < bytes.size(); i += 8) words.insert(LoadLe64(bytes.data() + i));
  CHECK(words.size() == (1 << 20) / 8);
}

TEST_CASE("content: data of another block is not taken for this one's") {
  const Content content(ContentKind::kPattern, 1, false, false);
  CHECK_FALSE(content.Equals(4096, Bytes(content, 0, 4096), nullptr));
}

TEST_CASE("content: fake headers are C2HData PDUs that chain, with right digests") {
  const Content content(ContentKind::kFakeHeaders, 3, true, true);
  const std::vector<uint8_t> bytes = Bytes(content, 0, 36 * 50);
  for (size_t at = 0; at < bytes.size(); at += LoadLe32(&bytes[at + 4])) {
    CHECK(bytes[at] == 7);
    CHECK(bytes[at + 1] == 0x07);
    CHECK(bytes[at + 2] == 24);
    CHECK(bytes[at + 3] == 28);
    REQUIRE(LoadLe32(&bytes[at + 4]) == 36);
    CHECK(LoadLe32(&bytes[at + 24]) == Crc32c(0, ByteSpan(&bytes[at], 24)));
    CHECK(LoadLe32(&bytes[at + 32]) == Crc32c(0, ByteSpan(&bytes[at + 28], 4)));
  }
}

TEST_CASE("content: fake headers leave out the digests that were not negotiated") {
  const Content content(ContentKind::kFakeHeaders, 3, false, false);
  const std::vector<uint8_t> bytes = Bytes(content, 28, 28);
  CHECK(bytes[1] == 0x04);
  CHECK(bytes[3] == 24);
  CHECK(LoadLe32(&bytes[4]) == 28);
}

}  // namespace
}  // namespace ddpsim

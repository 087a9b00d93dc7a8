#include "sim/text/byte_size.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

TEST_CASE("sizes take fio's suffixes in powers of 1024, either case") {
  CHECK(ParseByteSize("512") == 512);
  CHECK(ParseByteSize("64k") == 65536);
  CHECK(ParseByteSize("64K") == 65536);
  CHECK(ParseByteSize("1m") == 1 << 20);
  CHECK(ParseByteSize("2G") == int64_t{2} << 30);
  CHECK(ParseByteSize("1t") == int64_t{1} << 40);
  CHECK(ParseByteSize("0") == 0);
}

TEST_CASE("anything else is no size") {
  for (const char* text :
       {"", "k", "64kb", "64 k", "-1", "+1", "1.5k", "0x10", "9223372036854775808", "8388608t"}) {
    INFO(text);
    CHECK_FALSE(ParseByteSize(text).has_value());
  }
}

TEST_CASE("a size is shown with the largest suffix that leaves no rest") {
  CHECK(FormatByteSize(65536) == "64k");
  CHECK(FormatByteSize(1500) == "1500");
  CHECK(FormatByteSize(0) == "0");
  CHECK(FormatByteSize(int64_t{3} << 30) == "3g");
  CHECK(FormatByteSize(int64_t{1} << 50) == "1024t");
}

}  // namespace
}  // namespace ddpsim

#include "sim/text/visible.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

TEST_CASE("printable text of any language stays as it is") {
  for (const char* text :
       {"", "quickstart: 64 KiB reads, \"loss\" \\ 1 %", "Ähre ± µs", "日本語 🙂"}) {
    CHECK(Visible(text) == text);
    CHECK(VisibleLines(text) == text);
  }
}

TEST_CASE("what moves the cursor, colours or erases is written out") {
  CHECK(Visible("a\033[2J\033]0;title\007b") == "a\\u001b[2J\\u001b]0;title\\u0007b");
  CHECK(Visible("pass\rfail\b\x7f") == "pass\\u000dfail\\u0008\\u007f");
  CHECK(Visible("\xc2\x9b"
                "31m") == "\\u009b31m");  // CSI of C1
  CHECK(Visible("a\xe2\x80\xae"
                "b") == "a\\u202eb");  // right-to-left override
  CHECK(Visible(std::string("a\0b", 3)) == "a\\u0000b");
}

TEST_CASE("bytes that are no UTF-8 are written out one by one") {
  CHECK(Visible("a\x9b"
                "b") == "a\\x9bb");
  CHECK(Visible("\xc0\x9b") == "\\xc0\\x9b");           // an overlong ESC
  CHECK(Visible("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // a surrogate
  CHECK(Visible("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
  CHECK(Visible("\xe2\x80") == "\\xe2\\x80");  // cut short
}

TEST_CASE("line ends are kept in messages and written out in names") {
  CHECK(Visible("a\nb\tc") == "a\\nb\\tc");
  CHECK(VisibleLines("a\nb\tc\033") == "a\nb\tc\\u001b");
}

}  // namespace
}  // namespace ddpsim

#include "sim/report/packed_text.h"

#include <zlib.h>

#include <catch2/catch.hpp>

#include "absl/strings/escaping.h"

namespace ddpsim::report {
namespace {

std::string Unpack(const std::string& packed) {
  std::string bytes, text(1 << 20, '\0');
  REQUIRE(absl::Base64Unescape(packed, &bytes));
  z_stream stream = {};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

TEST_CASE("packed text: unpacks to what it was, and is smaller") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "\"cycles\": " + std::to_string(i * 7919) + ",\n";
  CHECK(Unpack(PackText(text)) == text);
  CHECK(PackText(text).size() < text.size() / 2);
  CHECK(Unpack(PackText("")) == "");
}

TEST_CASE("packed text: the same text gives the same bytes") {
  CHECK(PackText("abc") == PackText("abc"));
}

}  // namespace
}  // namespace ddpsim::report

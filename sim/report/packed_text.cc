#include "sim/report/packed_text.h"

#include <zlib.h>

#include "absl/strings/escaping.h"
#include "ddpsim/base/check.h"

namespace ddpsim::report {

std::string PackText(const std::string& text) {
  z_stream stream = {};
  // 15 bits of window, and 16 for a gzip header.
  SIM_CHECK(
      deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK,
      "zlib has no memory");
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  SIM_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END, "a text that does not fit");
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return absl::Base64Escape(packed);
}

}  // namespace ddpsim::report

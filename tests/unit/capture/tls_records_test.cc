#include "models/capture/tls_records.h"

#include <catch2/catch.hpp>

#include "tests/support/capture_builder.h"

namespace ddpsim {
namespace {

Bytes Record(uint8_t type, uint16_t size) {
  return Join({{type, 3, 3, static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)},
               Bytes(size, 0x5c)});
}

TEST_CASE("TLS: a stream seen from its start tells by its first record") {
  TlsRecords tls;
  tls.StartAtRecord();
  tls.OnBytes(Record(22, 200));
  CHECK(tls.is_tls());
}

TEST_CASE("TLS: a stream joined in its middle tells by three records in a row, however cut") {
  for (size_t piece : {size_t{1}, size_t{7}, size_t{100}, size_t{5000}}) {
    INFO(piece);
    const Bytes stream = Join({Record(23, 900), Record(23, 16384), Record(23, 40)});
    TlsRecords tls;
    for (size_t at = 0; at < stream.size(); at += piece) {
      tls.OnBytes(ByteSpan(stream).subspan(at, piece));
    }
    CHECK(tls.is_tls());
  }
}

TEST_CASE("TLS: bytes that are missing within a record do not matter, at its end they do") {
  TlsRecords tls;
  const Bytes first = Record(23, 900);
  tls.OnBytes(ByteSpan(first).subspan(0, 500));
  tls.OnGap(405);
  tls.OnBytes(Record(23, 50));
  CHECK(!tls.is_tls());
  tls.OnGap(10);
  tls.OnBytes(Record(23, 50));
  CHECK(!tls.is_tls());
  tls.OnBytes(Join({Record(23, 50), Record(23, 50)}));
  CHECK(tls.is_tls());
}

TEST_CASE("TLS: what is no record breaks the row") {
  TlsRecords tls;
  tls.OnBytes(Bytes(5, 0xff));
  tls.OnBytes(Join({Record(23, 50), Record(23, 50)}));
  CHECK(!tls.is_tls());
  tls.OnBytes(Record(23, 50));
  CHECK(tls.is_tls());
}

TEST_CASE("TLS: NVMe/TCP is none") {
  TlsRecords tls;
  tls.StartAtRecord();
  tls.OnBytes(Bytes{0, 0, 128, 0, 128, 0, 0, 0});
  for (int i = 0; i < 1000; ++i) tls.OnBytes(Bytes(1448, static_cast<uint8_t>(i)));
  CHECK(!tls.is_tls());
}

}  // namespace
}  // namespace ddpsim

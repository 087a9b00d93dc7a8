#include "models/nic/rss.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

constexpr uint32_t Ip(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

}  // namespace

TEST_CASE("Toeplitz hashes Microsoft's IPv4 TCP verification suite as published") {
  const ToeplitzHash hash;
  // Microsoft, "Verifying the RSS hash calculation", table for IPv4 with TCP.
  CHECK(hash.Hash({Ip(66, 9, 149, 187), Ip(161, 142, 100, 80), 2794, 1766}) == 0x51ccc178);
  CHECK(hash.Hash({Ip(199, 92, 111, 2), Ip(65, 69, 140, 83), 14230, 4739}) == 0xc626b0ea);
  CHECK(hash.Hash({Ip(24, 19, 198, 95), Ip(12, 22, 207, 184), 12898, 38024}) == 0x5c2b394a);
  CHECK(hash.Hash({Ip(38, 27, 205, 30), Ip(209, 142, 163, 6), 48228, 2217}) == 0xafc7327f);
  CHECK(hash.Hash({Ip(153, 39, 163, 191), Ip(202, 188, 127, 2), 44251, 1303}) == 0x10e828a2);
}

TEST_CASE("RSS spreads by the hash modulo the number of queues") {
  RssTable table;
  CHECK(table.empty());
  table.Set({7, 8, 9});
  CHECK(table.Rqn(0) == 7);
  CHECK(table.Rqn(5) == 9);
}

}  // namespace ddpsim

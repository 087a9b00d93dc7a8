#include "models/tcp/assembler.h"

#include <catch2/catch.hpp>

#include "endpoint.h"

namespace ddpsim {
namespace {

TcpConfig Plain() {
  TcpConfig config;
  config.timestamps = false;
  config.rmem_default = 540000;
  config.comp_sack_nr = 0;  // every ACK at once
  return config;
}

}  // namespace

TEST_CASE("out-of-order segments are acknowledged at once with the newest block first") {
  Endpoint e(Plain());
  e.Data(1461, 1460);
  CHECK(e.SentLine() == "ack 1 sack 1461:2921");
  e.Data(4381, 1460);
  CHECK(e.SentLine() == "ack 1 sack 4381:5841 1461:2921");
  e.Data(2921, 1460);
  CHECK(e.SentLine() == "ack 1 sack 1461:5841");
}

TEST_CASE("filling the hole acknowledges everything at once and forgets the blocks") {
  Endpoint e(Plain());
  e.Data(1461, 1460);
  e.Sent();
  e.Data(1, 1460);
  CHECK(e.SentLine() == "ack 2921");
  CHECK(e.c().Readable() == 2920);
}

TEST_CASE("only four blocks are remembered: a fifth hole forgets the oldest one") {
  Endpoint e(Plain());
  for (uint32_t hole = 1; hole <= 5; ++hole) e.Data(hole * 2000, 1000);
  e.Sent();
  e.Data(12000, 1000);
  CHECK(e.SentLine() == "ack 1 sack 12000:13000 10000:11000 8000:9000 6000:7000");
  // Next to a forgotten block: the new block covers the new data only.
  e.Data(3000, 500);
  CHECK(e.SentLine() == "ack 1 sack 3000:3500 12000:13000 10000:11000 8000:9000");
}

TEST_CASE("old data is reported by a DSACK, once") {
  Endpoint e(Plain());
  e.Data(1, 1000);
  e.Data(1001, 1000);
  e.Sent();
  e.Data(1, 1000);
  CHECK(e.SentLine() == "ack 2001 sack 1:1001");
  e.Data(2001, 1000);
  CHECK(e.SentLine() == "ack 3001");
}

TEST_CASE("a partly old segment is taken, and its old part reported") {
  Endpoint e(Plain());
  e.Data(1, 1000);
  e.Sent();
  e.Data(501, 1000);
  CHECK(e.SentLine() == "ack 1501 sack 501:1001");
  CHECK(e.c().stats().bytes_received == 1500);
  CHECK(e.c().Readable() == 1500);
}

TEST_CASE("a duplicate inside the out-of-order queue is reported with the block that holds it") {
  Endpoint e(Plain());
  e.Data(2001, 1000);
  e.Data(3001, 1000);
  e.Sent();
  e.Data(2001, 1000);
  CHECK(e.SentLine() == "ack 1 sack 2001:3001 2001:4001");
}

TEST_CASE(
    "a segment that covers queued ones replaces them and reports the first of the ranges that do "
    "not touch") {
  Endpoint e(Plain());
  e.Data(2001, 500);
  e.Data(3001, 500);
  e.Sent();
  e.Data(2001, 2000);
  CHECK(e.SentLine() == "ack 1 sack 2001:2501 2001:4001");
  e.Data(1, 2000);
  CHECK(e.c().stats().bytes_received == 4000);
  CHECK(e.c().tcb().ofo.skbs.empty());
}

TEST_CASE("a segment that fills the hole and covers queued data reports the covered range") {
  Endpoint e(Plain());
  e.Data(1001, 1000);
  e.Sent();
  e.Data(1, 3000);
  CHECK(e.SentLine() == "ack 3001 sack 1001:2001");
  CHECK(e.c().Readable() == 3000);
}

TEST_CASE("skbs merge only if their ulp_crc agree, unless the check is off") {
  SkbPool pool;
  TcpConfig config;
  auto make = [&](uint32_t seq, bool crc) {
    SkbPtr skb = pool.Allocate();
    skb->seq = skb->tcp.seq = SeqNum(seq);
    skb->size = 100;
    skb->truesize = 768;
    skb->frags.push_back(Payload{nullptr, 100, 0, nullptr});
    skb->ulp_crc = crc;
    return skb;
  };
  SkbPtr to = make(0, true);
  SkbPtr from = make(100, false);
  CHECK_FALSE(TryCoalesce(to.get(), from, config));
  CHECK(from != nullptr);
  config.coalesce_checks_ulp_crc = false;
  CHECK(TryCoalesce(to.get(), from, config));
  CHECK(to->size == 200);
  CHECK(to->ulp_crc);
  SkbPtr gap = make(300, true);
  CHECK_FALSE(TryCoalesce(to.get(), gap, config));
}

}  // namespace ddpsim

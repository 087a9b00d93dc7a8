#include "sim/system/resync_ledger.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

TEST_CASE(
    "resync ledger: a request that is confirmed has a latency, one that is read past was false") {
  ResyncLedger ledger;
  ledger.OnRequest(1, SeqNum(1000), SimTime::Us(1));
  ledger.OnStreamRead(1, SeqNum(1000));
  CHECK(ledger.false_matches() == 0);
  ledger.OnResponse(1, SeqNum(1000), SimTime::Us(4));
  ledger.OnRequest(1, SeqNum(2000), SimTime::Us(5));
  ledger.OnRequest(1, SeqNum(2500), SimTime::Us(5));
  ledger.OnRequest(2, SeqNum(100), SimTime::Us(5));
  ledger.OnStreamRead(1, SeqNum(3000));
  CHECK(ledger.false_matches() == 2);
  ledger.OnStreamRead(1, SeqNum(3000));
  CHECK(ledger.false_matches() == 2);
  CHECK(ledger.requests() == 4);
  CHECK(ledger.responses() == 1);
  CHECK(ledger.latencies_ns() == std::vector<int64_t>{3000});
}

}  // namespace
}  // namespace ddpsim

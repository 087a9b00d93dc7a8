#include "models/tcp/tcp_demux.h"

#include <catch2/catch.hpp>

#include "models/tcp/tcp_clock.h"

namespace ddpsim {

TEST_CASE("the demultiplexer finds a connection by its four numbers only") {
  TcpDemux<int> demux;
  int a = 1;
  int b = 2;
  CHECK(demux.Add(FourTuple{1, 2, 3, 4}, &a));
  CHECK(demux.Add(FourTuple{1, 2, 3, 5}, &b));
  CHECK_FALSE(demux.Add(FourTuple{1, 2, 3, 4}, &b));
  CHECK(demux.Find(FourTuple{1, 2, 3, 4}) == &a);
  CHECK(demux.Find(FourTuple{1, 2, 3, 5}) == &b);
  CHECK(demux.Find(FourTuple{2, 1, 3, 4}) == nullptr);
  demux.Remove(FourTuple{1, 2, 3, 4});
  CHECK(demux.Find(FourTuple{1, 2, 3, 4}) == nullptr);
}

TEST_CASE("a wheel timer fires on a tick, never early, and later the farther it is") {
  TcpClock clock(250);
  for (int64_t start_us : {0, 1000, 3999, 12345678}) {
    clock.Set(SimTime::Us(start_us));
    for (int64_t when : {1, 2, 10, 62, 63, 100, 503, 504, 5000}) {
      const int64_t fire_us = clock.WheelExpiry(clock.jiffies() + when).us();
      CHECK(fire_us % 4000 == 1);
      CHECK(fire_us - start_us > (when - 1) * 4000);
      CHECK(fire_us - start_us >= when * 4000);
      const int64_t slack = when < 63 ? 4000 : when < 504 ? 8 * 4000 : 64 * 4000;
      CHECK(fire_us - start_us <= when * 4000 + slack + (when < 504 ? 0 : 512 * 4000));
    }
  }
}

}  // namespace ddpsim

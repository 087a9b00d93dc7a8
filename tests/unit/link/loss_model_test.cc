#include "models/link/loss_model.h"

#include <catch2/catch.hpp>

#include "models/link/gilbert_elliott_loss.h"
#include "models/link/packet_list.h"
#include "models/link/range_loss.h"

namespace ddpsim {
namespace {

PacketFacts Data(uint64_t number, uint32_t connection = 0, uint64_t from = 0, uint64_t to = 0) {
  PacketFacts packet;
  packet.data_number = number;
  packet.place.connection = connection;
  packet.place.bytes = {from, to};
  return packet;
}

}  // namespace

TEST_CASE("Gilbert-Elliott loses its stationary share in bursts of its mean length") {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    LossFault fault;
    fault.p_good_to_bad = 0.01;
    fault.p_bad_to_good = 0.25;
    GilbertElliottLoss loss(fault, Rng(seed, "ge"));
    int lost = 0, bursts = 0;
    bool last = false;
    constexpr int kPackets = 200000;
    for (int i = 0; i < kPackets; ++i) {
      const bool drop = loss.Drop(Data(1));
      lost += drop;
      bursts += drop && !last;
      last = drop;
    }
    CHECK(static_cast<double>(lost) / kPackets == Approx(0.01 / 0.26).epsilon(0.08));
    CHECK(static_cast<double>(lost) / bursts == Approx(4.0).epsilon(0.08));
  }
}

TEST_CASE("a list loses exactly its data packets and counts no ACK") {
  ListLoss loss({1, 3, 4});
  CHECK(loss.Drop(Data(1)));
  CHECK_FALSE(loss.Drop(Data(0)));
  CHECK_FALSE(loss.Drop(Data(2)));
  CHECK(loss.Drop(Data(3)));
  CHECK(loss.Drop(Data(4)));
  CHECK_FALSE(loss.Drop(Data(5)));
}

TEST_CASE("a range loses the first sending of each of its bytes and nothing else") {
  RangeLoss loss({{1, 100, 300, 1}});
  CHECK_FALSE(loss.Drop(Data(1, 0, 100, 200)));  // another connection
  CHECK_FALSE(loss.Drop(Data(1, 1, 0, 100)));
  CHECK(loss.Drop(Data(1, 1, 90, 110)));
  CHECK_FALSE(loss.Drop(Data(1, 1, 100, 110)));  // sent again
  CHECK(loss.Drop(Data(1, 1, 200, 250)));
  CHECK(loss.Drop(Data(1, 1, 110, 200)));
  CHECK(loss.Drop(Data(1, 1, 249, 400)));
  CHECK_FALSE(loss.Drop(Data(1, 1, 0, 1000)));
}

TEST_CASE("times counts sendings of each byte") {
  RangeLoss loss({{1, 0, 10, 3}});
  CHECK(loss.Drop(Data(1, 1, 0, 10)));
  CHECK(loss.Drop(Data(1, 1, 0, 5)));
  CHECK(loss.Drop(Data(1, 1, 0, 5)));
  CHECK_FALSE(loss.Drop(Data(1, 1, 0, 5)));
  CHECK(loss.Drop(Data(1, 1, 0, 10)));
  CHECK(loss.Drop(Data(1, 1, 9, 10)));
  CHECK(loss.Drop(Data(1, 1, 0, 10)));  // bytes 5 to 8 had one left
  CHECK_FALSE(loss.Drop(Data(1, 1, 0, 10)));
}

TEST_CASE("no loss is no model") { CHECK(MakeLossModel(LossFault{}, 7, Rng(1, "x")) == nullptr); }

}  // namespace ddpsim

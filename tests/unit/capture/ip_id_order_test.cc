#include "models/capture/ip_id_order.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

TEST_CASE("IP ids: a gap is a lost packet, an inversion an overtaken one") {
  IpIdOrder order;
  for (int id : {65534, 65535, 1, 0, 2, 5}) order.Add(static_cast<uint16_t>(id), 1, SeqNum(0), 0);
  order.Finish();
  CHECK(order.lost() == 2);
  CHECK(order.reordered() == 1);
}

TEST_CASE("IP ids: what still waits at the end is lost once, each gap for itself") {
  IpIdOrder order;
  for (int id : {10, 12, 14, 17}) order.Add(static_cast<uint16_t>(id), 1, SeqNum(0), 0);
  order.Finish();
  CHECK(order.lost() == 4);
}

TEST_CASE("IP ids: in sending order an old sequence number is a retransmission") {
  IpIdOrder order;
  // Sent: 100, 200, 300, 100 again; 200 arrives last and is none.
  order.Add(1, 1, SeqNum(100), 100);
  order.Add(3, 1, SeqNum(300), 100);
  order.Add(4, 1, SeqNum(100), 100);
  order.Add(2, 1, SeqNum(200), 100);
  order.Finish();
  CHECK(order.retransmitted() == 1);
  CHECK(order.lost() == 0);
  CHECK(order.reordered() == 1);
}

TEST_CASE("IP ids: a super-segment uses as many as the packets it stands for") {
  IpIdOrder order;
  order.Add(10, 5, SeqNum(0), 5000);
  order.Add(15, 1, SeqNum(5000), 100);
  order.Finish();
  CHECK(order.lost() == 0);
}

TEST_CASE("IP ids: a packet that comes after it was given up is no longer lost") {
  IpIdOrder order;
  order.Add(0, 1, SeqNum(0), 0);
  for (uint32_t id = 2; id < 12000; ++id) order.Add(static_cast<uint16_t>(id), 1, SeqNum(0), 0);
  order.Add(1, 1, SeqNum(0), 0);
  order.Finish();
  CHECK(order.lost() == 0);
  CHECK(order.reordered() == 1);
}

TEST_CASE("IP ids: the same packet twice is neither lost nor retransmitted") {
  IpIdOrder order;
  order.Add(1, 1, SeqNum(0), 10);
  order.Add(3, 1, SeqNum(20), 10);
  order.Add(3, 1, SeqNum(20), 10);
  order.Add(2, 1, SeqNum(10), 10);
  order.Finish();
  CHECK(order.duplicates() == 1);
  CHECK(order.retransmitted() == 0);
}

}  // namespace
}  // namespace ddpsim

#include "models/capture/record_copies.h"

#include <catch2/catch.hpp>
#include <vector>

namespace ddpsim {
namespace {

constexpr int64_t kUs = 1000;

CapturedPacket Packet(uint16_t ip_id, uint32_t seq, uint64_t place = 1, uint32_t size = 100) {
  static const std::vector<uint8_t> bytes(4096, 9);
  CapturedPacket packet;
  packet.has_ip_id = true;
  packet.ip_id = ip_id;
  packet.flow.source_port = 4420;
  packet.flow.destination_port = 40000;
  packet.tcp.seq = SeqNum(seq);
  packet.tcp.flags = kTcpAck;
  packet.payload_size = size;
  packet.payload = ByteSpan(bytes).subspan(0, size);
  packet.place = place;
  return packet;
}

const absl::btree_set<CapturedFlow> kNoneDoubled;
const absl::btree_set<CapturedFlow> kDoubled = {Packet(0, 0).flow};

TEST_CASE("copies: the same packet seen in two places is one") {
  RecordCopies copies(&kNoneDoubled);
  for (uint16_t i = 1; i < 100; ++i) {
    CHECK(!copies.IsCopy(Packet(i, i * 100, 1), i * 1000 * kUs));
    CHECK(copies.IsCopy(Packet(i, i * 100, 2), i * 1000 * kUs + 30 * kUs));
  }
  CHECK(copies.seen_elsewhere() == 99);
  CHECK(copies.Doubled().empty());
}

TEST_CASE("copies: a retransmission has another identification, whatever the place") {
  RecordCopies copies(&kDoubled);
  CHECK(!copies.IsCopy(Packet(1, 100), 0));
  CHECK(!copies.IsCopy(Packet(2, 100), 10 * kUs));
  CHECK(!copies.IsCopy(Packet(3, 100, 2), 20 * kUs));
}

TEST_CASE("copies: what the network duplicates now and then is no copy; what a port mirrors is") {
  for (const bool mirrored : {false, true}) {
    RecordCopies scan(nullptr);
    RecordCopies copies(mirrored ? &kDoubled : &kNoneDoubled);
    int dropped = 0;
    for (uint16_t i = 1; i <= 100; ++i) {
      const int times = mirrored || i % 10 == 0 ? 2 : 1;
      for (int k = 0; k < times; ++k) {
        scan.IsCopy(Packet(i, i * 100), i * 1000 * kUs + k * kUs);
        dropped += copies.IsCopy(Packet(i, i * 100), i * 1000 * kUs + k * kUs) ? 1 : 0;
      }
    }
    CHECK(scan.Doubled().size() == (mirrored ? 1 : 0));
    CHECK(dropped == (mirrored ? 100 : 0));
  }
}

TEST_CASE("copies: the same packet long after is none in the same place, or without a number") {
  const uint16_t number = GENERATE(0, 1);
  RecordCopies copies(&kDoubled);
  CHECK(!copies.IsCopy(Packet(number, 100, 1), 0));
  CHECK(!copies.IsCopy(Packet(number, 100, 1), kCopyWindow + 1));
  CHECK(copies.IsCopy(Packet(number, 100, 2), 3 * kCopyWindow) == (number != 0));
}

TEST_CASE("copies: clocks of two places may differ by anything where packets are numbered") {
  RecordCopies copies(&kNoneDoubled);
  for (const int64_t ahead : {-3600'000'000 * kUs, 120'000 * kUs, 3600'000'000 * kUs}) {
    for (uint16_t i = 1; i < 100; ++i) {
      const auto seq = static_cast<uint32_t>(ahead + i * 100);
      CHECK(!copies.IsCopy(Packet(i, seq, 1), i * 1000 * kUs));
      CHECK(copies.IsCopy(Packet(i, seq, 2), i * 1000 * kUs + ahead));
    }
  }
}

TEST_CASE("copies: other bytes, another checksum of them, another ACK: another packet") {
  RecordCopies copies(&kDoubled);
  CHECK(!copies.IsCopy(Packet(1, 100), 0));
  CapturedPacket other = Packet(1, 100);
  other.tcp.ack = SeqNum(77);
  CHECK(!copies.IsCopy(other, 1));
  static const std::vector<uint8_t> bytes(100, 1);
  other = Packet(1, 100);
  other.payload = bytes;
  CHECK(!copies.IsCopy(other, 2));
  CHECK(copies.IsCopy(Packet(1, 100), 3));
}

TEST_CASE("copies: without identifications, what two places saw twice was sent twice") {
  RecordCopies copies(&kNoneDoubled);
  const auto sent = [&](int64_t at) {
    CHECK(!copies.IsCopy(Packet(0, 100, 1), at));
    CHECK(copies.IsCopy(Packet(0, 100, 2), at + 5 * kUs));
  };
  sent(0);
  sent(300 * kUs);
  sent(900 * kUs);
}

TEST_CASE("copies: thousands of packets are remembered until their copies come") {
  RecordCopies copies(&kNoneDoubled);
  for (uint16_t i = 1; i <= 3000; ++i) copies.IsCopy(Packet(i, i * 100, 1), i * 10 * kUs);
  for (uint16_t i = 1; i <= 3000; ++i)
    copies.IsCopy(Packet(i, i * 100, 2), i * 10 * kUs + 20000 * kUs);
  CHECK(copies.seen_elsewhere() > 2900);
}

TEST_CASE("copies: what is remembered is bounded") {
  RecordCopies copies(&kNoneDoubled);
  for (uint32_t i = 0; i < 200000; ++i) copies.IsCopy(Packet(1, i * 100), 0);
  CHECK(!copies.IsCopy(Packet(1, 0, 2), 0));
  CHECK(copies.IsCopy(Packet(1, 199999u * 100, 2), 0));
}

}  // namespace
}  // namespace ddpsim

#include "models/nic/cqe_writer.h"

#include <catch2/catch.hpp>

#include "fake_bus.h"

namespace ddpsim {
namespace {

std::vector<uint8_t> Bytes(const Cqe128& cqe) {
  const uint8_t* p = reinterpret_cast<const uint8_t*>(&cqe);
  return std::vector<uint8_t>(p, p + sizeof(cqe));
}

ReceiveCqe Sample() {
  ReceiveCqe cqe;
  cqe.byte_count = 0x5ea;
  cqe.rss_hash = 0x51ccc178;
  cqe.rss_hash_type = 0x44;
  cqe.checksum_flags = kCqeL2Ok | kCqeL3Ok | kCqeL4Ok;
  cqe.flow_tag = 0x00abcd;
  cqe.wqe_counter = 0x1234;
  cqe.timestamp = SimTime::Ns(0x0102030405);
  return cqe;
}

CreateCqIn CqOf(uint32_t cqe_bytes, uint32_t log_entries) {
  CreateCqIn in{};
  in.ring = 0x1000;
  in.log_entries = log_entries;
  in.cqe_bytes = cqe_bytes;
  return in;
}

}  // namespace

TEST_CASE("a placement is reported at the offsets of mlx5e_cqe128") {
  ReceiveCqe cqe = Sample();
  cqe.zc = true;
  cqe.ddgst_ok = true;
  cqe.cclen = 0x0578;
  cqe.hlen = 0x005a;
  cqe.ccoff = 0x00010203;
  cqe.ccid = 0x0042;
  const auto b = Bytes(EncodeReceiveCqe(cqe, 1));
  CHECK((b[0] == 0x05 && b[1] == 0x78));                      // cclen
  CHECK((b[2] == 0x00 && b[3] == 0x5a));                      // hlen
  CHECK((b[4] == 0 && b[5] == 1 && b[6] == 2 && b[7] == 3));  // ccoff
  CHECK((b[8] == 0x00 && b[9] == 0x42));                      // ccid
  CHECK(b[64 + 1] == 0x30);                                   // zc | ddgst
  CHECK((b[64 + 12] == 0x51 && b[64 + 15] == 0x78));          // rss hash
  CHECK(b[64 + 16] == 0x44);
  CHECK(b[64 + 28] == 0x07);                                             // L2 L3 L4
  CHECK((b[64 + 46] == 0x05 && b[64 + 47] == 0xea));                     // byte_cnt
  CHECK((b[64 + 51] == 0x01 && b[64 + 55] == 0x05));                     // timestamp
  CHECK((b[64 + 56] == 0 && b[64 + 58] == 0xab && b[64 + 59] == 0xcd));  // flow tag
  CHECK((b[64 + 60] == 0x12 && b[64 + 61] == 0x34));                     // wqe_counter
  CHECK(b[64 + 63] == 0x21);                                             // RESP_SEND, owner 1
}

TEST_CASE("a resync request puts its sequence number where ccoff would be and sets no other bit") {
  ReceiveCqe cqe = Sample();
  cqe.resync_tcp_sn = SeqNum(0xdeadbeef);
  const auto b = Bytes(EncodeReceiveCqe(cqe, 0));
  CHECK((b[4] == 0xde && b[5] == 0xad && b[6] == 0xbe && b[7] == 0xef));
  CHECK(b[64 + 1] == 0x40);
  CHECK(b[64 + 63] == 0x20);
}

TEST_CASE("a placement and a resync request in one CQE are a model bug") {
  ReceiveCqe cqe = Sample();
  cqe.zc = true;
  cqe.resync_tcp_sn = SeqNum(1);
  CHECK_THROWS_AS(EncodeReceiveCqe(cqe, 0), ModelBug);
}

TEST_CASE("the owner bit flips each time the ring wraps") {
  FakeBus bus;
  CompletionQueue cq(CqOf(64, 1));
  std::vector<int> owners;
  for (uint32_t i = 0; i < 5; ++i) {
    WriteReceiveCqe(Sample(), &cq, &bus, SimTime());
    owners.push_back(bus.memory[0x1000 + (i % 2) * 64 + 63] & 1);
    cq.OnConsumer(i + 1);
  }
  CHECK(owners == std::vector<int>{0, 0, 1, 1, 0});
}

TEST_CASE("a queue of 128-byte entries has the ordinary CQE in the second half") {
  FakeBus bus;
  CompletionQueue cq(CqOf(128, 1));
  WriteReceiveCqe(Sample(), &cq, &bus, SimTime());
  WriteSendCqe(9, 0x77, &cq, &bus, SimTime());
  CHECK(bus.ops[0].size == 128);
  CHECK(bus.memory[0x1000 + 64 + 63] == 0x20);
  CHECK(bus.memory[0x1000 + 128 + 64 + 59] == 9);
  CHECK(bus.memory[0x1000 + 128 + 64 + 61] == 0x77);
  CHECK(bus.memory[0x1000 + 128 + 64 + 63] == 0x00);
}

TEST_CASE("a CQE without room in the ring is a model bug") {
  FakeBus bus;
  CompletionQueue cq(CqOf(64, 0));
  WriteReceiveCqe(Sample(), &cq, &bus, SimTime());
  CHECK_THROWS_AS(WriteReceiveCqe(Sample(), &cq, &bus, SimTime()), ModelBug);
}

TEST_CASE("offload results do not fit a 64-byte CQE") {
  FakeBus bus;
  CompletionQueue cq(CqOf(64, 0));
  ReceiveCqe cqe = Sample();
  cqe.ddgst_ok = true;
  CHECK_THROWS_AS(WriteReceiveCqe(cqe, &cq, &bus, SimTime()), ModelBug);
}

}  // namespace ddpsim

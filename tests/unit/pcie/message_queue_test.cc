#include "models/pcie/message_queue.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <vector>

#include "ddpsim/base/check.h"

namespace ddpsim {

TEST_CASE("messages come out in order, each with its time, address and bytes") {
  MessageQueue queue;
  CHECK(queue.empty());
  for (uint32_t i = 0; i < 40; ++i) {
    const std::vector<uint8_t> bytes(1 + 3 * i, static_cast<uint8_t>(i + 1));
    queue.Push(SimTime::Ns(100 + i), 4096 + i, bytes.data(), static_cast<uint32_t>(bytes.size()));
    CHECK_FALSE(queue.empty());
  }
  CHECK(queue.front().at == 100_ns);
  for (uint32_t i = 0; i < 40; ++i) {
    PcieMessage message;
    message.data.fill(0xee);
    queue.Pop(&message);
    CHECK(message.at == SimTime::Ns(100 + i));
    CHECK(message.addr == 4096 + i);
    REQUIRE(message.size == 1 + 3 * i);
    for (uint32_t k = 0; k < PcieMessage::kMaxSize; ++k)
      REQUIRE(message.data[k] == (k < message.size ? i + 1 : 0xee));
  }
  CHECK(queue.empty());
}

TEST_CASE("a message of 128 bytes fits, one of 129 is a model bug") {
  MessageQueue queue;
  const std::vector<uint8_t> bytes(129, 7);
  queue.Push(1_ns, 0, bytes.data(), 128);
  CHECK(queue.front().size == 128);
  CHECK_THROWS_AS(queue.Push(1_ns, 0, bytes.data(), 129), ModelBug);
}

}  // namespace ddpsim

#include "ddpsim/base/ring_queue.h"

#include <catch2/catch.hpp>
#include <memory>

namespace ddpsim {
namespace {

TEST_CASE("what goes in first comes out first, also when the ring grows in mid-lap") {
  RingQueue<int> queue;
  int in = 0;
  int out = 0;
  for (int lap = 1; lap < 40; ++lap) {
    for (int i = 0; i < lap; ++i) queue.push_back(in++);
    for (int i = 0; i < lap / 2; ++i) REQUIRE(queue.pop_front() == out++);
    REQUIRE(queue.front() == out);
  }
  CHECK(queue.size() == static_cast<size_t>(in - out));
  while (!queue.empty()) REQUIRE(queue.pop_front() == out++);
  CHECK(out == in);
}

TEST_CASE("entries are numbered from the front") {
  RingQueue<int> queue;
  for (int i = 0; i < 20; ++i) queue.push_back(i);
  queue.drop_front();
  queue.drop_front();
  CHECK(queue[0] == 2);
  CHECK(queue[17] == 19);
}

TEST_CASE("a popped entry is moved out and leaves nothing behind") {
  RingQueue<std::shared_ptr<int>> queue;
  const auto value = std::make_shared<int>(7);
  queue.push_back(value);
  CHECK(value.use_count() == 2);
  CHECK(queue.pop_front() == value);
  CHECK(value.use_count() == 1);
}

TEST_CASE("a pushed slot is the last entry") {
  RingQueue<int> queue;
  queue.push_back(1);
  queue.push_slot() = 2;
  CHECK(queue.pop_front() == 1);
  CHECK(queue.pop_front() == 2);
  CHECK(queue.empty());
}

}  // namespace
}  // namespace ddpsim

#include "ddpsim/wire/frame.h"

#include <catch2/catch.hpp>
#include <cstring>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

TEST_CASE("a pool gives back the frame freed last, with a new id and no checksum memo") {
  FramePool pool;
  const uint8_t* data = nullptr;
  {
    RefPtr<Frame> frame = pool.Allocate(1514);
    data = frame->mutable_data();
    frame->set_l4_checksum_known_good(true);
    CHECK(frame->id() == 1);
    CHECK(pool.live() == 1);
  }
  CHECK(pool.live() == 0);
  RefPtr<Frame> again = pool.Allocate(60);
  CHECK(again->mutable_data() == data);
  CHECK(again->id() == 2);
  CHECK(again->size() == 60);
  CHECK_FALSE(again->l4_checksum_known_good());
}

TEST_CASE("a frame lives as long as its last reference") {
  FramePool pool;
  FramePtr first = pool.Allocate(100);
  FramePtr second = first;
  first.reset();
  CHECK(pool.live() == 1);
  second.reset();
  CHECK(pool.live() == 0);
}

TEST_CASE("small and jumbo frames come from their own free lists") {
  FramePool pool;
  const uint8_t* small = pool.Allocate(2048)->bytes().data();
  const uint8_t* large = pool.Allocate(2049)->bytes().data();
  CHECK(pool.Allocate(9014)->bytes().data() == large);
  CHECK(pool.Allocate(64)->bytes().data() == small);
}

TEST_CASE("a copy has the bytes of the frame, another id and no checksum memo") {
  FramePool pool;
  RefPtr<Frame> frame = pool.Allocate(3);
  std::memcpy(frame->mutable_data(), "abc", 3);
  frame->set_l4_checksum_known_good(true);
  RefPtr<Frame> copy = pool.Copy(*frame);
  CHECK(copy->bytes() == frame->bytes());
  CHECK(copy->id() != frame->id());
  CHECK_FALSE(copy->l4_checksum_known_good());
  copy->mutable_data()[0] = 'x';
  CHECK(frame->bytes()[0] == 'a');
}

TEST_CASE("a frame larger than a jumbo frame is a model bug") {
  FramePool pool;
  CHECK_THROWS_AS(pool.Allocate(10241), ModelBug);
}

}  // namespace
}  // namespace ddpsim

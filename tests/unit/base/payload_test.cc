#include "ddpsim/base/payload.h"

#include <catch2/catch.hpp>
#include <utility>

namespace ddpsim {
namespace {

class Buffer : public RefBuffer {
 public:
  explicit Buffer(int* recycled) : recycled_(recycled) {}

 private:
  void Recycle() override { ++*recycled_; }
  int* recycled_;
};

}  // namespace

TEST_CASE("a part of a payload has the bytes, the address and the owner of its place") {
  int recycled = 0;
  Buffer buffer(&recycled);
  const uint8_t bytes[8] = {10, 11, 12, 13, 14, 15, 16, 17};
  {
    const Payload whole{bytes, 8, 4096, RefPtr<const RefBuffer>(&buffer)};
    CHECK((whole.bytes().size() == 8 && whole.bytes()[7] == 17));
    const Payload part = whole.Sub(3, 2);
    CHECK((part.size == 2 && part.data == bytes + 3 && part.addr == 4099));
    CHECK(part.owner == whole.owner);
    CHECK(buffer.refs() == 2);
    const Payload on_target{bytes, 8, 0, nullptr};
    CHECK(on_target.Sub(3, 2).addr == 0);
  }
  CHECK(recycled == 1);
}

TEST_CASE("payloads adjoin if bytes and addresses follow each other and the owner is one") {
  int recycled = 0;
  Buffer one(&recycled), other(&recycled);
  const uint8_t bytes[8] = {};
  const RefPtr<const RefBuffer> owner(&one);
  const Payload first{bytes, 4, 4096, owner};
  CHECK(first.Adjoins({bytes + 4, 2, 4100, owner}));
  CHECK_FALSE(first.Adjoins({bytes + 5, 2, 4100, owner}));
  CHECK_FALSE(first.Adjoins({bytes + 4, 2, 4101, owner}));
  CHECK_FALSE(first.Adjoins({bytes + 4, 2, 0, owner}));
  CHECK_FALSE(first.Adjoins({bytes + 4, 2, 4100, RefPtr<const RefBuffer>(&other)}));
  const Payload plain{bytes, 4, 0, nullptr};
  CHECK(plain.Adjoins({bytes + 4, 2, 0, nullptr}));
  CHECK_FALSE(plain.Adjoins({bytes + 4, 2, 4, nullptr}));
  CHECK_FALSE(Payload{}.Adjoins(Payload{}));
}

TEST_CASE("a buffer is recycled once each time that its last reference goes, however it went") {
  int recycled = 0;
  Buffer buffer(&recycled);
  {
    RefPtr<Buffer> a(&buffer);
    RefPtr<Buffer> b = a;
    CHECK(buffer.refs() == 2);
    RefPtr<Buffer> c = std::move(a);
    CHECK(buffer.refs() == 2);
    CHECK((!a && c && c.get() == &buffer && c == b && a != c));
    RefPtr<const RefBuffer> base = c;
    CHECK(buffer.refs() == 3);
    RefPtr<const RefBuffer> taken = std::move(c);
    CHECK((buffer.refs() == 3 && !c));
    base.reset();
    taken = nullptr;
    CHECK(buffer.refs() == 1);
    CHECK(recycled == 0);
    b.reset();
    CHECK((recycled == 1 && !b));
  }
  CHECK(recycled == 1);
  {
    RefPtr<Buffer> again(&buffer);
    Buffer* bare = again.release();
    CHECK((bare == &buffer && !again && buffer.refs() == 1));
    bare->Unref();
  }
  CHECK(recycled == 2);
}

}  // namespace ddpsim

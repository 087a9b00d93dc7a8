#include "ddpsim/base/seq_num.h"

#include <catch2/catch.hpp>

#include "absl/hash/hash.h"

namespace ddpsim {

TEST_CASE("sequence numbers are ordered around the circle") {
  for (uint32_t base : {0u, 1u, 0x7fffffffu, 0x80000000u, 0xfffffff0u, 0xffffffffu}) {
    const SeqNum a(base);
    for (uint32_t ahead : {1u, 16u, 0x7fffffffu}) {
      const SeqNum b = a + ahead;
      CHECK(b.value() == base + ahead);
      CHECK((b - a == static_cast<int32_t>(ahead) && a - b == -static_cast<int32_t>(ahead)));
      CHECK((a < b && a <= b && b > a && b >= a && a != b));
      CHECK_FALSE((b < a || b <= a || a > b || a >= b || a == b));
      CHECK((SeqMax(a, b) == b && SeqMax(b, a) == b));
      CHECK((SeqMin(a, b) == a && SeqMin(b, a) == a));
      CHECK(b - ahead == a);
      SeqNum moved = a;
      moved += ahead;
      CHECK(moved == b);
    }
    CHECK((a <= a && a >= a && a == a && a - a == 0));
    CHECK_FALSE((a < a || a > a || a != a));
    CHECK((SeqMax(a, a) == a && SeqMin(a, a) == a));
    CHECK(absl::Hash<SeqNum>()(a) != absl::Hash<SeqNum>()(a + 1));
  }
  CHECK(SeqNum().value() == 0);
}

}  // namespace ddpsim

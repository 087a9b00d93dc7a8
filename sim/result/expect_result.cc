#include "sim/result/expect_result.h"

namespace ddpsim {

std::string ToString(const FailedExpectation& failed) {
  const std::string got = failed.got.is_null() ? "nothing there" : "got " + failed.got.dump();
  return failed.run + " " + failed.pointer + ": expected " + failed.op + " " +
         failed.expected.dump() + ", " + got;
}

}  // namespace ddpsim

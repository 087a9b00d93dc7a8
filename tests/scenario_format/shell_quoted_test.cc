#include "sim/text/shell_quoted.h"

#include <catch2/catch.hpp>

using namespace ddpsim;

TEST_CASE("shell quoting: what a shell would take apart is quoted") {
  CHECK(ShellQuoted("/workload/bs=64k") == "/workload/bs=64k");
  CHECK(ShellQuoted("a b") == "'a b'");
  CHECK(ShellQuoted("it's") == "'it'\\''s'");
  CHECK(ShellQuoted("") == "''");
}

#include "models/kernel/driver_version.h"

#include <catch2/catch.hpp>

using namespace ddpsim;

TEST_CASE("revisions from v1 to v30 are known and nothing else") {
  CHECK(ParseDriverVersion("v1")->number == 1);
  CHECK(ParseDriverVersion("v30")->number == 30);
  for (const char* bad : {"v0", "v31", "30", "v", "", "v05", "v1 ", "v+5", "v-1", "vv1"}) {
    INFO(bad);
    CHECK_FALSE(ParseDriverVersion(bad).has_value());
  }
}

TEST_CASE("v6 and v10 bring what their change logs say") {
  CHECK(ParseDriverVersion("v5")->max_queues == 512);
  CHECK(ParseDriverVersion("v6")->max_queues == 4000);
  CHECK(ParseDriverVersion("v5")->io_threshold == 0);
  CHECK(ParseDriverVersion("v5")->gro_shared_bit);
  CHECK_FALSE(ParseDriverVersion("v6")->gro_shared_bit);
  CHECK_FALSE(ParseDriverVersion("v9")->coalesce_checks_crc);
  CHECK(ParseDriverVersion("v10")->coalesce_checks_crc);
}

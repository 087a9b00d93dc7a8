#include "sim/sweep/csv_field.h"

#include <catch2/catch.hpp>

namespace ddpsim::sweep {
namespace {

TEST_CASE("plain words and numbers of any sign stay as they are") {
  for (const char* text : {"", "64k", "random read", "0", "-1", "+1.5e-3", "-.5", "1e+9"}) {
    CHECK(CsvField(text) == text);
  }
}

TEST_CASE("separators, quotes and line ends are quoted") {
  CHECK(CsvField("a,b") == "\"a,b\"");
  CHECK(CsvField("a\"b") == "\"a\"\"b\"");
  CHECK(CsvField("a\nb") == "\"a\nb\"");
}

TEST_CASE("text that a spreadsheet would take for a formula is led by an apostrophe, in quotes") {
  CHECK(CsvField("=1+2") == "\"'=1+2\"");
  CHECK(CsvField("+cmd|' /C calc'!A0") == "\"'+cmd|' /C calc'!A0\"");
  CHECK(CsvField("-1+1") == "\"'-1+1\"");
  CHECK(CsvField("@SUM(A1)") == "\"'@SUM(A1)\"");
  CHECK(CsvField("=HYPERLINK(\"x\")") == "\"'=HYPERLINK(\"\"x\"\")\"");
  CHECK(CsvField("-") == "\"'-\"");
  CHECK(CsvField("\t=1") == "\"'\t=1\"");
}

}  // namespace
}  // namespace ddpsim::sweep

// Text that is no JSON: each complaint names the place and what would be accepted there.
#include "tests/scenario_format/broken_scenario.h"

namespace ddpsim {
namespace {

const BrokenScenario kBroken[] = {
    {"^", "", "the file ends"},
    {"  \n ^", "", "the file ends"},
    {"^[]", "", "the document is an array; accepted: an object"},
    {"^7", "", "accepted: an object"},
    {"{^", "", "the file ends here; accepted: a key in double quotes"},
    {"{\"seed\": ^", "/seed", "the file ends where a value was due"},
    {"{\"seed\": 1^", "", "accepted: \",\" or \"}\""},
    {"{\"seed\": 1} ^{}", "", "unexpected \"{\" after the end of the document"},
    {"{\"seed\": 1,^}", "", "trailing comma"},
    {"{\"compare\": [\"ddp\",^]}", "/compare/1", "trailing comma"},
    {"{\"seed\" ^1}", "/seed", "accepted: \":\" after the key"},
    {"{\"seed\": 1\n^\"target\": {}}", "", "unexpected \"\"\"; accepted: \",\" or \"}\""},
    {"{\n  ^// the seed\n  \"seed\": 1}", "", "no comments"},
    {"{\"seed\": ^/* one */ 1}", "/seed", "no comments"},
    {"{\"seed\": 1 ^# one\n}", "", "no comments"},
    {"{^'seed': 1}", "", "a key in double quotes"},
    {"{\"description\": ^'x'}", "/description", "unexpected \"'\""},
    {"{^seed: 1}", "", "a key in double quotes"},
    {"{\"seed\": ^NaN}", "/seed", "\"NaN\" is not a JSON value"},
    {"{\"seed\": ^-Infinity}", "/seed", "not a JSON number"},
    {"{\"seed\": ^True}", "/seed", "accepted: true, false, null"},
    {"{\"seed\": ^01}", "/seed", "no leading zeros"},
    {"{\"seed\": ^+1}", "/seed", "not a JSON value"},
    {"{\"seed\": ^.5}", "/seed", "not a JSON value"},
    {"{\"seed\": ^1.}", "/seed", "not a JSON number"},
    {"{\"workload\": {\"bs\": ^64k}}", "/workload/bs", "sizes with a suffix are strings"},
    {"{\"network\": {\"delay_us\": ^1e999}}", "/network/delay_us", "does not fit a double"},
    {"{\"description\": ^\"open}", "/description", "does not end"},
    {"{\"description\": ^\"two\nlines\"}", "/description", "does not end on its line"},
    {"{\"description\": \"a ^\t tab\"}", "/description", "byte 0x09 in a string"},
    {"{\"description\": \"^\\x41\"}", "/description", "bad escape"},
    {"{\"description\": \"^\\ud800 alone\"}", "/description", "bad escape"},
    {"{\"description\": \"bad ^\xff utf8\"}", "/description", "byte 0xff is not UTF-8"},
    {"{\"description\": \"overlong ^\xc0\xaf\"}", "/description", "is not UTF-8"},
    {"^\xef\xbb\xbf{}", "", "byte order mark"},
};

TEST_CASE("text that is no JSON is refused at its place") {
  for (const BrokenScenario& broken : kBroken) CheckBroken(broken);
}

TEST_CASE("columns count characters, not bytes") {
  const LoadResult result = LoadScenario("{\"description\": \"µs µs\", \"sed\": 1}", "s.json", {});
  REQUIRE(result.diagnostics.list().size() == 1);
  CHECK(result.diagnostics.list()[0].origin.place == Place{1, 26});
}

TEST_CASE("nesting has an end") {
  const LoadResult result = LoadScenario("{\"a\":" + std::string(100'000, '['), "s.json", {});
  REQUIRE(result.diagnostics.list().size() == 1);
  CHECK_THAT(result.diagnostics.list()[0].text, Catch::Contains("nested too deep"));
}

}  // namespace
}  // namespace ddpsim

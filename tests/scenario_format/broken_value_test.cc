// JSON that is no scenario: unknown keys, wrong types, values out of range, words that are none.
#include "tests/scenario_format/broken_scenario.h"

namespace ddpsim {
namespace {

const BrokenScenario kKeys[] = {
    {"{^\"sed\": 1}", "/sed", "did you mean \"seed\"?"},
    {"{\"workload\": {\n  ^\"iodpeth\": 4}}", "/workload/iodpeth", "did you mean \"iodepth\"?"},
    {"{\"workload\": {^\"block_size\": 4096}}", "/workload/block_size",
     "accepted: rw, bs, iodepth"},
    {"{\"network\": {\"c2h\": {\"loss\": {^\"modell\": \"none\"}}}}", "/network/c2h/loss/modell",
     "did you mean \"model\"?"},
    {"{\"host\": {\"nic\": {\"offload\": {^\"threshold\": 1}}}}", "/host/nic/offload/threshold",
     "\"io_threshold\""},
    {"{\"seed\": 1, ^\"seed\": 2}", "/seed",
     "duplicate key; it stands already at line 1, column 2"},
    {"{\"workload\": {\"bs\": 4096,\n ^\"bs\": 4096}}", "/workload/bs", "duplicate key"},
    {"{^\"a/b\": 1}", "/a~1b", "unknown key"},
    {"{\"$schema\": \"x\", ^\"schema\": 1}", "/schema", "unknown key"},
};

const BrokenScenario kTypes[] = {
    {"{\"seed\": ^\"one\"}", "/seed", "\"one\" is not an integer"},
    {"{\"seed\": ^null}", "/seed", "null is not an integer"},
    {"{\"seed\": ^1.5}", "/seed", "1.5 has a fraction"},
    {"{\"seed\": ^18446744073709551616}", "/seed", "does not fit 64 bits"},
    {"{\"description\": ^7}", "/description", "accepted: a string"},
    {"{\"workload\": ^[]}", "/workload", "an array is not an object"},
    {"{\"network\": {\"pause\": ^1}}", "/network/pause", "accepted: true, false"},
    {"{\"network\": {\"pause\": ^\"yes\"}}", "/network/pause", "\"yes\" is not a boolean"},
    {"{\"network\": {\"delay_us\": ^true}}", "/network/delay_us", "true is not a number"},
    {"{\"workload\": {\"rw\": ^1}}", "/workload/rw", "accepted: randread, read, randwrite, write"},
    {"{\"workload\": {\"bs\": ^{}}}", "/workload/bs", "an object is not a size"},
    {"{\"compare\": ^\"ddp\"}", "/compare", "accepted: an array of one or more of software"},
    {"{\"compare\": [\"ddp\", ^3]}", "/compare/1", "3 is not a string"},
    {"{\"target\": {\"latency_us\": ^\"10\"}}", "/target/latency_us", "\"10\" is not a number"},
    {"{\"network\": {\"c2h\": {\"reorder\": {\"list\": ^4}}}}", "/network/c2h/reorder/list",
     "accepted: an array"},
};

const BrokenScenario kRanges[] = {
    {"{\"seed\": ^-1}", "/seed", "accepted: an integer, 0.."},
    {"{\"workload\": {\"iodepth\": ^0}}", "/workload/iodepth",
     "0 is out of range; accepted: an integer, 1..65536"},
    {"{\"workload\": {\"bs\": ^\"1q\"}}", "/workload/bs", "\"1q\" is not a size"},
    {"{\"workload\": {\"bs\": ^\"1.5k\"}}", "/workload/bs", "is not a size"},
    {"{\"workload\": {\"bs\": ^\"64kb\"}}", "/workload/bs", "fio's suffixes"},
    {"{\"workload\": {\"bs\": ^\"-4k\"}}", "/workload/bs", "is not a size"},
    {"{\"workload\": {\"bs\": ^\"\"}}", "/workload/bs", "is not a size"},
    {"{\"workload\": {\"bs\": ^\"99999999999g\"}}", "/workload/bs", "is not a size"},
    {"{\"workload\": {\"bs\": ^\"1g\"}}", "/workload/bs",
     "\"1g\" is out of range; accepted: 512..16m"},
    {"{\"workload\": {\"bs\": ^4096.5}}", "/workload/bs", "has a fraction"},
    {"{\"network\": {\"mtu\": ^68}}", "/network/mtu", "accepted: an integer, 576..9000 byte"},
    {"{\"network\": {\"rate_gbps\": ^0}}", "/network/rate_gbps", "1..800 Gbit/s"},
    {"{\"network\": {\"delay_us\": ^-1}}", "/network/delay_us", "out of range"},
    {"{\"network\": {\"c2h\": {\"duplicate\": {\"probability\": ^1.01}}}}",
     "/network/c2h/duplicate/probability", "0..1"},
    {"{\"host\": {\"nvme\": {\"queue_size\": ^8}}}", "/host/nvme/queue_size", "16..1024"},
    {"{\"host\": {\"nvme\": {\"queue_size\": ^2048}}}", "/host/nvme/queue_size", "16..1024"},
    {"{\"workload\": {\"rw\": ^\"randraed\"}}", "/workload/rw", "did you mean \"randread\"?"},
    {"{\"compare\": [\"software\", ^\"dpp\"]}", "/compare/1", "did you mean \"ddp\"?"},
    {"{\"compare\": ^[]}", "/compare", "the array is empty"},
    {"{\"compare\": [\"ddp\", ^\"ddp\"]}", "/compare/1", "stands twice"},
    {"{\"host\": {\"tcp\": {\"congestion_control\": ^\"qubic\"}}}", "/host/tcp/congestion_control",
     "\"cubic\"?"},
    {"{\"target\": {\"kind\": ^\"SPKD\"}}", "/target/kind", "did you mean \"spdk\"?"},
};

TEST_CASE("unknown and duplicate keys are refused where they stand, with the nearest name") {
  for (const BrokenScenario& broken : kKeys) CheckBroken(broken);
}

TEST_CASE("values of a wrong type are refused, with what is accepted") {
  for (const BrokenScenario& broken : kTypes) CheckBroken(broken);
}

TEST_CASE("values out of range and unknown words are refused, with what is accepted") {
  for (const BrokenScenario& broken : kRanges) CheckBroken(broken);
}

TEST_CASE("every error of a file is told, in the order of the file") {
  const LoadResult result = LoadScenario(
      "{\"sed\": 1,\n \"workload\": {\"bs\": \"1q\", \"iodepth\": 0},\n \"network\": {\"mtu\": "
      "1},\n \"expect\": {\"x\": {}}}",
      "s.json", {});
  std::vector<std::string> pointers;
  for (const Diagnostic& one : result.diagnostics.list()) pointers.push_back(one.origin.pointer);
  CHECK(pointers == std::vector<std::string>{"/sed", "/workload/bs", "/workload/iodepth",
                                             "/network/mtu", "/expect/x"});
}

}  // namespace
}  // namespace ddpsim

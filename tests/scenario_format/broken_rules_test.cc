// Settings that are good alone and contradict each other; variants and expectations that mean
// nothing.
#include "tests/scenario_format/broken_scenario.h"

namespace ddpsim {
namespace {

const BrokenScenario kRules[] = {
    {"{\"workload\": {\"bs\": ^1000}}", "/workload/bs",
     "not a multiple of 512; accepted: whole blocks, nearest: 512"},
    {"{\"workload\": {\"bs\": \"64k\", \"size\": ^\"4k\"}}", "/workload/size",
     "holds no I/O of bs 64k"},
    {"{\"workload\": {\"runtime_ms\": 0, \"total_ios\": ^0}}", "/workload/total_ios", "are both 0"},
    {"{\"workload\": {\"total_ios\": ^0}}", "/workload/total_ios", "at least one above 0"},
    {"{\"workload\": ^{\"bs\": \"16m\", \"iodepth\": 1024}}", "/workload",
     "1024 I/Os in flight; accepted with this bs: 95, "},
    {"{\"workload\": ^{\"bs\": 512, \"iodepth\": 65536, \"numjobs\": 4}}", "/workload",
     "accepted with this bs: 196608, "},
    {"{\"host\": {\"cpu\": {\"cores\": 256}, \"nic\": {\"rx_ring\": ^32768}}}", "/host/nic/rx_ring",
     "accepted with this MTU: 2048 entries or less, 1g in all"},
    {"{\"host\": {\"nic\": {\"rx_ring\": ^1000}}}", "/host/nic/rx_ring",
     "not a power of two; accepted: powers of two, nearest: 1024"},
    {"{\"host\": {\"nic\": {\"xoff_percent\": 20, \"xon_percent\": ^30}}}", "/host/nic/xon_percent",
     "not below xoff_percent"},
    {"{\"target\": {\"c2h_chunk\": ^4097}}", "/target/c2h_chunk", "multiples of 4"},
    {"{\"target\": {\"maxh2cdata\": ^4098}}", "/target/maxh2cdata", "multiples of 4"},
    {"{\"target\": {\"mdts\": ^\"12k\"}}", "/target/mdts", "power of two of 4 KiB pages"},
    {"{\"target\": {\"latency_us\": ^{\"distribution\": \"exponential\"}}}", "/target/latency_us",
     "\"mean\" is missing"},
    {"{\"target\": {\"latency_us\": {\"distribution\": \"exponential\", \"mean\": 5, ^\"stddev\": "
     "1}}}",
     "/target/latency_us/stddev", "belongs to distribution lognormal only"},
    {"{\"target\": {\"latency_us\": {\"distribution\": \"uniform\", \"min\": 5, \"max\": ^1}}}",
     "/target/latency_us/max", "1 is below min; accepted: 5 or more"},
    {"{\"target\": {\"latency_us\": {\"distribution\": \"lognormal\", \"mean\": ^0, \"stddev\": "
     "1}}}",
     "/target/latency_us/mean", "no logarithm"},
};

const BrokenScenario kFaults[] = {
    {"{\"network\": {\"c2h\": {\"loss\": ^{\"model\": \"bernoulli\"}}}}", "/network/c2h/loss",
     "\"probability\" is missing; model bernoulli needs it"},
    {"{\"network\": {\"c2h\": {\"loss\": {^\"probability\": 0.1}}}}",
     "/network/c2h/loss/probability", "belongs to model bernoulli only"},
    {"{\"network\": {\"h2c\": {\"loss\": {\"model\": \"list\", \"packets\": [1], ^\"loss_bad\": "
     "1}}}}",
     "/network/h2c/loss/loss_bad", "belongs to model gilbert_elliott only"},
    {"{\"network\": {\"c2h\": {\"loss\": {\"model\": \"list\", \"packets\": [3, ^3]}}}}",
     "/network/c2h/loss/packets/1", "3 follows 3; accepted: ascending"},
    {"{\"network\": {\"c2h\": {\"loss\": {\"model\": \"list\", \"packets\": [^0]}}}}",
     "/network/c2h/loss/packets/0", "out of range; accepted: an integer, 1.."},
    {"{\"network\": {\"c2h\": {\"loss\": {\"model\": \"list\", \"packets\": ^[]}}}}",
     "/network/c2h/loss/packets", "is empty"},
    {"{\"network\": {\"c2h\": {\"loss\": {\"model\": \"ranges\", \"ranges\": ^[]}}}}",
     "/network/c2h/loss/ranges", "is empty"},
    {"{\"network\": {\"c2h\": {\"loss\": {\"model\": \"ranges\", \"ranges\": [{\"from\": 9, "
     "\"to\": ^9}]}}}}",
     "/network/c2h/loss/ranges/0/to", "9 is not above from; accepted: 10 or more"},
    {"{\"network\": {\"c2h\": {\"loss\": {\"model\": \"ranges\", \"ranges\": [{\"connection\": ^2, "
     "\"from\": 1, \"to\": 9}]}}}}",
     "/network/c2h/loss/ranges/0/connection", "there is no I/O queue 2"},
    {"{\"network\": {\"c2h\": {\"loss\": {\"model\": \"ranges\", \"ranges\": [^5]}}}}",
     "/network/c2h/loss/ranges/0", "5 is not an object"},
    {"{\"network\": {\"c2h\": {\"loss\": ^{\"model\": \"pdu\"}}}}", "/network/c2h/loss",
     "\"field\" is missing"},
    {"{\"network\": {\"c2h\": {\"loss\": {\"model\": \"pdu\", \"field\": \"header\", \"offset\": "
     "^24}}}}",
     "/network/c2h/loss/offset", "accepted: 0..23"},
    {"{\"host\": {\"nvme\": {\"data_digest\": false}},\n \"network\": {\"c2h\": {\"loss\": "
     "{\"model\": \"pdu\", \"field\": ^\"digest\"}}}}",
     "/network/c2h/loss/field", "there is no digest to lose"},
    {"{\"network\": {\"c2h\": {\"reorder\": {\"probability\": 0.1, \"delay_us\": ^0}}}}",
     "/network/c2h/reorder/delay_us", "0 reorders nothing"},
    {"{\"network\": {\"c2h\": {\"reorder\": {\"list\": [4, ^2]}}}}", "/network/c2h/reorder/list/1",
     "2 follows 4"},
};

const BrokenScenario kVariants[] = {
    {"{\"variants\": ^[]}", "/variants", "not an object"},
    {"{\"variants\": {^\"a b\": {}}}", "/variants/a b", "bad name"},
    {"{\"variants\": {^\"ddp\": {}}}", "/variants/ddp", "no mode's name"},
    {"{\"variants\": {\"a\": ^7}}", "/variants/a", "accepted: {POINTER: VALUE}"},
    {"{\"variants\": {\"a\": {^\"workload\": 1}}}", "/variants/a/workload", "not a JSON Pointer"},
    {"{\"variants\": {\"a\": {^\"/compare\": [\"ddp\"]}}}", "/variants/a/~1compare",
     "cannot change \"compare\""},
    {"{\"variants\": {\"a\": {\"/workload/bs\": ^\"1q\"}}}", "/variants/a/~1workload~1bs",
     "is not a size"},
    {"{\"variants\": {\"a\": {\"/workload/bss\": ^4096}}}", "/variants/a/~1workload~1bss",
     "did you mean \"bs\"?"},
    {"{\"variants\": {\"a\": {\"/network/c2h\": {\"loss\": {\"model\": ^\"gilbert\"}}}}}",
     "/variants/a/~1network~1c2h/loss/model", "\"gilbert\" is unknown"},
    {"{\"seed\": 3, \"variants\": {\"a\": {^\"/seed/x\": 1}}}", "/variants/a/~1seed~1x",
     "/seed is an integer"},
    {"{\"variants\": {\"a\": {\"/workload/bs\": \"8k\", ^\"/workload\": {}}}}",
     "/variants/a/~1workload", "\"/workload/bs\", which is set as well"},
    {"{\"variants\": {\"a\": {\"/workload\": {}, ^\"/workload/bs\": \"8k\"}}}",
     "/variants/a/~1workload~1bs", "\"/workload\", which is set as well"},
};

const BrokenScenario kExpect[] = {
    {"{\"expect\": ^3}", "/expect", "an integer is not an object"},
    {"{\"expect\": {^\"dpd\": {}}}", "/expect/dpd", "no run is called \"dpd\""},
    {"{\"compare\": [\"ddp\"], \"expect\": {^\"crc\": {}}}", "/expect/crc", "accepted: ddp"},
    {"{\"expect\": {^\"big/ddp\": {}}}", "/expect/big~1ddp", "no run is called"},
    {"{\"expect\": {\"ddp\": ^1}}", "/expect/ddp", "accepted: {POINTER: {OPERATOR: VALUE}}"},
    {"{\"expect\": {\"ddp\": {^\"offload\": {\"min\": 1}}}}", "/expect/ddp/offload",
     "not a JSON Pointer"},
    {"{\"expect\": {\"ddp\": {^\"/offload/placed_fracton\": {\"min\": 1}}}}",
     "/expect/ddp/~1offload~1placed_fracton", "did you mean \"/offload/placed_fraction\"?"},
    {"{\"expect\": {\"ddp\": {\"/cpu/utilization\": ^{}}}}", "/expect/ddp/~1cpu~1utilization",
     "expects nothing"},
    {"{\"expect\": {\"ddp\": {\"/cpu/utilization\": {^\"atleast\": 1}}}}",
     "/expect/ddp/~1cpu~1utilization/atleast", "unknown operator \"atleast\"; accepted: min, max"},
    {"{\"expect\": {\"ddp\": {\"/cpu/utilization\": {\"min\": ^\"x\"}}}}",
     "/expect/ddp/~1cpu~1utilization/min", "accepted: a number"},
    {"{\"expect\": {\"ddp\": {\"/cpu/utilization\": {\"equals\": ^[]}}}}",
     "/expect/ddp/~1cpu~1utilization/equals", "an array cannot be compared so"},
};

TEST_CASE("settings that contradict each other are refused") {
  for (const BrokenScenario& broken : kRules) CheckBroken(broken);
}

TEST_CASE("faults without their parameters, or with another's, are refused") {
  for (const BrokenScenario& broken : kFaults) CheckBroken(broken);
}

TEST_CASE("variants are checked as the scenario is, and blamed where they stand") {
  for (const BrokenScenario& broken : kVariants) CheckBroken(broken);
}

TEST_CASE("an expectation that could never be judged is refused") {
  for (const BrokenScenario& broken : kExpect) CheckBroken(broken);
}

}  // namespace
}  // namespace ddpsim

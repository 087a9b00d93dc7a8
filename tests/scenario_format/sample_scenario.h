// Two modes of a made-up scenario with something of everything that a table can show.
#ifndef DDPSIM_TESTS_SCENARIO_FORMAT_SAMPLE_SCENARIO_H_
#define DDPSIM_TESTS_SCENARIO_FORMAT_SAMPLE_SCENARIO_H_

#include "sim/result/scenario_result.h"
#include "tests/scenario_format/sample_run.h"

namespace ddpsim {

inline ScenarioResult SampleScenario() {
  ScenarioResult result;
  result.name = "sample";
  result.scenario = nlohmann::ordered_json::parse(R"({"description": "what it shows", "seed": 7,
    "workload": {"rw": "randread", "bs": 65536, "iodepth": 32, "numjobs": 1},
    "network": {"mtu": 1500}, "host": {"nvme": {"queues": 1, "header_digest": false, "data_digest": true}}})");
  RunResult ddp = SampleRun("ddp+crc", 60'000);
  ddp.offload.placed_bytes = 4000 * 65536 / 4 * 3;
  ddp.offload.not_placed = {{"resync", 4000 * 65536 / 8}, {"one_per_packet", 4000 * 65536 / 8}};
  ddp.offload.pdus_crc_offloaded = 3000;
  ddp.offload.resync.responses = 12;
  ddp.wire.c2h.dropped["loss"] = 1234;
  ddp.tcp.c2h.retransmits = 1240;
  ddp.verification.verdict = "fail";
  ddp.verification.checks["digest"] = 0;
  ddp.verification.violations.push_back({"digest", "at 12 us: queue 1 accepted a wrong digest"});
  ddp.verification.violations_total = 3;
  result.runs = {SampleRun("software", 90'000), ddp};
  result.comparison = Compare(result.runs);
  result.expect.passed = 4;
  result.expect.failed.push_back({"ddp+crc", "/offload/placed_fraction", "min", 0.9, 0.75});
  return result;
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_SCENARIO_FORMAT_SAMPLE_SCENARIO_H_

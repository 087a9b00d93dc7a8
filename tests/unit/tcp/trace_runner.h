// Runs one file of the format tcp-trace-test/1 against Connection in virtual time: what a peer
// injects and an application does, and what the endpoint must send. Enough of the format for the
// unit tests: aggregation, timestamps, asserts, all operations that the files in tests/data/tcp
// use.
#ifndef DDPSIM_TESTS_UNIT_TCP_TRACE_RUNNER_H_
#define DDPSIM_TESTS_UNIT_TCP_TRACE_RUNNER_H_

#include <string>

namespace ddpsim {

struct TraceResult {
  bool pass = false;
  std::string message;  // the first mismatch
  int expects = 0;      // compared
  int checks = 0;       // state checks compared
  int checks_skipped = 0;
  int soft_psh = 0;  // PSH differences
};

TraceResult RunTrace(const std::string& path);

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_TCP_TRACE_RUNNER_H_

#include "sim/validate/worker_pool.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

namespace ddpsim {
namespace {

using How = WorkerEnd::How;

double Soon(size_t) { return 30; }

}  // namespace

TEST_CASE("each piece's text comes back in its place, however long") {
  const volatile std::sig_atomic_t interrupt = 0;
  const Workers two{2, nullptr};
  const std::vector<WorkerEnd> ends =
      WorkerPool(two, &interrupt)
          .Run(
              5, [](size_t i) { return std::string(i * 100'000, 'a') + "\n"; }, Soon);
  REQUIRE(ends.size() == 5);
  for (size_t i = 0; i < ends.size(); ++i) {
    CHECK(ends[i].how == How::kDone);
    CHECK(ends[i].text == std::string(i * 100'000, 'a') + "\n");
  }
}

TEST_CASE("a piece that exits, crashes or hangs has an end of its own") {
  const volatile std::sig_atomic_t interrupt = 0;
  const Workers workers{4, nullptr};
  const std::vector<WorkerEnd> ends = WorkerPool(workers, &interrupt)
                                          .Run(
                                              4,
                                              [](size_t i) -> std::string {
                                                if (i == 0) _exit(3);
                                                if (i == 1) std::abort();
                                                if (i == 2) pause();
                                                return "whole";
                                              },
                                              [](size_t i) { return i == 2 ? 0.2 : 30; });
  CHECK(ends[0].how == How::kExit);
  CHECK(ends[0].status == 3);
  CHECK(ends[1].how == How::kSignal);
  CHECK(ends[1].status == SIGABRT);
  CHECK(ends[2].how == How::kTimeout);
  CHECK(ends[3].how == How::kDone);
}

TEST_CASE("a system call that was interrupted once does not keep a worker from ending") {
  const volatile std::sig_atomic_t interrupt = 0;
  const Workers one;
  errno = EINTR;
  const std::vector<WorkerEnd> ends = WorkerPool(one, &interrupt)
                                          .Run(
                                              1, [](size_t) { return std::string("text"); }, Soon);
  CHECK(ends[0].how == How::kDone);
}

TEST_CASE("an interrupt kills what runs and starts nothing more") {
  volatile std::sig_atomic_t interrupt = 0;
  Workers workers{1, [&interrupt](size_t ended, size_t) { interrupt = ended > 0 ? SIGINT : 0; }};
  const std::vector<WorkerEnd> ends = WorkerPool(workers, &interrupt)
                                          .Run(
                                              3,
                                              [](size_t i) {
                                                if (i > 0) pause();
                                                return std::string("text");
                                              },
                                              Soon);
  CHECK(ends[0].how == How::kDone);
  CHECK(ends[1].how == How::kNotRun);
  CHECK(ends[2].how == How::kNotRun);
}

}  // namespace ddpsim

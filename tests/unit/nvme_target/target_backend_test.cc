#include "models/nvme_target/target_backend.h"

#include <catch2/catch.hpp>
#include <vector>

namespace ddpsim {
namespace {

struct Client final : BackendClient {
  void OnBackendDone(TargetCommand* command, SimTime now) override {
    done.push_back(command->tag);
    at.push_back(now);
  }
  std::vector<uint16_t> done;
  std::vector<SimTime> at;
};

void Run(Calendar* calendar) {
  SimTime at;
  while (Wakeable* who = calendar->PopDue(1_s, &at)) who->OnDeadline(at);
}

TEST_CASE("with a fixed time commands end in order, each after it") {
  Calendar calendar;
  TargetBackend backend(LatencyConfig(), 1, &calendar);
  Client client;
  std::vector<TargetCommand> commands(10);
  for (uint16_t i = 0; i < 10; ++i) {
    commands[i].tag = i;
    backend.Start(&client, &commands[i], SimTime::Us(i / 2));
  }
  Run(&calendar);
  REQUIRE(client.done.size() == 10);
  for (uint16_t i = 0; i < 10; ++i) {
    CHECK(client.done[i] == i);
    CHECK(client.at[i] == SimTime::Us(10 + i / 2));
  }
}

TEST_CASE("with a distribution commands end out of order, in order of time") {
  Calendar calendar;
  LatencyConfig config;
  config.shape = LatencyShape::kExponential;
  TargetBackend backend(config, 1, &calendar);
  Client client;
  std::vector<TargetCommand> commands(100);
  for (uint16_t i = 0; i < 100; ++i) {
    commands[i].tag = i;
    backend.Start(&client, &commands[i], SimTime::Zero());
  }
  Run(&calendar);
  REQUIRE(client.done.size() == 100);
  CHECK(std::is_sorted(client.at.begin(), client.at.end()));
  CHECK_FALSE(std::is_sorted(client.done.begin(), client.done.end()));
}

}  // namespace
}  // namespace ddpsim

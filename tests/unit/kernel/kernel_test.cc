#include "models/kernel/kernel.h"

#include <catch2/catch.hpp>

#include "tests/unit/kernel/nvmeotcp_bench.h"

using namespace ddpsim;

// A host that reconnects for hours has had every port.
TEST_CASE(
    "a socket whose port was another's takes that one's flow rule away before it sets its own") {
  KernelBench b(TwoChannels());
  const auto rules = [&b] {
    b.nic.commands.clear();
    b.kernel.Create(1);
    std::vector<CommandOpcode> opcodes;
    for (const CommandMailbox& command : b.nic.commands) opcodes.push_back(command.opcode);
    return opcodes;
  };
  const std::vector<CommandOpcode> sets = {CommandOpcode::kSetFlowRule};
  for (int i = 0; i < 0x10000; ++i) REQUIRE(rules() == sets);
  CHECK(rules() ==
        std::vector<CommandOpcode>{CommandOpcode::kDeleteFlowRule, CommandOpcode::kSetFlowRule});
}

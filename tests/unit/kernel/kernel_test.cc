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

TEST_CASE("a connection taken over is established without telling anybody so") {
  KernelBench b;
  TcpSocket* socket = b.Connect();
  const FourTuple received = socket->five_tuple().flow;
  TakenOverConnection connection;
  connection.received = received;
  connection.received.source_port = 4421;
  connection.snd_nxt = SeqNum(1000);
  connection.rcv_nxt = SeqNum(2000);
  TcpSocket* taken = b.kernel.TakeOver(connection, b.now);
  taken->SetCallbacks(&b);
  CHECK(taken->established());
  b.state_changes = 0;
  const PhysAddr addr = b.memory.Allocate(16);
  const Payload payload{b.memory.At(addr, 16), 16, addr, nullptr};
  b.Do([&](ExecContext& ctx) { CHECK(taken->Send(ctx, payload, false, true) == 16); });
  CHECK(b.state_changes == 0);
}

#include "models/nic/command_interface.h"

#include <catch2/catch.hpp>
#include <cstring>

namespace ddpsim {
namespace {

struct Firmware {
  CommandMailbox New(CommandOpcode opcode) {
    CommandMailbox m;
    std::memset(static_cast<void*>(&m), 0, sizeof(m));
    m.opcode = opcode;
    return m;
  }
  CommandMailbox Run(CommandMailbox m) {
    commands.Execute(&m);
    return m;
  }
  CommandMailbox CreateCq(uint32_t cqe_bytes) {
    CommandMailbox m = New(CommandOpcode::kCreateCq);
    m.create_cq.cqe_bytes = cqe_bytes;
    m.create_cq.log_entries = 4;
    return Run(m);
  }
  CommandMailbox CreateRq(uint32_t cqn) {
    CommandMailbox m = New(CommandOpcode::kCreateRq);
    m.create_rq.cqn = cqn;
    m.create_rq.log_entries = 4;
    return Run(m);
  }

  NicObjects objects;
  CommandInterface commands{&objects};
};

}  // namespace

TEST_CASE("objects are numbered from 1 and freed numbers are used again") {
  Firmware fw;
  CHECK(fw.CreateCq(64).object == 1);
  CHECK(fw.CreateCq(128).object == 2);
  CommandMailbox m = fw.New(CommandOpcode::kDestroyCq);
  m.destroy.object = 1;
  CHECK(fw.Run(m).status == CommandStatus::kOk);
  CHECK(fw.CreateCq(64).object == 1);
}

TEST_CASE("a CQE size that does not exist is refused") {
  Firmware fw;
  CHECK(fw.CreateCq(32).status == CommandStatus::kBadParameter);
}

TEST_CASE("an RQ needs a CQ, which then cannot be destroyed") {
  Firmware fw;
  CHECK(fw.CreateRq(1).status == CommandStatus::kBadObject);
  const uint32_t cqn = fw.CreateCq(128).object;
  CHECK(fw.CreateRq(cqn).status == CommandStatus::kOk);
  CommandMailbox m = fw.New(CommandOpcode::kDestroyCq);
  m.destroy.object = cqn;
  CHECK(fw.Run(m).status == CommandStatus::kBadObject);
}

TEST_CASE("the offload needs an RQ with 128-byte CQEs and, to place, a tag buffer table") {
  Firmware fw;
  CommandMailbox m = fw.New(CommandOpcode::kCreateTir);
  m.create_tir.rqn = fw.CreateRq(fw.CreateCq(64).object).object;
  m.create_tir.nvmeotcp_crc_en = 1;
  CHECK(fw.Run(m).status == CommandStatus::kBadParameter);
  m.create_tir.rqn = fw.CreateRq(fw.CreateCq(128).object).object;
  CHECK(fw.Run(m).status == CommandStatus::kOk);
  m.create_tir.nvmeotcp_zero_copy_en = 1;
  CHECK(fw.Run(m).status == CommandStatus::kBadParameter);
}

TEST_CASE("two mkeys for one ccid, or one beyond the table, are refused") {
  Firmware fw;
  CommandMailbox m = fw.New(CommandOpcode::kCreateTagBufferTable);
  m.create_tag_buffer_table.log_entries = 1;
  const uint32_t table = fw.Run(m).object;
  m = fw.New(CommandOpcode::kCreateMkey);
  m.create_mkey = {4, table, 1};
  CHECK(fw.Run(m).status == CommandStatus::kOk);
  CHECK(fw.Run(m).status == CommandStatus::kBadParameter);
  m.create_mkey.ccid = 2;
  CHECK(fw.Run(m).status == CommandStatus::kBadParameter);
}

TEST_CASE("a second flow rule for the same tuple is refused") {
  Firmware fw;
  CommandMailbox m = fw.New(CommandOpcode::kCreateTir);
  m.create_tir.rqn = fw.CreateRq(fw.CreateCq(128).object).object;
  const uint32_t tirn = fw.Run(m).object;
  m = fw.New(CommandOpcode::kSetFlowRule);
  m.flow_rule.tirn = tirn;
  CHECK(fw.Run(m).status == CommandStatus::kOk);
  CHECK(fw.Run(m).status == CommandStatus::kBadParameter);
}

TEST_CASE("an unknown opcode is refused") {
  Firmware fw;
  CHECK(fw.Run(fw.New(static_cast<CommandOpcode>(0x123))).status == CommandStatus::kBadParameter);
}

TEST_CASE("MODIFY_CQ changes the moderation of a CQ that exists") {
  Firmware fw;
  const uint32_t cqn = fw.CreateCq(64).object;
  CommandMailbox m = fw.New(CommandOpcode::kModifyCq);
  m.modify_cq = {cqn, 8, 64};
  CHECK(fw.Run(m).status == CommandStatus::kOk);
  CompletionQueue* cq = fw.objects.cqs.Find(cqn);
  cq->OnArm(0, SimTime());
  CHECK(cq->OnWritten(SimTime::Us(1)) == SimTime::Us(9));
  m.modify_cq.cqn = cqn + 1;
  CHECK(fw.Run(m).status == CommandStatus::kBadObject);
}

}  // namespace ddpsim

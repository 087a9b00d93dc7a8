#include "ddpsim/wire/nvme.h"

#include <catch2/catch.hpp>
#include <cstring>

#include "ddpsim/wire/nvme_identify.h"

namespace ddpsim {
namespace {

TEST_CASE("a Connect command keeps its bytes through the generic SQE") {
  FabricsConnectSqe connect;
  connect.command_id = 0x0102;
  connect.qid = 3;
  connect.sqsize = 127;
  connect.cattr = kConnectDisableSqFlow;
  connect.kato = 5000;
  const NvmeSqe sqe = ToSqe(connect);
  uint8_t bytes[64];
  std::memcpy(bytes, &sqe, sizeof(bytes));
  CHECK(bytes[0] == 0x7f);
  CHECK(bytes[1] == 0x40);
  CHECK(bytes[2] == 0x02);
  CHECK(bytes[4] == 0x01);  // fctype, where other commands have the namespace
  CHECK(bytes[42] == 3);
  CHECK(bytes[44] == 127);
  CHECK(bytes[46] == 4);
  CHECK(bytes[48] == 0x88);
  CHECK(bytes[49] == 0x13);
  CHECK(SqeAs<FabricsConnectSqe>(sqe).kato == 5000);
}

TEST_CASE("a status sits above the phase bit") {
  NvmeCqe cqe;
  cqe.set_status(kNvmeDataTransferError);
  CHECK(cqe.status_field == 0x0008);
  CHECK(cqe.status() == kNvmeDataTransferError);
  cqe.set_status(kNvmeInvalidField | kNvmeDoNotRetry);
  CHECK(cqe.status_field == 0x8004);
  CHECK(cqe.status() == 0x4002);
}

}  // namespace
}  // namespace ddpsim

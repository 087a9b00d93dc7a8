#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "models/capture/capture_reader.h"
#include "tests/support/capture_builder.h"

namespace ddpsim {
namespace {

// Reads all records; how many there were, and how it ended.
std::pair<int, absl::Status> ReadAll(const Bytes& file) {
  const TempFile temp(file, ".pcapng");
  auto reader = CaptureReader::Open(temp.path());
  REQUIRE(reader.ok());
  CaptureRecord record;
  for (int records = 0;; ++records) {
    const absl::StatusOr<bool> more = (*reader)->Next(&record);
    if (!more.ok()) return {records, more.status()};
    if (!*more) return {records, absl::OkStatus()};
  }
}

Bytes Frame() { return MakeFrame({false, 1000, 0, kTcpAck, 1, Bytes(100, 7)}); }

TEST_CASE("pcapng: a section has up to 4096 interfaces") {
  for (const int interfaces : {4096, 4097}) {
    Bytes file = SectionHeader();
    for (int i = 0; i < interfaces; ++i) Append(&file, InterfaceBlock());
    Append(&file, EnhancedPacket(Frame(), 4095));
    const auto [records, status] = ReadAll(file);
    CHECK(records == (interfaces == 4096 ? 1 : 0));
    CHECK(status.ok() == (interfaces == 4096));
    if (!status.ok()) CHECK(absl::StrContains(status.message(), "more than 4096 interfaces"));
  }
}

// An enhanced packet block has 32 bytes at least (pcapng, section 4.3).
TEST_CASE("pcapng: a packet of which nothing was captured is a record") {
  const auto [records, status] =
      ReadAll(Join({SectionHeader(), InterfaceBlock(), EnhancedPacket({})}));
  CHECK(status.ok());
  CHECK(records == 1);
}

}  // namespace
}  // namespace ddpsim

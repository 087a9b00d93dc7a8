#include "io_log.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "ddpsim/wire/crc32c.h"
#include "ddpsim/wire/nvme_tcp_layout.h"

namespace ddpsim {
namespace {

constexpr uint32_t kRecord = 36;  // header, header digest, 4 bytes of data, data digest

bool Covers(const LoggedIo& io, uint64_t offset) {
  return io.offset <= offset && offset < io.offset + io.length;
}

bool WordIsRight(const std::vector<LoggedIo>& log, uint64_t offset, uint64_t word) {
  const auto gen = static_cast<uint16_t>(word >> 48);
  if ((word & 0xffff'ffff'ffffu) != offset / 8) return false;
  return gen == 0 || std::any_of(log.begin(), log.end(), [&](const LoggedIo& io) {
           return io.write && io.gen == gen && Covers(io, offset);
         });
}

std::vector<uint8_t> FakeRecord(uint64_t number) {
  DataPduLayout pdu;
  pdu.ch = {0x07, 0x07, 24, 28, kRecord};
  pdu.cccid = static_cast<uint16_t>(number % 128);
  pdu.datal = 4;
  std::vector<uint8_t> out(kRecord);
  std::memcpy(out.data(), &pdu, sizeof(pdu));
  StoreLe32(&out[24], Crc32c(0, ByteSpan(out.data(), 24)));
  StoreLe32(&out[28], static_cast<uint32_t>(number));
  StoreLe32(&out[32], Crc32c(0, ByteSpan(&out[28], 4)));
  return out;
}

}  // namespace

std::vector<LoggedIo> ReadIoLog(const std::string& name) {
  std::ifstream file(std::string(DDPSIM_TEST_DATA) + "/captures/" + name + ".ios.csv");
  REQUIRE(file.is_open());
  std::string line;
  std::getline(file, line);
  REQUIRE(line == "seq,op,offset,length,gen,submit_us,done_us,result,verify");
  std::vector<LoggedIo> log;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string field;
    std::vector<std::string> parts;
    while (std::getline(fields, field, ',')) parts.push_back(field);
    REQUIRE(parts.size() == 9);
    log.push_back({parts[1] == "W", std::stoull(parts[2]),
                   static_cast<uint32_t>(std::stoul(parts[3])),
                   static_cast<uint16_t>(std::stoul(parts[4]))});
  }
  return log;
}

size_t WrongBytes(DiskKind kind, const std::vector<LoggedIo>& log, uint64_t offset, ByteSpan got) {
  size_t wrong = 0;
  if (kind == DiskKind::kIndex) {
    for (size_t at = 0; at + 8 <= got.size(); at += 8) {
      if (!WordIsRight(log, offset + at, LoadLe64(&got[at]))) wrong += 8;
    }
    return wrong;
  }
  std::vector<uint8_t> record;
  for (size_t at = 0; at < got.size(); ++at) {
    const uint64_t place = (offset + at) % kRecord;
    if (record.empty() || place == 0) record = FakeRecord((offset + at) / kRecord);
    if (got[at] != record[place]) ++wrong;
  }
  return wrong;
}

}  // namespace ddpsim

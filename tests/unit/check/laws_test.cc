#include "sim/check/laws.h"

#include <catch2/catch.hpp>

#include "ddpsim/net/skb.h"
#include "ddpsim/wire/segment_writer.h"

namespace ddpsim {
namespace {

// Every law that is asked in every run has looked at something and found nothing.
void LookAtAllButBytes(Laws* laws) {
  laws->digests = false;
  laws->run_completes.OnEnd("", 512, 2_us);
  laws->completion.OnIoStart(1, 0_us);
  laws->completion.OnIoEnd(1, 1_us);
  const SglEntry page{HostMemory::kBase, 4096};
  laws->mapping.AddApplicationMemory(page.addr, page.addr + 4096);
  laws->mapping.OnSetup(1, 1, {&page, 1}, 0_us);
  laws->mapping.OnDmaWrite(page.addr, 64, 1_us);
  laws->order.OnPosted(HostMemory::kBase, {}, false, 1_us);
  laws->stream.OnHostRead(1, SeqNum(1), 10, 1_us);
  laws->conservation.Balance("nothing", 0, 0, 1_us);
  FramePool frames;
  SkbPool skbs;
  laws->transparency.OnFrameAccepted(
      *WriteSegment(frames, EthIpAddresses{}, 1, TcpHeader{}, {}, 0, 0));
  laws->transparency.OnDriverSkb(*skbs.Allocate(), 1_us);
}

TEST_CASE("a run in which no byte was compared has not passed, whatever else was looked at") {
  const HostMemory memory;
  Laws laws(&memory);
  LookAtAllButBytes(&laws);
  LoadStats load;
  load.canaries_checked = 1;
  laws.delivery.OnEnd(load, false, 2_us);
  for (const Law* law : laws.All()) {
    INFO(law->name());
    CHECK(law->checks() > 0);
    CHECK(law->violation_count() == 0);
  }
  CHECK(laws.bytes_checked() == 0);
  CHECK_FALSE(laws.Pass());
  load.bytes_checked = 512;
  laws.delivery.OnEnd(load, false, 3_us);
  CHECK(laws.Pass());
}

TEST_CASE("a measured window whose goodput nobody looked at is no pass") {
  const HostMemory memory;
  Laws laws(&memory);
  LookAtAllButBytes(&laws);
  LoadStats load;
  load.canaries_checked = 1;
  load.bytes_checked = 512;
  laws.delivery.OnEnd(load, false, 2_us);
  laws.measured = true;
  CHECK_FALSE(laws.Pass());
  laws.goodput.OnWindow(512, 2_us, 100, 2_us);
  CHECK(laws.Pass());
}

TEST_CASE("bytes compared at either end count, and so do wrong ones") {
  const HostMemory memory;
  Laws laws(&memory);
  LoadStats load;
  load.bytes_checked = 4096;
  load.wrong_bytes = 2;
  laws.delivery.OnEnd(load, true, 1_us);
  laws.storage.ExpectCorruption();
  laws.storage.OnWriteStart(1, 1, 0, 512, 1_us);
  laws.storage.OnData(1, 1, {0, 512}, 2_us);
  laws.storage.OnStored(1, 1, {0, 512, 3, 0}, 3_us);
  CHECK(laws.bytes_checked() == 4096 + 512);
  CHECK(laws.wrong_bytes() == 5);
}

TEST_CASE("the law of writes is asked where writes reached the disk, or one was wrong") {
  const HostMemory memory;
  Laws laws(&memory);
  const auto asked = [&] {
    for (const Law* law : laws.All())
      if (law == &laws.storage) return true;
    return false;
  };
  CHECK_FALSE(asked());
  laws.writes = true;
  CHECK(asked());
  laws.writes = false;
  laws.storage.OnRefused(1, Refusal::kHeader, 1_us);
  CHECK(asked());
  CHECK_FALSE(laws.Pass());
  CHECK(laws.FirstBroken() == &laws.storage);
}

}  // namespace
}  // namespace ddpsim

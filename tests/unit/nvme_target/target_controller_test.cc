#include "models/nvme_target/target_controller.h"

#include <catch2/catch.hpp>
#include <set>

namespace ddpsim {
namespace {

// A controller without queues, whose failure shows in CSTS.
struct KeepAliveBench {
  explicit KeepAliveBench(TargetKind kind) : config(TargetConfig::Of(kind)) {}

  // Lets timers run until `limit`.
  void Run(SimTime limit) {
    SimTime at;
    while (Wakeable* const who = calendar.PopDue(limit, &at)) who->OnDeadline(at);
  }
  bool failed() const { return (controller.csts() & 2) != 0; }

  TargetConfig config;
  Calendar calendar;
  TargetController controller{1, &config, &calendar};
};

TEST_CASE("target_controller: a host that is silent for KATO is given up") {
  KeepAliveBench b(TargetKind::kNvmet);
  b.controller.StartKeepAlive(5'000, SimTime::Zero());
  b.Run(SimTime::Ms(4'990));
  CHECK_FALSE(b.failed());
  b.Run(SimTime::Ms(5'300));
  CHECK(b.failed());
}

TEST_CASE("target_controller: for nvmet any command puts the end off by another KATO, once") {
  KeepAliveBench b(TargetKind::kNvmet);
  b.controller.StartKeepAlive(5'000, SimTime::Zero());
  b.Run(SimTime::Sec(1));
  b.controller.OnCommand();
  b.Run(SimTime::Ms(9'990));
  CHECK_FALSE(b.failed());
  b.Run(SimTime::Ms(10'600));
  CHECK(b.failed());
}

TEST_CASE("target_controller: SPDK counts keep-alives alone, and KATO in steps of ten seconds") {
  KeepAliveBench b(TargetKind::kSpdk);
  b.controller.StartKeepAlive(5'000, SimTime::Zero());
  b.Run(SimTime::Ms(9'000));
  b.controller.OnCommand();
  CHECK_FALSE(b.failed());
  b.Run(SimTime::Ms(10'600));
  CHECK(b.failed());
}

TEST_CASE("target_controller: a keep-alive begins KATO anew") {
  KeepAliveBench b(TargetKind::kNvmet);
  b.controller.StartKeepAlive(5'000, SimTime::Zero());
  b.Run(SimTime::Sec(4));
  b.controller.RestartKeepAlive(SimTime::Sec(4));
  b.Run(SimTime::Ms(8'990));
  CHECK_FALSE(b.failed());
  b.Run(SimTime::Ms(9'600));
  CHECK(b.failed());
}

// nvmet_update_cc() starts the controller only where EN goes from 0 to 1.
TEST_CASE("target_controller: only a CC write that enables is told as such, and once") {
  KeepAliveBench b(TargetKind::kNvmet);
  constexpr uint32_t kEnable = 1, kShutdown = 1 << 14;
  b.controller.WriteCc(0);
  CHECK_FALSE(b.controller.TakeEnabled());
  b.controller.WriteCc(kEnable);
  CHECK(b.controller.TakeEnabled());
  CHECK_FALSE(b.controller.TakeEnabled());
  b.controller.WriteCc(kEnable | kShutdown);
  CHECK_FALSE(b.controller.TakeEnabled());
  // Both at once, of a controller that is disabled: nvmet_start_ctrl() comes first.
  b.controller.WriteCc(kEnable | kShutdown);
  CHECK(b.controller.TakeEnabled());
}

TEST_CASE("target_controller: KATO 0 is no keep-alive, and its restart neither") {
  KeepAliveBench b(TargetKind::kNvmet);
  b.controller.StartKeepAlive(0, SimTime::Zero());
  b.controller.RestartKeepAlive(SimTime::Zero());
  b.Run(SimTime::Sec(1'000));
  CHECK_FALSE(b.failed());
}

TEST_CASE("target_controller: traffic-based keep-alive is nvmet's, and its KAS is a second") {
  for (const TargetKind kind : {TargetKind::kNvmet, TargetKind::kSpdk}) {
    KeepAliveBench b(kind);
    IdentifyControllerData data;
    b.controller.FillIdentify(&data);
    CHECK(((data.ctratt & 0x40) != 0) == (kind == TargetKind::kNvmet));
    CHECK(data.kas == (kind == TargetKind::kNvmet ? 10 : 100));
  }
}

TEST_CASE("target_controller: ids go round and leave out 0 and FFFFh, which asks for any") {
  TargetConfig config;
  Calendar calendar;
  TargetSubsystem subsystem(&config, &calendar);
  std::set<uint16_t> ids;
  for (int i = 0; i < 70'000; ++i) {
    const uint16_t id = subsystem.Create()->cntlid();
    REQUIRE((id != 0 && id != 0xffff));
    ids.insert(id);
    subsystem.Destroy(id);
  }
  CHECK(ids.size() == 65534);
}

}  // namespace
}  // namespace ddpsim

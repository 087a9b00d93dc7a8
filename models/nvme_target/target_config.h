// What the storage target is told: its habits, its disk, the pace of its worker, its TCP and its
// place in the network. The worker's times are guesses, of the order of what nvmet's io_work takes
// on a server core of 2 GHz and more, and small enough that the target is not the bottleneck at
// 100 Gb/s; CRC and copies of the target cost nothing.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_CONFIG_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_CONFIG_H_

#include <cstdint>

#include "ddpsim/base/fields.h"
#include "ddpsim/wire/ip.h"
#include "models/nvme_target/service_latency.h"
#include "models/nvme_target/target_habits.h"
#include "models/tcp/config.h"

namespace ddpsim {

// io_work, per operation.
struct WorkerPace {
  int64_t wakeup_ns = 1000;  // guess: from queue_work_on() to the first instruction of io_work
  int64_t recv_ns = 500;     // guess: one command or data PDU received, its bio submitted
  int64_t send_ns = 500;     // guess: one PDU built and sent, data not counted
  int64_t page_ns = 50;      // guess: one kernel_sendpage() of data

  template <class V>
  void Describe(V& v) {
    constexpr Range<int64_t> kRange{0, 1'000'000};
    v.Integer("wakeup_ns", wakeup_ns, kRange, "ns", "work queued to work begun");
    v.Integer("recv_ns", recv_ns, kRange, "ns", "a PDU received and its command started");
    v.Integer("send_ns", send_ns, kRange, "ns", "a PDU sent, data not counted");
    v.Integer("page_ns", page_ns, kRange, "ns", "a page of data handed to TCP");
  }
};

struct TargetConfig {
  TargetKind kind = TargetKind::kNvmet;
  LatencyConfig latency;
  int64_t c2h_chunk = 0;
  int64_t in_capsule_data = 16 << 10;
  int64_t maxh2cdata = 4 << 20;
  int64_t mdts = 0;
  int64_t namespace_size = int64_t{1} << 30;
  int64_t max_queues = 128;     // NVMET_NR_QUEUES
  int64_t tx_latency_ns = 200;  // guess, as the host NIC's: segment handed over to first bit out
  WorkerPace pace;
  TcpConfig tcp;

  // Not settings of a scenario.
  uint64_t seed = 1;
  MacAddress mac = {0x02, 0, 0, 0, 0, 0x01};
  Ipv4Address ip = 0x0a090001;  // 10.9.0.1
  uint16_t port = 4420;         // IANA: nvme

  // The defaults of `kind`.
  static TargetConfig Of(TargetKind kind) {
    const TargetHabits& habits = HabitsOf(kind);
    TargetConfig config;
    config.kind = kind;
    config.in_capsule_data = habits.in_capsule_data;
    config.maxh2cdata = habits.maxh2cdata;
    config.mdts = habits.mdts;
    return config;
  }

  template <class V>
  void Describe(V& v) {
    v.Enum("kind", kind, absl::Span<const EnumName<TargetKind>>(kTargetKindNames), "whose habits");
    v.Group("latency", latency, "service time of a command");
    v.Bytes("c2h_chunk", c2h_chunk, Range<int64_t>{0, int64_t{1} << 30},
            "largest C2HData PDU; 0: one for the whole read");
    v.Bytes("in_capsule_data", in_capsule_data, Range<int64_t>{0, 1 << 20},
            "largest write in the capsule");
    v.Bytes("maxh2cdata", maxh2cdata, Range<int64_t>{4096, int64_t{1} << 30},
            "largest H2CData PDU");
    v.Bytes("mdts", mdts, Range<int64_t>{0, int64_t{1} << 30}, "largest command; 0: no limit");
    v.Bytes("namespace_size", namespace_size, Range<int64_t>{512, int64_t{1} << 44},
            "size of namespace 1");
    v.Integer("max_queues", max_queues, Range<int64_t>{1, 65535}, "queues", "attr_qid_max");
    v.Integer("tx_latency_ns", tx_latency_ns, Range<int64_t>{0, 1'000'000}, "ns",
              "segment handed to the NIC to first bit out");
    v.Group("pace", pace, "times of the target's worker");
    v.Group("tcp", tcp, "the target's TCP");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_CONFIG_H_

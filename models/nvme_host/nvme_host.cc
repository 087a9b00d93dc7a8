#include "models/nvme_host/nvme_host.h"

#include "absl/strings/str_cat.h"
#include "ddpsim/base/check.h"

namespace ddpsim {

NvmeHost::NvmeHost(const NvmeHostConfig& config, const HostBoxes& boxes)
    : boxes_(boxes), controller_(config, boxes) {}

void NvmeHost::Start(SimTime now) { controller_.Start(now); }

absl::Status NvmeHost::StartLoad(const LoadConfig& config, const Content& content,
                                 WindowObserver* observer, SimTime now) {
  SIM_CHECK(ready());
  const BlockLimits& limits = controller_.limits();
  if (config.bs == 0 || config.bs % limits.logical_block != 0) {
    return absl::InvalidArgumentError(absl::StrCat("bs ", config.bs,
                                                   " is no multiple of the namespace's block of ",
                                                   limits.logical_block, " bytes"));
  }
  if (config.size > limits.capacity || config.size < config.bs) {
    return absl::InvalidArgumentError(absl::StrCat("size ", config.size, " is not between bs ",
                                                   config.bs, " and the namespace's ",
                                                   limits.capacity, " bytes"));
  }
  std::vector<BlockQueue*> queues;
  while (block_queues_.size() < controller_.io_queues()) {
    HostQueue& queue = controller_.io_queue(static_cast<uint32_t>(block_queues_.size()));
    block_queues_.push_back(std::make_unique<BlockQueue>(&queue, &limits));
  }
  for (const auto& queue : block_queues_) queues.push_back(queue.get());
  load_ =
      std::make_unique<Load>(config, content, boxes_.memory, boxes_.scheduler, queues, observer);
  load_->Start(now);
  return absl::OkStatus();
}

HostQueueStats NvmeHost::IoStats() {
  HostQueueStats sum;
  for (uint32_t i = 0; i < block_queues_.size(); ++i) sum += controller_.io_queue(i).stats();
  return sum;
}

}  // namespace ddpsim

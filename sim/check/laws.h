// All laws of a run behind the observers' doors, and the verdict: pass when every law looked at
// something and found nothing.
#ifndef DDPSIM_SIM_CHECK_LAWS_H_
#define DDPSIM_SIM_CHECK_LAWS_H_

#include <vector>

#include "sim/check/conservation_law.h"
#include "sim/check/defect_finder.h"
#include "sim/check/delivery_law.h"
#include "sim/check/digest_law.h"
#include "sim/check/dma_mapping_law.h"
#include "sim/check/efficiency_law.h"
#include "sim/check/goodput_law.h"
#include "sim/check/io_completion_law.h"
#include "sim/check/liveness_law.h"
#include "sim/check/ownership_law.h"
#include "sim/check/placement_law.h"
#include "sim/check/resumption_law.h"
#include "sim/check/run_completes_law.h"
#include "sim/check/storage_law.h"
#include "sim/check/stream_law.h"
#include "sim/check/transparency_law.h"
#include "sim/check/write_order_law.h"

namespace ddpsim {

struct Laws {
  explicit Laws(const HostMemory* memory)
      : digest(memory, &defects), placement(&ownership), finder(&defects) {}

  KnownDefects defects;

  IoCompletionLaw completion;
  DmaMappingLaw mapping;
  DigestLaw digest;
  WriteOrderLaw order;
  TransparencyLaw transparency;
  StreamLaw stream;
  ConservationLaw conservation;
  DeliveryLaw delivery;
  StorageLaw storage;
  ResumptionLaw resumption;
  LivenessLaw liveness;
  EfficiencyLaw efficiency;
  OwnershipLaw ownership;
  PlacementLaw placement;
  RunCompletesLaw run_completes;
  DefectFinder finder;
  // Looks at a window that was closed: there may be none.
  GoodputLaw goodput;
  // Packets of an offloaded queue came: else these three have nothing to look at.
  bool offload = false;
  // The NIC placed something: else `placement` and `ownership` have nothing to look at.
  bool placed = false;
  // C2HData came with digests that were judged: else the digest law has nothing to look at.
  bool digests = true;
  // The measured window was closed: else `goodput` has nothing to look at.
  bool measured = false;
  // Writes reached the disk: else `storage` has nothing to look at.
  bool writes = false;

  // Bytes that were compared at either end. None is a failure, whatever else a law looked at.
  uint64_t bytes_checked() const { return delivery.bytes_checked() + storage.bytes_checked(); }
  uint64_t wrong_bytes() const { return delivery.wrong_bytes() + storage.wrong_bytes(); }
  // Those that have something to look at in this run, and those that were broken.
  std::vector<const Law*> All() const;
  bool Pass() const;
  // A violation of nic_transparent since there were so many is a known defect's if the skb was
  // rebuilt from wrong pages.
  void ExplainWrongPages(const Skb& skb, uint64_t violations_before);
  // Whose bytes a frame's placement holds; called after `efficiency` has seen the frame, and
  // `mapping` its writes.
  void JudgePlacement(uint16_t port, const RxVerdict& verdict, SimTime now);
  // Digests that were taken, or refused, wrongly; `port` of the host.
  void JudgeDigest(const PduAccepted& pdu, uint16_t port, SimTime now);
  // The law that was broken before all others, by what no known defect explains if any was; null if
  // none was.
  const Law* FirstBroken() const;

 private:
  std::vector<const Law*> Everyone() const;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_LAWS_H_

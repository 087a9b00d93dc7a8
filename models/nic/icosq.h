// Executes control WQEs of internal (ICO) send queues: UMR on KLM mkeys (map, invalidate), UMR on
// static parameters (configuration and resync answers), SET_PSV on progress parameters. Effects
// come at the end of the WQE's execution time, so a response that overtakes its UMR finds no
// mapping. Mirrors offload series v11: mlx5e_build_nvmeotcp_{umr,static_params,progress_params}().
// Left out: GET_PSV, fences (WQEs execute one after the other). Invariant: a WQE that names no
// object changes nothing.
#ifndef DDPSIM_NIC_ICOSQ_H_
#define DDPSIM_NIC_ICOSQ_H_

#include <vector>

#include "ddpsim/base/bytes.h"
#include "ddpsim/hw/nic_observer.h"
#include "ddpsim/hw/wqe.h"
#include "models/nic/nic_config.h"
#include "models/nic/nic_objects.h"
#include "models/nic/nic_stats.h"

namespace ddpsim {

class IcosqExecutor {
 public:
  IcosqExecutor(const NicConfig& config, NicObjects* objects, NicStats* stats)
      : config_(config), objects_(objects), stats_(stats) {}

  void set_observer(NicObserver* observer) { observer_ = observer; }
  // How long the WQE takes.
  SimTime Latency(ByteSpan wqe) const;
  // Its effect.
  void Execute(ByteSpan wqe);

 private:
  bool ExecuteUmr(const WqeCtrlSegment& ctrl, ByteSpan wqe);
  bool ExecuteMkeyUmr(const WqeCtrlSegment& ctrl, ByteSpan wqe);
  bool ExecuteStaticParams(const WqeCtrlSegment& ctrl, ByteSpan wqe);
  bool ExecuteProgressParams(const WqeCtrlSegment& ctrl, ByteSpan wqe);
  void TellMapping(const Mkey& mkey) const;

  NicConfig config_;
  NicObjects* objects_;
  NicStats* stats_;
  NicObserver* observer_ = nullptr;
  std::vector<Klm> klms_;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_ICOSQ_H_

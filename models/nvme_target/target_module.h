// The storage target as a module: frames in, frames out. Logic is TargetHost's.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_MODULE_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_MODULE_H_

#include <systemc>

#include "ddpsim/ports/frame_port.h"
#include "ddpsim/ports/island.h"
#include "models/nvme_target/target_host.h"

namespace ddpsim {

class TargetModule : public sc_core::sc_module,
                     public FrameReceiveIf,
                     public TxDepartedIf,
                     private EgressPort {
 public:
  // `content` and `observer` (may be null) outlive the module.
  TargetModule(sc_core::sc_module_name name, Island* island, const TargetConfig& config,
               const Content& content, FramePool* pool, TargetObserver* observer = nullptr);

  sc_core::sc_export<FrameReceiveIf> rx;
  sc_core::sc_export<TxDepartedIf> tx_departed;
  sc_core::sc_port<FrameSendIf> tx;

  void Receive(FramePtr frame) override { host_.OnFrame(std::move(frame), island_->now()); }
  void TxDeparted(uint64_t token) override { host_.OnTxDeparted(token, island_->now()); }

  TargetHost& host() { return host_; }

 private:
  void Send(OutFrame frame) override { tx->Send(std::move(frame)); }

  Island* island_;
  TargetHost host_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_MODULE_H_

#include "models/nvme_target/target_module.h"

namespace ddpsim {

TargetModule::TargetModule(sc_core::sc_module_name name, Island* island, const TargetConfig& config,
                           const Content& content, FramePool* pool, TargetObserver* observer)
    : sc_module(name),
      rx("rx"),
      tx_departed("tx_departed"),
      tx("tx"),
      island_(island),
      host_(config, TargetBoxes{pool, &island->calendar(), this, &content, observer}) {
  rx.bind(*this);
  tx_departed.bind(*this);
}

}  // namespace ddpsim

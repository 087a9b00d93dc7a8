// A SystemC kernel of one's own: swaps in a new simulation context for the life of the object, so
// that one process can elaborate and run several systems one after another (each compared mode,
// each test). Without it the second elaboration dies with E529. REQUIRES: every module and socket
// of the run is destroyed before the object; not nested.
#ifndef DDPSIM_PORTS_FRESH_KERNEL_H_
#define DDPSIM_PORTS_FRESH_KERNEL_H_

#include <systemc>

namespace ddpsim {

class FreshKernel {
 public:
  FreshKernel()
      : saved_current_(sc_core::sc_curr_simcontext),
        saved_default_(sc_core::sc_default_global_context) {
    context_ = new sc_core::sc_simcontext;
    sc_core::sc_curr_simcontext = context_;
    sc_core::sc_default_global_context = context_;
  }
  FreshKernel(const FreshKernel&) = delete;
  FreshKernel& operator=(const FreshKernel&) = delete;
  ~FreshKernel() {
    sc_core::sc_curr_simcontext = saved_current_;
    sc_core::sc_default_global_context = saved_default_;
    delete context_;
  }

 private:
  sc_core::sc_simcontext* saved_current_;
  sc_core::sc_simcontext* saved_default_;
  sc_core::sc_simcontext* context_;
};

}  // namespace ddpsim

#endif  // DDPSIM_PORTS_FRESH_KERNEL_H_

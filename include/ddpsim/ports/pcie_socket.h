// PCIe over TLM-2.0: plain generic payloads, loosely timed (b_transport never waits; `delay`
// carries local time). One ignorable extension marks a posted write as a message: a CQE or MSI-X,
// which lands exactly at its time (see hw/bus_master.h).
#ifndef DDPSIM_PORTS_PCIE_SOCKET_H_
#define DDPSIM_PORTS_PCIE_SOCKET_H_

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <systemc>
#include <tlm>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/ids.h"

namespace ddpsim {

class PostedMessage : public tlm::tlm_extension<PostedMessage> {
 public:
  tlm::tlm_extension_base* clone() const override { return new PostedMessage; }
  void copy_from(const tlm::tlm_extension_base&) override {}
};

inline void FillTransaction(tlm::tlm_generic_payload* trans, tlm::tlm_command command,
                            PhysAddr addr, uint8_t* data, uint32_t length) {
  trans->set_command(command);
  trans->set_address(addr);
  trans->set_data_ptr(data);
  trans->set_data_length(length);
  trans->set_streaming_width(length);
  trans->set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
}

}  // namespace ddpsim

#endif  // DDPSIM_PORTS_PCIE_SOCKET_H_

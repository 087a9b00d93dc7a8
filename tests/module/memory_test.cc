// Host memory's SystemC shell.
#include <catch2/catch.hpp>
#include <vector>

#include "ddpsim/ports/fresh_kernel.h"
#include "models/mem/memory_module.h"

namespace ddpsim {
namespace {

class Source : public sc_core::sc_module {
 public:
  explicit Source(sc_core::sc_module_name name) : sc_module(name), out("out") {}
  tlm_utils::simple_initiator_socket<Source> out;

  // IEEE 1666-2011, 14.17: a target says whether it did what it was asked.
  void Transport(tlm::tlm_command command, uint64_t addr, std::vector<uint8_t>* bytes) {
    tlm::tlm_generic_payload trans;
    FillTransaction(&trans, command, addr, bytes->data(), static_cast<uint32_t>(bytes->size()));
    sc_core::sc_time delay;
    out->b_transport(trans, delay);
    CHECK(trans.get_response_status() == tlm::TLM_OK_RESPONSE);
  }
};

TEST_CASE("memory gives back what was written and answers both") {
  FreshKernel kernel;
  Island island{"island"};
  HostMemory memory(1 << 20);
  Llc llc(LlcConfig(), HostMemory::kBase, Rng(1, "llc"));
  DmaObserver observer;
  MemoryModule module("memory", &memory, &llc, &observer);
  Source source("source");
  source.out.bind(module.bus);
  const PhysAddr addr = memory.Allocate(4096);
  std::vector<uint8_t> bytes = {1, 2, 3, 4}, back(4);
  source.Transport(tlm::TLM_WRITE_COMMAND, addr, &bytes);
  source.Transport(tlm::TLM_READ_COMMAND, addr, &back);
  CHECK(back == bytes);
  CHECK(llc.Probe(addr, 4).hits == 1);  // DDIO
}

}  // namespace
}  // namespace ddpsim

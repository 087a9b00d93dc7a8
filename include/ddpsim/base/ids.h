// Names for the integers that travel between boxes.
#ifndef DDPSIM_BASE_IDS_H_
#define DDPSIM_BASE_IDS_H_

#include <cstdint>

namespace ddpsim {

using PhysAddr = uint64_t;  // host physical (bus) address
// NVMe command identifier: generation in bits 15:12, tag in 11:0 (Linux 6.1 nvme.h)
using Cid = uint16_t;
using Ccid = uint16_t;     // the command identifier as the NIC sees it, index of its buffer table
using FlowTag = uint32_t;  // 24 bits, reported in the CQE
using CoreId = uint32_t;

}  // namespace ddpsim

#endif  // DDPSIM_BASE_IDS_H_

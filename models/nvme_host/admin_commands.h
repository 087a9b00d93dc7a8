// The SQEs of a controller's life as Linux 6.1 fills them (nvme_setup_cmd(), fabrics.c, core.c).
// CIDs and SGLs are the send path's business. Left out: authentication, ANA, event logs.
#ifndef DDPSIM_MODELS_NVME_HOST_ADMIN_COMMANDS_H_
#define DDPSIM_MODELS_NVME_HOST_ADMIN_COMMANDS_H_

#include <cstdint>

#include "ddpsim/wire/nvme.h"
#include "ddpsim/wire/nvme_identify.h"

namespace ddpsim {

// CAP and CC fields (NVM Express Base 2.0c figures 36 and 46).
inline constexpr uint64_t kNvmeCapCsi = uint64_t{1}
                                        << 43;        // CAP.CSS bit 6: one or more I/O command sets
inline constexpr uint32_t kNvmeCcSizes = 0x00460000;  // IOCQES 4, IOSQES 6
inline constexpr uint32_t kNvmeCcAllCommandSets = 0x00000060;  // CSS 6
inline constexpr uint32_t kNvmeCcEnable = 0x00000001;
inline constexpr uint32_t kNvmeCcShutdown = 0x00004000;  // SHN normal
inline constexpr uint32_t kNvmeCstsReady = 0x1;
inline constexpr uint32_t kNvmeCtrattTrafficKeepAlive = 0x40;  // NVME_CTRL_ATTR_TBKAS
inline constexpr uint32_t kNvmeCstsShutdownMask = 0xc;
inline constexpr uint32_t kNvmeCstsShutdownDone = 0x8;

NvmeSqe ConnectCommand(uint16_t qid, uint16_t sqsize, uint32_t kato_ms, bool disable_sqflow);
FabricsConnectData ConnectData(uint16_t cntlid);
NvmeSqe PropertyGetCommand(uint32_t offset, bool eight_bytes);
NvmeSqe PropertySetCommand(uint32_t offset, uint64_t value);
NvmeSqe IdentifyCommand(uint8_t cns, uint32_t nsid);
NvmeSqe SetQueuesCommand(uint32_t queues);
NvmeSqe KeepAliveCommand();

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_ADMIN_COMMANDS_H_

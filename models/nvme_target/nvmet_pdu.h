// How nvmet-tcp reads PDU headers (Linux 6.1 nvmet_tcp_try_recv_pdu(), nvmet_tcp_check_ddgst(),
// nvmet_tcp_handle_h2c_data_pdu()): less than the specification has. PDO is never looked at, data
// begins behind the header; a capsule's PLEN is not either, its data is what the command's SGL
// says; digest flags must be there where digests were agreed, and are not missed where they were
// not.
#ifndef DDPSIM_MODELS_NVME_TARGET_NVMET_PDU_H_
#define DDPSIM_MODELS_NVME_TARGET_NVMET_PDU_H_

#include "ddpsim/wire/nvme_tcp_pdu.h"

namespace ddpsim {

// When the common header is there. REQUIRES: a type that a host may send.
PduError CheckNvmetHlen(const PduCommonHeader& ch);
// When the whole header is, the first before its digest is looked at, the second after.
PduError CheckNvmetHdgstFlag(const PduCommonHeader& ch, const PduFraming& framing);
PduError CheckNvmetDdgstFlag(const PduCommonHeader& ch, const PduFraming& framing);
// DATAL against PLEN.
PduError ParseNvmetH2CData(ByteSpan header, const PduFraming& framing, H2CDataRepr* repr);
NvmeSqe SqeOfCapsule(ByteSpan header);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_NVMET_PDU_H_

#include "models/nvme_host/admin_commands.h"

#include <cstring>

namespace ddpsim {

NvmeSqe ConnectCommand(uint16_t qid, uint16_t sqsize, uint32_t kato_ms, bool disable_sqflow) {
  FabricsConnectSqe connect;
  connect.qid = qid;
  connect.sqsize = sqsize;
  connect.cattr = disable_sqflow ? kConnectDisableSqFlow : 0;
  connect.kato = qid == 0 ? kato_ms : 0;
  return ToSqe(connect);
}

FabricsConnectData ConnectData(uint16_t cntlid) {
  FabricsConnectData data;
  for (size_t i = 0; i < sizeof(data.hostid); ++i) data.hostid[i] = static_cast<uint8_t>(i + 1);
  data.cntlid = cntlid;
  std::strcpy(data.subnqn, "nqn.2026-01.org.ddpsim:target");
  std::strcpy(data.hostnqn, "nqn.2014-08.org.nvmexpress:uuid:01020304-0506-0708-090a-0b0c0d0e0f10");
  return data;
}

NvmeSqe PropertyGetCommand(uint32_t offset, bool eight_bytes) {
  FabricsPropertySqe property;
  property.fctype = kFabricsPropertyGet;
  property.attrib = eight_bytes ? 1 : 0;
  property.offset = offset;
  return ToSqe(property);
}

NvmeSqe PropertySetCommand(uint32_t offset, uint64_t value) {
  FabricsPropertySqe property;
  property.fctype = kFabricsPropertySet;
  property.offset = offset;
  property.value = value;
  return ToSqe(property);
}

NvmeSqe IdentifyCommand(uint8_t cns, uint32_t nsid) {
  NvmeIdentifySqe identify;
  identify.cns = cns;
  identify.nsid = nsid;
  return ToSqe(identify);
}

NvmeSqe SetQueuesCommand(uint32_t queues) {
  NvmeFeaturesSqe features;
  features.fid = kFeatureNumberOfQueues;
  features.dword11 = (queues - 1) | (queues - 1) << 16;
  return ToSqe(features);
}

NvmeSqe KeepAliveCommand() {
  NvmeSqe sqe;
  sqe.opcode = kNvmeAdminKeepAlive;
  return sqe;
}

}  // namespace ddpsim

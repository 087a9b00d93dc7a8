// The objects that commands create and the data path uses.
// Invariant: an object that another one refers to is not destroyed before it (CommandInterface
// refuses).
#ifndef DDPSIM_NIC_NIC_OBJECTS_H_
#define DDPSIM_NIC_NIC_OBJECTS_H_

#include "models/nic/ccid_table.h"
#include "models/nic/completion_queue.h"
#include "models/nic/flow_table.h"
#include "models/nic/object_table.h"
#include "models/nic/receive_ring.h"
#include "models/nic/rss.h"
#include "models/nic/send_ring.h"
#include "models/nic/transport.h"

namespace ddpsim {

struct NicObjects {
  ObjectTable<CompletionQueue> cqs;
  ObjectTable<ReceiveRing> rqs;
  ObjectTable<SendRing> sqs;
  ObjectTable<TagBufferTable> tag_tables;
  ObjectTable<Mkey> mkeys;
  ObjectTable<Transport> tirs;
  FlowTable flows;
  RssTable rss;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_NIC_OBJECTS_H_

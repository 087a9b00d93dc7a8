// Firmware commands: the control path by which a driver creates queues and steering. Mirrors the
// mlx5 command interface (CREATE_CQ, MODIFY_CQ, CREATE_RQ, CREATE_SQ, CREATE_GENERAL_OBJECT tag
// buffer table, CREATE_TIR, SET_FLOW_TABLE_ENTRY): the driver fills a mailbox in host memory and
// rings; the firmware writes status and object number back into it. Left out: mailboxes chained in
// blocks, tokens, signatures, command pages; the firmware answers within the doorbell write, whose
// delay carries its execution time.
#ifndef DDPSIM_HW_COMMAND_H_
#define DDPSIM_HW_COMMAND_H_

#include <cstdint>

#include "ddpsim/base/ids.h"

namespace ddpsim {

enum class CommandOpcode : uint32_t {
  kCreateCq = 0x400,
  kModifyCq = 0x403,
  kCreateSq = 0x904,
  kCreateRq = 0x908,
  kCreateTagBufferTable = 0xa00,
  kDestroyTagBufferTable = 0xa03,
  kCreateMkey = 0x200,
  kCreateTir = 0x900,
  kDestroyTir = 0x902,
  kDestroySq = 0x906,
  kDestroyCq = 0x401,
  kSetFlowRule = 0x936,
  kDeleteFlowRule = 0x938,
  kSetRssTable = 0x917,
};

enum class CommandStatus : uint32_t {
  kOk = 0,
  kNoResources = 0xf,
  kBadParameter = 0x3,
  kBadObject = 0x5
};

struct CreateCqIn {
  PhysAddr ring;
  uint32_t log_entries;
  uint32_t cqe_bytes;  // 64 or 128
  uint32_t msix_vector;
  uint32_t moderation_usecs;
  uint32_t moderation_frames;
};
struct ModifyCqIn {
  uint32_t cqn;
  uint32_t moderation_usecs;
  uint32_t moderation_frames;
};
struct CreateRqIn {
  PhysAddr ring;  // of WqeDataSegment, one per WQE
  uint32_t log_entries;
  uint32_t cqn;
};
struct CreateSqIn {
  PhysAddr ring;  // of WQEBBs
  uint32_t log_wqebbs;
  uint32_t cqn;
  uint32_t is_icosq;  // executes UMR and SET_PSV besides NOP and SEND
};
struct CreateTagBufferTableIn {
  uint32_t log_entries;
};
struct CreateMkeyIn {
  uint32_t max_klms;
  uint32_t tag_buffer_table;
  uint32_t ccid;  // the table entry that points to this mkey
};
struct CreateTirIn {
  uint32_t rqn;
  uint32_t nvmeotcp_zero_copy_en;
  uint32_t nvmeotcp_crc_en;
  uint32_t tag_buffer_table;
};
struct FlowRuleIn {
  uint32_t source_ip, destination_ip;  // as seen in received packets, host byte order
  uint16_t source_port, destination_port;
  uint32_t tirn;
  uint32_t flow_tag;
};
struct SetRssTableIn {
  uint32_t count;
  uint32_t rqn[64];
};
struct DestroyIn {
  uint32_t object;
};

struct CommandMailbox {
  CommandOpcode opcode;
  CommandStatus status;  // written by the NIC
  uint32_t object;       // number of the created object, written by the NIC
  uint32_t rsvd;
  union {
    CreateCqIn create_cq;
    ModifyCqIn modify_cq;
    CreateRqIn create_rq;
    CreateSqIn create_sq;
    CreateTagBufferTableIn create_tag_buffer_table;
    CreateMkeyIn create_mkey;
    CreateTirIn create_tir;
    FlowRuleIn flow_rule;
    SetRssTableIn set_rss_table;
    DestroyIn destroy;
  };
};

}  // namespace ddpsim

#endif  // DDPSIM_HW_COMMAND_H_

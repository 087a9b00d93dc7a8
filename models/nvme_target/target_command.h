// One command in the target's hands (struct nvmet_tcp_cmd with its nvmet_req): what was asked, how
// far its data has come, where its answer stands. CommandList and CommandPool are nvmet's list_head
// and free_list. Invariants: a command is on at most one list; `tag` is its place in the pool and
// the TTAG of its R2T.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_COMMAND_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_COMMAND_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "ddpsim/base/payload.h"
#include "ddpsim/wire/nvme.h"
#include "models/nvme_target/data_buffer.h"

namespace ddpsim {

// enum nvmet_tcp_send_state
enum class SendStep : uint8_t { kDataHeader, kData, kDataDigest, kR2T, kResponse };

struct TargetCommand {
  uint16_t tag = 0;
  NvmeSqe sqe;
  NvmeCqe cqe;
  uint64_t device_offset = 0;
  uint32_t transfer_len = 0;
  RefPtr<DataBuffer>
      data;  // of reads and of admin commands; data of NVM writes is judged on arrival

  uint32_t received = 0;     // bytes of data in, over all PDUs (rbytes_done)
  uint32_t taken = 0;        // of them, compared or kept
  uint32_t wrong = 0;        // and not what the content says for their place
  uint64_t first_wrong = 0;  // on the disk
  bool write = false;        // data goes from host to controller
  bool keeps_data = false;   // data in goes to `data`
  bool init_failed = false;  // NVMET_TCP_F_INIT_FAILED: its data is drained, then it is answered
  bool r2t_sent = false;     // NVMET_TCP_F_R2T_SENT
  uint32_t r2t_offset = 0;   // what the last R2T asks for
  uint32_t r2t_length = 0;
  bool executed = false;
  // The PDU being received.
  uint32_t pdu_offset = 0;  // DATAO
  uint32_t pdu_taken = 0;
  uint32_t pdu_wrong = 0;
  uint64_t pdu_first_wrong = 0;

  SendStep step = SendStep::kResponse;
  uint32_t sent = 0;      // bytes of data out (wbytes_done)
  uint32_t pdu_send = 0;  // `sent` at the start of the C2HData being sent
  uint32_t pdu_last = 0;  // and at its end
  Payload piece;          // what is left of the header or digest being sent

  TargetCommand* next = nullptr;

  bool NeedsDataIn() const { return write && received < transfer_len && cqe.status() == 0; }
  bool NeedsDataOut() const { return data && !write && transfer_len > 0 && cqe.status() == 0; }
  // A write of the NVM command set whose data is not on the disk.
  bool PendingWrite() const { return write && !keeps_data && transfer_len > 0 && !executed; }
  void Reset() {
    const uint16_t keep = tag;
    *this = TargetCommand();
    tag = keep;
  }
};

// First in, first out.
class CommandList {
 public:
  bool empty() const { return head_ == nullptr; }
  void PushBack(TargetCommand* command) {
    command->next = nullptr;
    (head_ == nullptr ? head_ : tail_->next) = command;
    tail_ = command;
  }
  TargetCommand* PopFront() {
    TargetCommand* command = head_;
    if (command == nullptr) return nullptr;
    head_ = command->next;
    command->next = nullptr;
    return command;
  }
  void Clear() { *this = CommandList(); }

 private:
  TargetCommand* head_ = nullptr;
  TargetCommand* tail_ = nullptr;
};

// The commands of one queue: one for Connect, and twice the queue's size from then on
// (nvmet_tcp_install_queue()), handed out in turn. Each is made when its turn comes first: most
// queues of a large host never use them all.
class CommandPool {
 public:
  static constexpr uint16_t kConnectTag = 0xffff;

  CommandPool() { connect_.tag = kConnectTag; }
  void Install(uint32_t queue_size) { count_ = 2 * queue_size; }
  // Null: all are in use.
  TargetCommand* Get() {
    if (count_ == 0) return connect_busy_ ? nullptr : TakeConnect();
    return commands_.size() < count_ ? Make() : free_.PopFront();
  }
  void Put(TargetCommand* command) {
    command->Reset();
    if (command == &connect_) {
      connect_busy_ = false;
    } else {
      free_.PushBack(command);
    }
  }
  // The command of an R2T's TTAG, or null.
  TargetCommand* Find(uint16_t tag) {
    if (count_ == 0) return tag == kConnectTag ? &connect_ : nullptr;
    return tag < commands_.size() ? commands_[tag].get() : nullptr;
  }
  // Commands in use whose data has not reached the disk.
  uint32_t PendingWrites() const {
    uint32_t count = 0;
    for (const auto& command : commands_) count += command->PendingWrite() ? 1 : 0;
    return count;
  }
  // Lets go of all buffers. REQUIRES: nobody uses a command any more.
  void Abandon() {
    connect_.Reset();
    for (const auto& command : commands_) command->Reset();
    free_.Clear();
  }

 private:
  TargetCommand* Make() {
    commands_.push_back(std::make_unique<TargetCommand>());
    commands_.back()->tag = static_cast<uint16_t>(commands_.size() - 1);
    return commands_.back().get();
  }
  TargetCommand* TakeConnect() {
    connect_busy_ = true;
    return &connect_;
  }

  TargetCommand connect_;
  bool connect_busy_ = false;
  uint32_t count_ = 0;
  std::vector<std::unique_ptr<TargetCommand>> commands_;  // by tag
  CommandList free_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_COMMAND_H_

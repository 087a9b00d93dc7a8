// Writes what the host's NIC sends and receives to a capture file, in order of time. pcapng keeps a
// comment per packet: what the offload did with it.
#ifndef DDPSIM_SIM_TAP_CAPTURE_TAP_H_
#define DDPSIM_SIM_TAP_CAPTURE_TAP_H_

#include <deque>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "ddpsim/base/pcap_writer.h"
#include "ddpsim/hw/nic_observer.h"
#include "ddpsim/wire/frame.h"

namespace ddpsim {

// What the offload did with a packet, in words: "offloading, placed 1448 bytes of ccid 5 at ccoff
// 0".
std::string VerdictComment(const RxVerdict& verdict);

class CaptureTap {
 public:
  static absl::StatusOr<std::unique_ptr<CaptureTap>> Open(const std::string& path);

  // The NIC has the frame ready to leave at `ready`, which may lie ahead.
  void OnSent(const FramePtr& frame, SimTime ready);
  void OnReceived(const FramePtr& frame, SimTime now);
  // Frames may wait in the NIC before it judges them; it does so in their order.
  void OnVerdict(const Frame& frame, const RxVerdict& verdict);
  void OnOutOfBuffer(const Frame& frame);
  absl::Status Close();

 private:
  explicit CaptureTap(std::unique_ptr<PcapWriter> writer, bool comments)
      : writer_(std::move(writer)), comments_(comments) {}
  struct Sent {
    FramePtr frame;
    SimTime at;
  };
  struct Received {
    FramePtr frame;
    SimTime at;
    std::string comment;
  };
  // Writes what was received up to and with `frame`.
  void Judge(const Frame& frame, std::string comment);
  void WriteFirstReceived();
  void FlushSentUntil(SimTime limit);

  std::unique_ptr<PcapWriter> writer_;
  bool comments_;
  std::deque<Sent> sent_;
  std::deque<Received> received_;  // not judged yet
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TAP_CAPTURE_TAP_H_

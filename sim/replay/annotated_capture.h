// The capture again, record by record as it was, with a comment on what the simulated NIC did with
// each packet, or why it did not see it. The file's link type is Ethernet: what lies below IP in
// other captures gives way to an Ethernet header without addresses. Invariant: records come out in
// their own order, although the NIC may judge one later than the next was read.
#ifndef DDPSIM_SIM_REPLAY_ANNOTATED_CAPTURE_H_
#define DDPSIM_SIM_REPLAY_ANNOTATED_CAPTURE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ddpsim/base/pcap_writer.h"
#include "models/capture/capture_reader.h"
#include "models/capture/captured_packet.h"

namespace ddpsim {

class AnnotatedCapture {
 public:
  static absl::StatusOr<std::unique_ptr<AnnotatedCapture>> Open(const std::string& path);

  // Appends a record that waits for a comment on each of `frames` frames.
  void Add(const CaptureRecord& record, const CapturedPacket& packet, CaptureDirection direction,
           std::string comment, const std::vector<uint64_t>& frames);
  // The comment on one of them.
  void OnFrame(uint64_t frame, const std::string& comment);
  absl::Status Close();

 private:
  explicit AnnotatedCapture(std::unique_ptr<PcapWriter> writer) : writer_(std::move(writer)) {}
  struct Pending {
    int64_t time_ns;
    uint32_t original_length;
    CaptureDirection direction;
    std::vector<uint8_t> bytes;
    std::string comment;
    std::vector<uint64_t> frames;
  };
  void Flush(bool all);

  std::unique_ptr<PcapWriter> writer_;
  std::deque<Pending> pending_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_ANNOTATED_CAPTURE_H_

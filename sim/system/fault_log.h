// Writes down which data packets the link's faults hit, and which resync answers went wrong,
// numbered as the lists of a scenario number them, so that random faults can be asked for again one
// by one. Left out: faults that hit packets without payload (no list names those), and bursts that
// are lost whole. Costs nothing unless switched on.
#ifndef DDPSIM_SIM_SYSTEM_FAULT_LOG_H_
#define DDPSIM_SIM_SYSTEM_FAULT_LOG_H_

#include <cstdint>
#include <vector>

#include "ddpsim/wire/frame.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {

struct LoggedFault {
  enum class Kind : uint8_t { kLoss, kReorder, kDuplicate, kCorrupt, kAnswerLost, kAnswerLate };
  bool c2h = true;
  Kind kind = Kind::kLoss;
  int64_t packet = 0;  // or answer

  friend bool operator==(const LoggedFault& a, const LoggedFault& b) {
    return a.c2h == b.c2h && a.kind == b.kind && a.packet == b.packet;
  }
};

class FaultLog {
 public:
  void Enable(std::vector<LoggedFault>* out) { out_ = out; }
  void OnFaultsBegin() { begun_ = true; }
  void OnFaultsOver() { begun_ = false; }
  // Before what happens to the frame.
  void OnOffered(bool c2h, const Frame& frame) {
    if (out_ == nullptr || !begun_) return;
    ParsedFrame parsed;
    Direction& direction = directions_[c2h ? 1 : 0];
    direction.is_data = ParseFrame(frame.bytes(), &parsed) && !parsed.payload.empty();
    direction.data_packets += direction.is_data ? 1 : 0;
  }
  // To the frame offered last.
  void OnFault(bool c2h, LoggedFault::Kind kind) {
    const Direction& direction = directions_[c2h ? 1 : 0];
    if (out_ == nullptr || !begun_ || !direction.is_data) return;
    const LoggedFault fault{c2h, kind, direction.data_packets};
    // Loss of a burst tells the same packet more than once.
    if (out_->empty() || !(out_->back() == fault)) out_->push_back(fault);
  }
  void OnAnswerFault(int64_t number, bool lost) {
    if (out_ == nullptr) return;
    out_->push_back(
        {true, lost ? LoggedFault::Kind::kAnswerLost : LoggedFault::Kind::kAnswerLate, number});
  }

 private:
  struct Direction {
    int64_t data_packets = 0;
    bool is_data = false;
  };
  std::vector<LoggedFault>* out_ = nullptr;
  bool begun_ = false;
  Direction directions_[2];
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_FAULT_LOG_H_

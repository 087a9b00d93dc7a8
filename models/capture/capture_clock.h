// A capture's time as it can be played. Records are played in the file's order; their times may
// jump: files merged or put one behind the other, clocks set, silences of days, damaged stamps.
// Invariants: what Take() returns never goes back; a silence counts kLongestSilence at most; times
// that belong to each other keep their distances, also when the times of two clocks alternate.
#ifndef DDPSIM_MODELS_CAPTURE_CAPTURE_CLOCK_H_
#define DDPSIM_MODELS_CAPTURE_CAPTURE_CLOCK_H_

#include <array>
#include <cstdint>

namespace ddpsim {

// Nothing happens in a longer silence but timers, and no timer of a storage host takes longer
// (ctrl_loss_tmo is 600 s).
inline constexpr int64_t kLongestSilence = int64_t{3600} * 1'000'000'000;

class CaptureClock {
 public:
  // Nanoseconds since the first record, for the next one. REQUIRES: |time_ns| <= kLatestNs.
  int64_t Take(int64_t time_ns);

  int64_t elapsed_ns() const { return elapsed_; }
  // Records with an earlier time than one before them.
  uint64_t late_records() const { return late_records_; }
  uint64_t records() const { return records_; }
  // Those with the very time of the one before them.
  uint64_t same_times() const { return same_times_; }
  // Times further back than records get out of order: another clock, or one that was set.
  uint64_t steps_back() const { return steps_back_; }
  uint64_t shortened_silences() const { return shortened_silences_; }

 private:
  // Records of one clock in which one follows the other.
  struct Track {
    int64_t newest = 0;
    int64_t elapsed = 0;  // at `newest`
    uint64_t used = 0;    // when it was last, 0: never
  };

  std::array<Track, 2> tracks_{};
  uint64_t records_ = 0;
  uint64_t same_times_ = 0;
  int64_t last_ = 0;
  int64_t newest_ = 0;
  int64_t elapsed_ = 0;
  uint64_t late_records_ = 0;
  uint64_t steps_back_ = 0;
  uint64_t shortened_silences_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_CAPTURE_CLOCK_H_

// TCP bytes in = bytes out: what an application writes at one end is what the application at the
// other end reads, and at an orderly end all of it. The bytes themselves are judged by the content
// checks; here, that none is lost, doubled or out of turn.
#ifndef DDPSIM_SIM_CHECK_STREAM_LAW_H_
#define DDPSIM_SIM_CHECK_STREAM_LAW_H_

#include <cstdint>

#include "ddpsim/base/seq_num.h"
#include "sim/check/law.h"
#include "sim/check/recent_map.h"

namespace ddpsim {

class StreamLaw : public Law {
 public:
  StreamLaw() : Law("tcp_bytes_in_bytes_out") {}

  // The host's ULP took `bytes` at `seq` from connection `connection`.
  void OnHostRead(uint32_t connection, SeqNum seq, uint32_t bytes, SimTime now);
  // The connection was replaced by a new one: its stream starts anew.
  void OnReconnect(uint32_t connection) { host_.Erase(connection); }
  // End of the run, per connection and direction: what one end wrote and the other end's ULP read.
  // `orderly`: both ends closed after all data, so that the two must be equal; else reading may
  // only lag.
  void OnEnd(uint32_t connection, const char* direction, uint64_t written, uint64_t read,
             bool orderly, SimTime now);

 private:
  struct Position {
    bool known = false;
    SeqNum next;
  };
  RecentMap<uint32_t, Position> host_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_STREAM_LAW_H_

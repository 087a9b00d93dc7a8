// One TCP endpoint whose peer is the test: injects segments and looks at what comes out, in numbers
// relative to the SYNs (first payload byte 1), as packetdrill does.
#ifndef DDPSIM_TESTS_UNIT_TCP_ENDPOINT_H_
#define DDPSIM_TESTS_UNIT_TCP_ENDPOINT_H_

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "models/tcp/connection.h"

namespace ddpsim {

class Endpoint {
 public:
  using Ranges = std::initializer_list<std::pair<uint32_t, uint32_t>>;

  // A passive open with a round trip of `rtt`; the peer offers SACK, timestamps if config does,
  // scale 8, `peer_mss`.
  explicit Endpoint(const TcpConfig& config, SimTime rtt = 10_ms, uint16_t peer_mss = 1460,
                    uint32_t window = 1 << 23);

  Connection& c() { return connection_; }
  SimTime now() const { return now_; }
  // Runs timers up to now + d.
  void Wait(SimTime d);

  // Data at `seq`; the peer acknowledges `ack`.
  void Data(uint32_t seq, uint32_t size, uint32_t ack = 1, uint8_t flags = kTcpAck);
  // The payload of the next injections lies in so many pieces.
  void SetFrags(uint32_t frags) { frags_ = frags; }
  // A pure ACK with SACK blocks and a scaled window.
  void Ack(uint32_t ack, Ranges sack = {}, uint32_t window = 1 << 20);
  // Timestamp values of the next injections; ecr 0: the last value we sent.
  void SetPeerTimestamps(uint32_t val, uint32_t ecr) {
    ts_val_ = val;
    ts_ecr_ = ecr;
  }
  uint32_t last_ts_val() const { return last_ts_val_; }
  uint32_t Write(uint32_t bytes, WriteFlags flags = {});
  void Read();

  // What was sent since the last call: "seq:end(len)" per wire segment, or "ack N" for a pure ACK,
  // with " sack a:b ..." added.
  std::vector<std::string> Sent();
  // The same in one line.
  std::string SentLine();
  // Hold TX completions back (the device is busy) / deliver them.
  void HoldCompletions() { hold_ = true; }
  void Complete();

 private:
  void Inject(TcpHeader tcp, uint32_t size, uint32_t gso = 0);
  void Collect();
  void Note(const TxSegment& segment);

  SkbPool pool_;
  Connection connection_;
  TcpActions actions_;
  SimTime now_;
  std::vector<std::string> sent_;
  std::vector<uint32_t> held_;
  bool hold_ = false;
  bool timestamps_;
  uint32_t ts_val_ = 1000;
  uint32_t ts_ecr_ = 0;
  uint32_t frags_ = 1;
  uint32_t last_ts_val_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_TCP_ENDPOINT_H_

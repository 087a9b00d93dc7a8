// Two TCP endpoints, back to back in virtual time: delay, programmable loss and reordering per
// direction, TSO cut into wire segments, immediate or delayed TX completions. Every byte carries
// its stream position, so the reader can compare.
#ifndef DDPSIM_TESTS_UNIT_TCP_LOOPBACK_H_
#define DDPSIM_TESTS_UNIT_TCP_LOOPBACK_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ddpsim/base/rng.h"
#include "models/tcp/connection.h"

namespace ddpsim {

// Payload for tests: `size` bytes that depend on the stream offset only.
Payload PatternPayload(uint64_t offset, uint32_t size);
uint8_t PatternByte(uint64_t offset);

// The counters of the sender agree with the marks on its queue, and the queue with the sequence
// numbers. Empty: all well.
std::string BrokenInvariant(const Connection& connection);

class Loopback {
 public:
  struct Wire {
    SimTime delay = 1_ms;
    double loss = 0;
    double reorder = 0;  // held back by `reorder_delay`
    SimTime reorder_delay = 2_ms;
    uint32_t truesize = 2304;                                   // memory of a received data segment
    std::function<bool(const TcpHeader&, uint32_t size)> drop;  // true: drop this segment
  };

  Loopback(const TcpConfig& client, const TcpConfig& server, uint64_t seed);
  ~Loopback();

  Connection& client() { return *ends_[0].connection; }
  Connection& server() { return *ends_[1].connection; }
  Wire& to_server() { return wires_[0]; }
  Wire& to_client() { return wires_[1]; }
  SimTime now() const { return now_; }

  void Connect();
  // Bytes still to be written by the client; fed into Connection::Write() in `chunk` pieces as room
  // allows.
  void SendFromClient(uint64_t bytes, uint32_t chunk);
  // Runs until the server has read `bytes` in total or `limit` is reached. True on success.
  bool RunUntilReceived(uint64_t bytes, SimTime limit);
  void RunUntil(SimTime limit);
  // Bytes read by the server, all compared with the pattern.
  uint64_t received() const { return received_; }
  bool corrupt() const { return corrupt_; }
  // The first broken invariant seen after any step.
  const std::string& broken() const { return broken_; }
  uint64_t dropped() const { return dropped_; }
  void set_reading(bool reading) { reading_ = reading; }
  // Invariants after every step, on by default: costs a walk over both send queues.
  void set_checking(bool checking) { checking_ = checking; }
  void ReadAll();
  void CloseClient();
  void CloseServer();

 private:
  struct End {
    std::unique_ptr<Connection> connection;
    TcpActions actions;
  };
  struct Event {
    int to;
    SkbPtr skb;
  };

  void Drain(int from);
  void Emit(int from, const TxSegment& segment);
  void Transmit(int from, const TcpHeader& tcp, const TxSegment& segment, uint32_t offset,
                uint32_t size);
  void Feed();
  bool Step(SimTime limit);

  SkbPool pool_;
  End ends_[2];
  Wire wires_[2];
  Rng rng_;
  SimTime now_;
  std::map<std::pair<int64_t, uint64_t>, Event> events_;
  uint64_t next_event_ = 0;
  uint64_t to_send_ = 0;
  uint64_t sent_ = 0;
  uint32_t chunk_ = 65536;
  uint64_t received_ = 0;
  uint64_t dropped_ = 0;
  bool corrupt_ = false;
  bool reading_ = true;
  bool checking_ = true;
  std::string broken_;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_TCP_LOOPBACK_H_

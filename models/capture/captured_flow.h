// One direction of a TCP connection of a capture. Invariant: ordered by all of its fields.
#ifndef DDPSIM_MODELS_CAPTURE_CAPTURED_FLOW_H_
#define DDPSIM_MODELS_CAPTURE_CAPTURED_FLOW_H_

#include <array>
#include <cstdint>
#include <string>
#include <tuple>

namespace ddpsim {

// Network order; an IPv4 address has the first 4 bytes.
using CapturedAddress = std::array<uint8_t, 16>;

struct CapturedFlow {
  bool ipv6 = false;
  CapturedAddress source{};
  CapturedAddress destination{};
  uint16_t source_port = 0;
  uint16_t destination_port = 0;

  CapturedFlow Reversed() const {
    return {ipv6, destination, source, destination_port, source_port};
  }
  friend bool operator==(const CapturedFlow& a, const CapturedFlow& b) {
    return a.Key() == b.Key();
  }
  friend bool operator<(const CapturedFlow& a, const CapturedFlow& b) { return a.Key() < b.Key(); }
  // "10.9.0.2:40000 -> 10.9.0.1:4420", "[fe80::1]:40000 -> ..."
  std::string ToString() const;

 private:
  std::tuple<bool, const CapturedAddress&, const CapturedAddress&, uint16_t, uint16_t> Key() const {
    return {ipv6, source, destination, source_port, destination_port};
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_CAPTURED_FLOW_H_

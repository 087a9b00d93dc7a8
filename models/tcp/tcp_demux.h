// From a segment's 4-tuple to its connection (the established hash of inet_hashtables). Both ends
// of the simulation have few addresses, so the key is the pair of addresses and the pair of ports;
// a listener is a connection without a peer yet. Left out: wildcards, SO_REUSEPORT. Invariant:
// never iterated (its order means nothing).
#ifndef DDPSIM_MODELS_TCP_TCP_DEMUX_H_
#define DDPSIM_MODELS_TCP_TCP_DEMUX_H_

#include <cstddef>

#include "absl/container/flat_hash_map.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {

// Maps to any handle of the connection: its owner's socket, or an index.
template <class T>
class TcpDemux {
 public:
  // False if the 4-tuple is taken.
  bool Add(const FourTuple& tuple, T* target) { return map_.emplace(tuple, target).second; }
  void Remove(const FourTuple& tuple) {
    map_.erase(tuple);
    last_ = nullptr;
  }
  // Null if there is none. Packets come in runs of one flow: the last hit is remembered.
  T* Find(const FourTuple& tuple) {
    if (last_ != nullptr && last_tuple_ == tuple) return last_;
    const auto it = map_.find(tuple);
    if (it == map_.end()) return nullptr;
    last_tuple_ = tuple;
    last_ = it->second;
    return last_;
  }
  size_t size() const { return map_.size(); }

 private:
  absl::flat_hash_map<FourTuple, T*> map_;
  FourTuple last_tuple_;
  T* last_ = nullptr;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_TCP_DEMUX_H_

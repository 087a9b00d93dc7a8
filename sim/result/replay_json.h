// The result of a replay as JSON in a fixed order (format "ddpsim-replay/1"). `offload` and `cpu`
// of a connection are those of the mode with most offload; every mode's are under `modes`.
#ifndef DDPSIM_SIM_RESULT_REPLAY_JSON_H_
#define DDPSIM_SIM_RESULT_REPLAY_JSON_H_

#include <nlohmann/json.hpp>
#include <optional>

#include "sim/result/replay_result.h"
#include "sim/result/scenario_result.h"

namespace ddpsim {

inline constexpr char kReplayFormat[] = "ddpsim-replay/1";

nlohmann::ordered_json ReplayJson(const ReplayResult& result, const Provenance& provenance);
// Of runs: the one with most offload: ddp+crc, else ddp, else crc, else the last.
size_t FullestMode(const ReplayResult& result);
// The mode whose host teardown is told for a connection: the fullest, if the host tore it down in
// that, else the first that did. Nothing: none did.
std::optional<size_t> TeardownMode(const ReplayResult& result,
                                   const ReplayConnectionResult& connection);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_REPLAY_JSON_H_

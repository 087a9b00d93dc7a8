// The result of a replay as JSON in a fixed order (format "ddpsim-replay/1"). `offload` and `cpu`
// of a connection are those of the mode with most offload; every mode's are under `modes`.
#ifndef DDPSIM_SIM_RESULT_REPLAY_JSON_H_
#define DDPSIM_SIM_RESULT_REPLAY_JSON_H_

#include <nlohmann/json.hpp>

#include "sim/result/replay_result.h"
#include "sim/result/scenario_result.h"

namespace ddpsim {

inline constexpr char kReplayFormat[] = "ddpsim-replay/1";

nlohmann::ordered_json ReplayJson(const ReplayResult& result, const Provenance& provenance);
// Of runs: the one with most offload: ddp+crc, else ddp, else crc, else the last.
size_t FullestMode(const ReplayResult& result);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_REPLAY_JSON_H_

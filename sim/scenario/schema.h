// What a scenario may say, for editors (JSON Schema, draft 2020-12) and for people (a Markdown
// page): both made from the Describe functions, so they cannot disagree with the loader. Left out
// of the JSON Schema: what one setting demands of another (scenario_rules.h), save that of an
// Enum's cases.
#ifndef DDPSIM_SIM_SCENARIO_SCHEMA_H_
#define DDPSIM_SIM_SCENARIO_SCHEMA_H_

#include <nlohmann/json.hpp>
#include <string>

namespace ddpsim {

nlohmann::ordered_json ScenarioSchema();
std::string ScenarioReference();
// Of the files that `ddpsim sweep` reads (sim/sweep/plan_reader.h).
nlohmann::ordered_json SweepSchema();

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SCENARIO_SCHEMA_H_

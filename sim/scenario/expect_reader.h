// Reads a scenario's `expect` block: MODE or VARIANT/MODE -> JSON Pointer into the run ->
// {operator: value}.
#ifndef DDPSIM_SIM_SCENARIO_EXPECT_READER_H_
#define DDPSIM_SIM_SCENARIO_EXPECT_READER_H_

#include <string>
#include <vector>

#include "sim/scenario/read_context.h"
#include "sim/scenario/scenario.h"
#include "sim/text/json_node.h"

namespace ddpsim {

// `partial`: the command line chose what to compare; expectations of other modes are left out.
std::vector<Expectation> ReadExpectations(const JsonMember& block, const Origin& origin,
                                          const std::vector<Mode>& compare,
                                          const std::vector<ScenarioVariant>& variants,
                                          bool partial, ReadContext& context);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SCENARIO_EXPECT_READER_H_

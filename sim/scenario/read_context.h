// What all readers of one document share: the complaints, and which settings were given where.
// `pointer` is always the setting's own place in a scenario ("/workload/bs"); Origin says where the
// user wrote it, which for --set and for variants is somewhere else.
#ifndef DDPSIM_SIM_SCENARIO_READ_CONTEXT_H_
#define DDPSIM_SIM_SCENARIO_READ_CONTEXT_H_

#include <map>
#include <string>

#include "sim/text/diagnostic.h"
#include "sim/text/json_node.h"

namespace ddpsim {

class ReadContext {
 public:
  explicit ReadContext(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  Diagnostics& diagnostics() { return diagnostics_; }
  void Note(const std::string& pointer, const Origin& origin) { given_[pointer] = origin; }
  bool Given(const std::string& pointer) const { return given_.count(pointer) > 0; }
  // Complains about a setting at the place where it, or else the nearest group around it, was
  // given.
  void Fail(const std::string& pointer, const std::string& text);

 private:
  Diagnostics& diagnostics_;
  std::map<std::string, Origin> given_;
};

// The origin of a member's value (or of element `index`) inside an object (array) of origin
// `outer`.
Origin MemberOrigin(const Origin& outer, const JsonMember& member);
Origin ElementOrigin(const Origin& outer, const JsonNode& array, size_t index);
// The same for its key: unknown and misplaced keys are complained about where the key stands.
Origin KeyOrigin(const Origin& outer, const JsonMember& member);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SCENARIO_READ_CONTEXT_H_

#include "sim/scenario/read_context.h"

#include "sim/text/json_pointer.h"

namespace ddpsim {
namespace {

Origin NodeOrigin(const Origin& outer, const std::string& name, const JsonNode& node, Place place) {
  if (!node.origin_file.empty()) return {node.origin_file, node.origin_pointer, node.place};
  return {outer.file, outer.pointer + "/" + EscapePointerName(name), place};
}

}  // namespace

void ReadContext::Fail(const std::string& pointer, const std::string& text) {
  std::string around = pointer;
  while (true) {
    const auto found = given_.find(around);
    if (found != given_.end()) {
      Origin origin = found->second;
      origin.pointer += pointer.substr(around.size());
      diagnostics_.Add(origin, text);
      return;
    }
    if (around.empty()) break;
    around.resize(around.rfind('/'));
  }
  diagnostics_.Add({"scenario", pointer, {}}, text);
}

Origin MemberOrigin(const Origin& outer, const JsonMember& member) {
  return NodeOrigin(outer, member.key, member.value, member.value.place);
}

Origin ElementOrigin(const Origin& outer, const JsonNode& array, size_t index) {
  return NodeOrigin(outer, std::to_string(index), array.items[index], array.items[index].place);
}

Origin KeyOrigin(const Origin& outer, const JsonMember& member) {
  return NodeOrigin(outer, member.key, member.value, member.key_place);
}

}  // namespace ddpsim

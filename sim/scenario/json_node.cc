#include "sim/scenario/json_node.h"

namespace ddpsim {

const JsonMember* JsonNode::Find(const std::string& key) const {
  for (const JsonMember& member : members) {
    if (member.key == key) return &member;
  }
  return nullptr;
}

JsonMember* JsonNode::Find(const std::string& key) {
  return const_cast<JsonMember*>(static_cast<const JsonNode*>(this)->Find(key));
}

const char* KindName(JsonNode::Kind kind) {
  switch (kind) {
    case JsonNode::Kind::kNull:
      return "null";
    case JsonNode::Kind::kBoolean:
      return "a boolean";
    case JsonNode::Kind::kInteger:
      return "an integer";
    case JsonNode::Kind::kReal:
      return "a number";
    case JsonNode::Kind::kString:
      return "a string";
    case JsonNode::Kind::kArray:
      return "an array";
    case JsonNode::Kind::kObject:
      return "an object";
  }
  return "a value";
}

}  // namespace ddpsim

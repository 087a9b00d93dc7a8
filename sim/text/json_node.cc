#include "sim/text/json_node.h"

#include <cstdio>

namespace ddpsim {
namespace {

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", c);
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

std::string JsonText(const JsonNode& node) {
  if (node.is_string()) return Quoted(node.text);
  if (node.is_number()) return node.text;
  if (node.kind == JsonNode::Kind::kBoolean) return node.boolean ? "true" : "false";
  if (node.kind == JsonNode::Kind::kNull) return "null";
  std::string out = node.is_array() ? "[" : "{";
  for (const JsonNode& item : node.items) out += (out.size() > 1 ? "," : "") + JsonText(item);
  for (const JsonMember& member : node.members) {
    out += (out.size() > 1 ? "," : "") + Quoted(member.key) + ":" + JsonText(member.value);
  }
  return out + (node.is_array() ? "]" : "}");
}

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

// A JSON value that remembers where it was written, so that every complaint can say file:line:col.
// Objects keep the order of the file and, until the reader has complained, their duplicate keys.
// Invariant: an integer literal that fits 64 bits is kInteger; every other number is kReal and
// finite.
#ifndef DDPSIM_SIM_TEXT_JSON_NODE_H_
#define DDPSIM_SIM_TEXT_JSON_NODE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sim/text/diagnostic.h"

namespace ddpsim {

struct JsonMember;

struct JsonNode {
  enum class Kind { kNull, kBoolean, kInteger, kReal, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  bool boolean = false;
  int64_t integer = 0;
  double real = 0;   // also set for kInteger
  std::string text;  // a string's value, or a number as written
  std::vector<JsonNode> items;
  std::vector<JsonMember> members;
  Place place;
  // Set on values that did not stand where they now are: those of --set and of variants. The file
  // (or "command line") and JSON Pointer under which the user wrote them.
  std::string origin_file;
  std::string origin_pointer;

  bool is_object() const { return kind == Kind::kObject; }
  bool is_array() const { return kind == Kind::kArray; }
  bool is_string() const { return kind == Kind::kString; }
  bool is_number() const { return kind == Kind::kInteger || kind == Kind::kReal; }
  const JsonMember* Find(const std::string& key) const;
  JsonMember* Find(const std::string& key);
};

struct JsonMember {
  std::string key;
  Place key_place;
  JsonNode value;
};

// The value as JSON on one line.
std::string JsonText(const JsonNode& node);

// "an object", "a string", ...: for messages.
const char* KindName(JsonNode::Kind kind);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TEXT_JSON_NODE_H_

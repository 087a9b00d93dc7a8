#include "sim/text/json_pointer.h"

#include <utility>

namespace ddpsim {
namespace {

std::optional<std::string> Unescape(const std::string& escaped) {
  std::string out;
  for (size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '~') {
      out += escaped[i];
      continue;
    }
    ++i;
    if (i == escaped.size() || (escaped[i] != '0' && escaped[i] != '1')) return std::nullopt;
    out += escaped[i] == '0' ? '~' : '/';
  }
  return out;
}

std::optional<size_t> ArrayIndex(const std::string& name, size_t size) {
  if (name == "-") return size;
  if (name.empty() || name.size() > 6 || (name.size() > 1 && name[0] == '0')) return std::nullopt;
  if (name.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  const size_t index = std::stoul(name);
  if (index > size) return std::nullopt;
  return index;
}

// The child `name` of `node`, made if it is not there yet; nullptr if `node` cannot have it.
JsonNode* Child(JsonNode& node, const std::string& name, const JsonNode& fresh) {
  if (node.is_object()) {
    if (JsonMember* member = node.Find(name)) return &member->value;
    node.members.push_back({name, fresh.place, fresh});
    return &node.members.back().value;
  }
  if (!node.is_array()) return nullptr;
  const std::optional<size_t> index = ArrayIndex(name, node.items.size());
  if (!index) return nullptr;
  if (*index == node.items.size()) node.items.push_back(fresh);
  return &node.items[*index];
}

}  // namespace

std::string EscapePointerName(const std::string& name) {
  std::string out;
  for (char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::optional<std::vector<std::string>> SplitPointer(const std::string& pointer) {
  std::vector<std::string> names;
  if (pointer.empty()) return names;
  if (pointer[0] != '/') return std::nullopt;
  size_t begin = 1;
  while (true) {
    const size_t slash = pointer.find('/', begin);
    const size_t length = slash == std::string::npos ? std::string::npos : slash - begin;
    std::optional<std::string> name = Unescape(pointer.substr(begin, length));
    if (!name) return std::nullopt;
    names.push_back(std::move(*name));
    if (slash == std::string::npos) return names;
    begin = slash + 1;
  }
}

bool LiesInside(const std::string& inner, const std::string& outer) {
  return inner.size() > outer.size() && inner.compare(0, outer.size(), outer) == 0 &&
         inner[outer.size()] == '/';
}

bool HoldPartsOfEachOther(const std::string& a, const std::string& b) {
  return LiesInside(a, b) || LiesInside(b, a);
}

std::string SetAtPointer(JsonNode& root, const std::vector<std::string>& names, JsonNode value,
                         const std::string& origin_file, std::string* failed_at) {
  JsonNode* node = &root;
  std::string walked;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    const bool begins_array = i + 1 < names.size() && (names[i + 1] == "-" || names[i + 1] == "0");
    const std::string parent = walked;
    walked += "/" + EscapePointerName(name);
    JsonNode fresh;
    fresh.kind = begins_array ? JsonNode::Kind::kArray : JsonNode::Kind::kObject;
    fresh.place = value.place;
    fresh.origin_file = origin_file;
    fresh.origin_pointer = walked;
    JsonNode* child = Child(*node, name, fresh);
    if (child == nullptr) {
      *failed_at = walked;
      const std::string holder = parent.empty() ? "the scenario" : parent;
      return holder + " is " + KindName(node->kind) + " and has no \"" + name + "\"" +
             (node->is_array()
                  ? "; accepted: an index up to " + std::to_string(node->items.size()) + ", or -"
                  : "");
    }
    node = child;
  }
  *node = std::move(value);
  return "";
}

}  // namespace ddpsim

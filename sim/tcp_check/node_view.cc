#include "sim/tcp_check/node_view.h"

#include "sim/text/json_pointer.h"

namespace ddpsim {

std::optional<NodeView> NodeView::Find(const std::string& key) const {
  const JsonMember* member = node_->Find(key);
  if (member == nullptr) return std::nullopt;
  return NodeView(member->value, file_, pointer_ + "/" + EscapePointerName(key), diagnostics_);
}

std::optional<NodeView> NodeView::Need(const std::string& key) const {
  if (!node_->is_object()) {
    Fail(std::string("must be an object, not ") + KindName(node_->kind));
    return std::nullopt;
  }
  std::optional<NodeView> found = Find(key);
  if (!found) Fail("\"" + key + "\" is missing");
  return found;
}

std::vector<NodeView> NodeView::Items() const {
  std::vector<NodeView> out;
  if (!node_->is_array()) {
    Fail(std::string("must be an array, not ") + KindName(node_->kind));
    return out;
  }
  for (size_t i = 0; i < node_->items.size(); ++i)
    out.emplace_back(node_->items[i], file_, pointer_ + "/" + std::to_string(i), diagnostics_);
  return out;
}

std::vector<std::pair<std::string, NodeView>> NodeView::Members() const {
  std::vector<std::pair<std::string, NodeView>> out;
  if (!node_->is_object()) {
    Fail(std::string("must be an object, not ") + KindName(node_->kind));
    return out;
  }
  for (const JsonMember& member : node_->members) out.emplace_back(member.key, *Find(member.key));
  return out;
}

int64_t NodeView::AsInteger(int64_t low, int64_t high) const {
  if (node_->kind != JsonNode::Kind::kInteger) {
    Fail(std::string("must be an integer, not ") + KindName(node_->kind));
    return low > 0 ? low : 0;
  }
  if (node_->integer < low || node_->integer > high) {
    Fail("must lie in " + std::to_string(low) + ".." + std::to_string(high) + ", not " +
         node_->text);
    return low;
  }
  return node_->integer;
}

double NodeView::AsReal() const {
  if (node_->is_number()) return node_->real;
  Fail(std::string("must be a number, not ") + KindName(node_->kind));
  return 0;
}

std::string NodeView::AsText() const {
  if (node_->is_string()) return node_->text;
  Fail(std::string("must be a string, not ") + KindName(node_->kind));
  return "";
}

bool NodeView::AsBoolean() const {
  if (node_->kind == JsonNode::Kind::kBoolean) return node_->boolean;
  if (node_->kind == JsonNode::Kind::kInteger) return node_->integer != 0;  // sysctls are numbers
  Fail(std::string("must be true or false, not ") + KindName(node_->kind));
  return false;
}

int64_t NodeView::Integer(const std::string& key, int64_t fallback, int64_t low,
                          int64_t high) const {
  const std::optional<NodeView> found = Find(key);
  return found ? found->AsInteger(low, high) : fallback;
}

uint32_t NodeView::Sequence(const std::string& key) const {
  const std::optional<NodeView> found = Need(key);
  return found ? static_cast<uint32_t>(found->AsInteger(0, UINT32_MAX)) : 0;
}

std::string NodeView::Text(const std::string& key, const std::string& fallback) const {
  const std::optional<NodeView> found = Find(key);
  return found ? found->AsText() : fallback;
}

bool NodeView::Boolean(const std::string& key, bool fallback) const {
  const std::optional<NodeView> found = Find(key);
  return found ? found->AsBoolean() : fallback;
}

void NodeView::Fail(const std::string& text) const {
  diagnostics_->Add(Origin{file_, pointer_, node_->place}, text);
}

}  // namespace ddpsim

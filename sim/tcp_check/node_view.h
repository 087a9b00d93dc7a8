// A JSON value with its JSON Pointer, read with expectations about its type. What is wrong goes to
// Diagnostics with file:line:col; the reader goes on with a default, so that one run tells all.
#ifndef DDPSIM_SIM_TCP_CHECK_NODE_VIEW_H_
#define DDPSIM_SIM_TCP_CHECK_NODE_VIEW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/text/diagnostic.h"
#include "sim/text/json_node.h"

namespace ddpsim {

class NodeView {
 public:
  NodeView(const JsonNode& node, std::string file, std::string pointer, Diagnostics* diagnostics)
      : node_(&node),
        file_(std::move(file)),
        pointer_(std::move(pointer)),
        diagnostics_(diagnostics) {}

  const JsonNode& node() const { return *node_; }
  bool is_array() const { return node_->is_array(); }
  bool is_object() const { return node_->is_object(); }
  bool Is(const char* text) const { return node_->is_string() && node_->text == text; }
  int line() const { return node_->place.line; }

  bool Has(const std::string& key) const { return node_->Find(key) != nullptr; }
  std::optional<NodeView> Find(const std::string& key) const;
  // As above, but complains if there is none.
  std::optional<NodeView> Need(const std::string& key) const;
  std::vector<NodeView> Items() const;
  std::vector<std::pair<std::string, NodeView>> Members() const;

  int64_t AsInteger(int64_t low, int64_t high) const;
  double AsReal() const;
  std::string AsText() const;
  bool AsBoolean() const;

  // Members of an object, or the fallback if absent.
  int64_t Integer(const std::string& key, int64_t fallback, int64_t low = INT64_MIN,
                  int64_t high = INT64_MAX) const;
  uint32_t Sequence(const std::string& key) const;  // needed, 32 bits
  std::string Text(const std::string& key, const std::string& fallback) const;
  bool Boolean(const std::string& key, bool fallback) const;

  void Fail(const std::string& text) const;

 private:
  const JsonNode* node_;
  std::string file_;
  std::string pointer_;
  Diagnostics* diagnostics_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_NODE_VIEW_H_

#include "sim/sweep/axis_values.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sim/scenario/read_context.h"
#include "sim/text/byte_size.h"
#include "sim/text/nearest_name.h"

namespace ddpsim::sweep {
namespace {

constexpr char kAccepted[] =
    "; accepted: an array of values, or a range {\"from\", \"to\", \"step\"} or {\"from\", \"to\", "
    "\"factor\"}";

// Reads one bound of a range.
class RangeReader {
 public:
  RangeReader(const JsonNode& node, const Origin& origin, Diagnostics& out)
      : node_(node), origin_(origin), out_(out) {}

  std::optional<std::vector<JsonNode>> Read() {
    for (const JsonMember& member : node_.members) {
      const std::vector<std::string> known = {"from", "to", "step", "factor"};
      if (member.key != "from" && member.key != "to" && member.key != "step" &&
          member.key != "factor") {
        Fail(KeyOrigin(origin_, member),
             "unknown key of a range" + AcceptedNames(member.key, known));
      }
    }
    const std::optional<double> from = Bound("from"), to = Bound("to");
    const bool steps = node_.Find("step") != nullptr, factors = node_.Find("factor") != nullptr;
    if (steps == factors) Fail(origin_, absl::StrCat("a range has a step or a factor", kAccepted));
    const std::optional<double> by = Bound(factors ? "factor" : "step");
    if (failed_) return std::nullopt;
    if (*to < *from) Fail(OriginOf("to"), "\"to\" is below \"from\"; a range counts upwards");
    if (factors && (*by <= 1 || *from <= 0))
      Fail(OriginOf("factor"), "a factor is above 1, and \"from\" above 0");
    if (!factors && *by <= 0) Fail(OriginOf("step"), "a step is above 0");
    if (failed_) return std::nullopt;
    return Values(*from, *to, *by, factors);
  }

 private:
  void Fail(const Origin& origin, const std::string& text) {
    failed_ = true;
    out_.Add(origin, text);
  }

  Origin OriginOf(const char* key) const {
    const JsonMember* member = node_.Find(key);
    return member == nullptr ? origin_ : MemberOrigin(origin_, *member);
  }

  std::optional<double> Bound(const char* key) {
    const JsonMember* member = node_.Find(key);
    if (member == nullptr) {
      if (!failed_) Fail(origin_, absl::StrCat("a range without \"", key, "\"", kAccepted));
      return std::nullopt;
    }
    const std::optional<double> value = NumberOf(member->value);
    if (!value) Fail(OriginOf(key), "not a number; accepted: a number or a size such as 4k");
    return value;
  }

  std::optional<std::vector<JsonNode>> Values(double from, double to, double by, bool factor) {
    std::vector<JsonNode> values;
    // One part in 10^9 of slack, so that 0.1, 0.2, 0.3 ends at 0.3.
    const double end = to + std::abs(to) * 1e-9;
    for (size_t i = 0;; ++i) {
      const double n = static_cast<double>(i);
      const double value = factor ? from * std::pow(by, n) : from + by * n;
      if (value > end) break;
      if (i >= kMaxAxisValues) {
        Fail(origin_, absl::StrCat("more than ", kMaxAxisValues, " values"));
        return std::nullopt;
      }
      values.push_back(Node(value));
    }
    return values;
  }

  JsonNode Node(double value) const {
    JsonNode node;
    node.place = origin_.place;
    node.origin_file = origin_.file;
    node.origin_pointer = origin_.pointer;
    const bool whole = std::abs(value - std::round(value)) < 1e-9 * std::abs(value) + 1e-15;
    if (whole && std::abs(value) < 1e15) {
      node.integer = static_cast<int64_t>(std::round(value));
      node.real = static_cast<double>(node.integer);
      const JsonMember* from = node_.Find("from");
      if (from->value.is_string()) {
        node.kind = JsonNode::Kind::kString;
        node.text = FormatByteSize(node.integer);
      } else {
        node.kind = JsonNode::Kind::kInteger;
        node.text = absl::StrCat(node.integer);
      }
      return node;
    }
    node.kind = JsonNode::Kind::kReal;
    node.text = absl::StrFormat("%.12g", value);
    node.real = std::stod(node.text);
    return node;
  }

  const JsonNode& node_;
  const Origin& origin_;
  Diagnostics& out_;
  bool failed_ = false;
};

}  // namespace

std::optional<double> NumberOf(const JsonNode& node) {
  if (node.is_number()) return node.real;
  if (!node.is_string()) return std::nullopt;
  const std::optional<int64_t> bytes = ParseByteSize(node.text);
  if (!bytes) return std::nullopt;
  return static_cast<double>(*bytes);
}

bool SameValue(const JsonNode& a, const JsonNode& b) {
  const std::optional<double> x = NumberOf(a), y = NumberOf(b);
  if (x && y) return *x == *y;
  return a.kind == b.kind && JsonText(a) == JsonText(b);
}

std::string ValueLabel(const JsonNode& node) {
  if (node.is_string()) return node.text;
  // A group that is one word and numbers, such as {"model": "bernoulli", "probability": 0.01}.
  if (node.is_object() && node.members.size() <= 2) {
    std::string label;
    for (const JsonMember& member : node.members)
      absl::StrAppend(&label, label.empty() ? "" : " ", ValueLabel(member.value));
    if (!label.empty()) return label;
  }
  if (node.is_array() && !node.items.empty()) {
    std::string label;
    for (const JsonNode& item : node.items)
      absl::StrAppend(&label, label.empty() ? "" : ", ", ValueLabel(item));
    return label;
  }
  return JsonText(node);
}

std::vector<std::string> ValueLabels(const std::vector<JsonNode>& values) {
  std::map<std::string, std::set<std::string>> texts;  // by label
  for (const JsonNode& value : values) texts[ValueLabel(value)].insert(JsonText(value));
  const bool unlike = std::all_of(texts.begin(), texts.end(),
                                  [](const auto& label) { return label.second.size() == 1; });
  std::vector<std::string> labels;
  labels.reserve(values.size());
  for (const JsonNode& value : values)
    labels.push_back(unlike ? ValueLabel(value) : JsonText(value));
  return labels;
}

std::optional<std::vector<JsonNode>> ReadAxisValues(const JsonNode& node, const Origin& origin,
                                                    Diagnostics& out) {
  if (node.is_object()) return RangeReader(node, origin, out).Read();
  if (!node.is_array() || node.items.empty()) {
    out.Add(origin, absl::StrCat(node.is_array() ? "no values" : KindName(node.kind), kAccepted));
    return std::nullopt;
  }
  if (node.items.size() > kMaxAxisValues) {
    out.Add(origin, absl::StrCat("more than ", kMaxAxisValues, " values"));
    return std::nullopt;
  }
  std::vector<JsonNode> values;
  for (size_t i = 0; i < node.items.size(); ++i) {
    JsonNode value = node.items[i];
    const Origin at = ElementOrigin(origin, node, i);
    value.origin_file = at.file;
    value.origin_pointer = at.pointer;
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace ddpsim::sweep

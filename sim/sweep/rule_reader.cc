#include "sim/sweep/rule_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sim/scenario/read_context.h"
#include "sim/sweep/axis_values.h"
#include "sim/text/nearest_name.h"

namespace ddpsim::sweep {
namespace {

constexpr struct {
  const char* name;
  Condition::Kind kind;
} kBounds[] = {{"min", Condition::Kind::kMin},
               {"max", Condition::Kind::kMax},
               {"above", Condition::Kind::kAbove},
               {"below", Condition::Kind::kBelow}};

class RuleReader {
 public:
  RuleReader(const std::vector<Axis>& axes, Diagnostics& out) : axes_(axes), out_(out) {
    for (const Axis& axis : axes) pointers_.push_back(axis.pointer);
  }

  Rule Read(const JsonNode& node, const Origin& origin) {
    if (!node.is_object() || node.members.empty()) {
      out_.Add(origin, "accepted: an object {AXIS: VALUE, VALUES or BOUNDS}");
      return {};
    }
    for (const JsonMember& member : node.members) {
      const std::optional<size_t> axis = FindAxis(member.key);
      if (!axis) {
        out_.Add(KeyOrigin(origin, member), absl::StrCat("\"", member.key, "\" is no axis",
                                                         AcceptedNames(member.key, pointers_)));
        continue;
      }
      ReadCondition(*axis, member.value, MemberOrigin(origin, member));
    }
    return std::move(rule_);
  }

 private:
  std::optional<size_t> FindAxis(const std::string& pointer) const {
    const auto found = std::find(pointers_.begin(), pointers_.end(), pointer);
    if (found == pointers_.end()) return std::nullopt;
    return found - pointers_.begin();
  }

  void ReadCondition(size_t axis, const JsonNode& node, const Origin& origin) {
    const bool bounds = node.is_object() && !node.members.empty() &&
                        std::any_of(std::begin(kBounds), std::end(kBounds), [&](const auto& bound) {
                          return node.members[0].key == bound.name;
                        });
    if (bounds) {
      for (const JsonMember& member : node.members) ReadBound(axis, member, origin);
      return;
    }
    Condition one_of{Condition::Kind::kOneOf, axis, {node}, {}};
    if (node.is_array()) one_of.values = node.items;
    for (size_t i = 0; i < one_of.values.size(); ++i) {
      const auto& values = axes_[axis].values;
      const JsonNode& wanted = one_of.values[i];
      if (std::none_of(values.begin(), values.end(), [&](const JsonNode& value) {
            return SameValue(value, wanted) || Alone(value, wanted);
          })) {
        out_.Add(node.is_array() ? ElementOrigin(origin, node, i) : origin,
                 absl::StrCat(JsonText(wanted), " is no value of this axis",
                              AcceptedNames(ValueLabel(wanted), axes_[axis].labels)));
      }
    }
    rule_.push_back(std::move(one_of));
  }

  // A list of one (as /compare has them) and its item.
  static bool Alone(const JsonNode& value, const JsonNode& wanted) {
    return value.is_array() && value.items.size() == 1 && SameValue(value.items[0], wanted);
  }

  // Words have no order: a bound on them would never hold.
  std::string WhyNoOrder(size_t axis) const {
    const auto& values = axes_[axis].values;
    if (std::any_of(values.begin(), values.end(),
                    [](const JsonNode& value) { return NumberOf(value).has_value(); }))
      return "";
    return absl::StrCat("no value of ", axes_[axis].pointer,
                        " is a number or a size: it has no order; accepted: a value of it, an "
                        "array of values");
  }

  void ReadBound(size_t axis, const JsonMember& member, const Origin& outer) {
    for (const auto& bound : kBounds) {
      if (member.key != bound.name) continue;
      if (const std::string words = WhyNoOrder(axis); !words.empty())
        return out_.Add(KeyOrigin(outer, member), words);
      Condition condition{bound.kind, axis, {member.value}, {}};
      if (member.value.is_string()) condition.other_axis = FindAxis(member.value.text);
      if (!condition.other_axis && !NumberOf(member.value))
        out_.Add(MemberOrigin(outer, member),
                 absl::StrCat(JsonText(member.value), "; accepted: a number, a size or an axis",
                              AcceptedNames(member.value.text, pointers_)));
      if (condition.other_axis) {
        if (const std::string words = WhyNoOrder(*condition.other_axis); !words.empty())
          return out_.Add(MemberOrigin(outer, member), words);
      }
      rule_.push_back(std::move(condition));
      return;
    }
    out_.Add(KeyOrigin(outer, member),
             "unknown bound" + AcceptedNames(member.key, {"min", "max", "above", "below"}));
  }

  const std::vector<Axis>& axes_;
  Diagnostics& out_;
  std::vector<std::string> pointers_;
  Rule rule_;
};

bool Holds(const Condition& condition, const std::vector<Axis>& axes,
           const std::vector<size_t>& indices) {
  const JsonNode& value = axes[condition.axis].values[indices[condition.axis]];
  if (condition.kind == Condition::Kind::kOneOf) {
    return std::any_of(condition.values.begin(), condition.values.end(), [&](const JsonNode& one) {
      return SameValue(one, value) ||
             (value.is_array() && value.items.size() == 1 && SameValue(value.items[0], one));
    });
  }
  const JsonNode& bound = condition.other_axis
                              ? axes[*condition.other_axis].values[indices[*condition.other_axis]]
                              : condition.values[0];
  const std::optional<double> a = NumberOf(value), b = NumberOf(bound);
  if (!a || !b) return false;
  switch (condition.kind) {
    case Condition::Kind::kMin:
      return *a >= *b;
    case Condition::Kind::kMax:
      return *a <= *b;
    case Condition::Kind::kAbove:
      return *a > *b;
    default:
      return *a < *b;
  }
}

}  // namespace

std::vector<Rule> ReadRuleList(const JsonNode& node, const Origin& origin,
                               const std::vector<Axis>& axes, Diagnostics& out) {
  std::vector<Rule> rules;
  if (!node.is_array()) {
    out.Add(origin,
            "not an array; accepted: rules such as [{\"/workload/bs\": {\"max\": \"64k\"}}]");
    return rules;
  }
  for (size_t i = 0; i < node.items.size(); ++i)
    rules.push_back(RuleReader(axes, out).Read(node.items[i], ElementOrigin(origin, node, i)));
  return rules;
}

bool Fulfils(const Rule& rule, const std::vector<Axis>& axes, const std::vector<size_t>& indices) {
  return std::all_of(rule.begin(), rule.end(),
                     [&](const Condition& one) { return Holds(one, axes, indices); });
}

bool Wanted(const SweepPlan& plan, const std::vector<size_t>& indices) {
  auto fulfilled = [&](const Rule& rule) { return Fulfils(rule, plan.axes, indices); };
  if (!plan.where.empty() && std::none_of(plan.where.begin(), plan.where.end(), fulfilled))
    return false;
  return std::none_of(plan.exclude.begin(), plan.exclude.end(), fulfilled);
}

}  // namespace ddpsim::sweep

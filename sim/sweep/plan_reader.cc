#include "sim/sweep/plan_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sim/result/result_reference.h"
#include "sim/scenario/read_context.h"
#include "sim/sweep/axis_values.h"
#include "sim/sweep/rule_reader.h"
#include "sim/text/json_parser.h"
#include "sim/text/json_pointer.h"
#include "sim/text/nearest_name.h"

namespace ddpsim::sweep {
namespace {

const std::vector<std::string>& PlanKeys() {
  static const auto& keys = *new std::vector<std::string>{
      "$schema", "description", "base",        "set",     "compare", "axes",  "zip",
      "where",   "exclude",     "repetitions", "timeout", "metrics", "expect"};
  return keys;
}

class PlanReader {
 public:
  PlanReader(const JsonNode& root, const Origin& origin, Diagnostics& out)
      : root_(root), origin_(origin), out_(out) {}

  SweepPlan Read() {
    for (const JsonMember& member : root_.members) {
      const auto& keys = PlanKeys();
      if (std::find(keys.begin(), keys.end(), member.key) == keys.end())
        out_.Add(KeyOrigin(origin_, member),
                 "unknown key of a sweep" + AcceptedNames(member.key, keys));
    }
    ReadText("description", plan_.description);
    ReadBase();
    ReadSet();
    ReadWhole("compare", "/compare");
    ReadWhole("expect", "/expect");
    ReadAxes();
    ReadDimensions();
    ReadRules();
    ReadCount("repetitions", 100'000, plan_.repetitions);
    ReadCount("timeout", 7 * 86'400, plan_.timeout_seconds);
    ReadMetrics();
    return std::move(plan_);
  }

 private:
  void ReadText(const char* key, std::string& text) {
    const JsonMember* member = root_.Find(key);
    if (member == nullptr) return;
    if (!member->value.is_string()) return out_.Add(MemberOrigin(origin_, *member), "not a string");
    text = member->value.text;
  }

  void ReadBase() {
    const JsonMember* base = root_.Find("base");
    if (base == nullptr)
      return out_.Add(origin_,
                      "\"base\" is missing; accepted: a scenario's file or the scenario itself");
    plan_.base_origin = MemberOrigin(origin_, *base);
    if (base->value.is_object()) {
      plan_.base_node = base->value;
    } else if (base->value.is_string() && !base->value.text.empty()) {
      plan_.base_file = base->value.text;
    } else {
      out_.Add(plan_.base_origin,
               absl::StrCat(KindName(base->value.kind),
                            "; accepted: a scenario's file or the scenario itself"));
    }
  }

  // Whether `pointer` may be an axis or be set for all points.
  bool Settable(const std::string& pointer, const Origin& at) {
    const std::optional<std::vector<std::string>> names = SplitPointer(pointer);
    if (!names || names->empty()) {
      out_.Add(at, absl::StrCat("\"", pointer,
                                "\" is not a JSON Pointer to a setting; accepted: for "
                                "example /workload/bs",
                                pointer.empty() || pointer[0] == '/'
                                    ? ""
                                    : "; did you mean \"/" + pointer + "\"?"));
      return false;
    }
    const std::string& group = names->front();
    const std::vector<std::string> groups = {"seed",    "compare", "workload",
                                             "network", "host",    "target"};
    if (std::find(groups.begin(), groups.end(), group) != groups.end()) return true;
    out_.Add(at,
             absl::StrCat("a sweep cannot change \"", group, "\"", AcceptedNames(group, groups)));
    return false;
  }

  // Of two pointers of which one lies inside the other, the one that is applied later would undo
  // the other without a word.
  void RefuseOverlap(const std::string& pointer, const Origin& key) {
    const auto check = [&](const std::string& other, const char* of) {
      if (HoldPartsOfEachOther(pointer, other))
        out_.Add(key, absl::StrCat("\"", pointer, "\" and \"", other, "\", which is ", of,
                                   ", hold parts of each other; accepted: pointers none of which "
                                   "begins another"));
    };
    for (const PlacedOverride& set : plan_.set) {
      if (set.pointer == pointer)
        out_.Add(key, absl::StrCat("\"", pointer, "\" is also set for all points"));
      check(set.pointer, "set for all points");
    }
    for (const Axis& axis : plan_.axes) check(axis.pointer, "an axis");
  }

  void AddSet(const std::string& pointer, const JsonNode& value, const Origin& at,
              const Origin& key) {
    RefuseOverlap(pointer, key);
    JsonNode placed = value;
    placed.origin_file = at.file;
    placed.origin_pointer = at.pointer;
    plan_.set.push_back({pointer, std::move(placed), key});
  }

  void ReadSet() {
    const JsonMember* set = root_.Find("set");
    if (set == nullptr) return;
    const Origin at = MemberOrigin(origin_, *set);
    if (!set->value.is_object()) return out_.Add(at, "not an object; accepted: {POINTER: VALUE}");
    for (const JsonMember& member : set->value.members) {
      const Origin key = KeyOrigin(at, member);
      if (Settable(member.key, key))
        AddSet(member.key, member.value, MemberOrigin(at, member), key);
    }
  }

  void ReadWhole(const char* name, const char* pointer) {
    const JsonMember* member = root_.Find(name);
    if (member != nullptr)
      AddSet(pointer, member->value, MemberOrigin(origin_, *member), KeyOrigin(origin_, *member));
  }

  void ReadAxes() {
    const JsonMember* axes = root_.Find("axes");
    if (axes == nullptr) return;
    const Origin at = MemberOrigin(origin_, *axes);
    if (!axes->value.is_object()) return out_.Add(at, "not an object; accepted: {POINTER: VALUES}");
    for (const JsonMember& member : axes->value.members) ReadAxis(member, at);
    for (Axis& axis : plan_.axes) axis.name = ShortName(axis);
  }

  void ReadAxis(const JsonMember& member, const Origin& outer) {
    Axis axis;
    axis.pointer = member.key;
    axis.key = KeyOrigin(outer, member);
    if (!Settable(axis.pointer, axis.key)) return;
    RefuseOverlap(axis.pointer, axis.key);
    std::optional<std::vector<JsonNode>> values =
        ReadAxisValues(member.value, MemberOrigin(outer, member), out_);
    if (!values) return;
    axis.values = std::move(*values);
    axis.labels = ValueLabels(axis.values);
    for (JsonNode& value : axis.values) {
      if (axis.pointer == "/compare") value = ListOf(value);
    }
    plan_.axes.push_back(std::move(axis));
  }

  // A mode alone is a list of one.
  static JsonNode ListOf(const JsonNode& value) {
    if (!value.is_string()) return value;
    JsonNode list;
    list.kind = JsonNode::Kind::kArray;
    list.place = value.place;
    list.origin_file = value.origin_file;
    list.origin_pointer = value.origin_pointer;
    list.items = {value};
    return list;
  }

  // As few of the pointer's last names as tell it from the other axes, and what it is of.
  std::string ShortName(const Axis& axis) const {
    size_t slash = axis.pointer.rfind('/');
    // A loss's or a reordering's?
    if (slash != 0 && axis.pointer.substr(slash) == "/probability")
      slash = axis.pointer.rfind('/', slash - 1);
    while (slash != 0 &&
           std::count_if(plan_.axes.begin(), plan_.axes.end(), [&](const Axis& other) {
             const std::string tail = axis.pointer.substr(slash);
             return other.pointer.size() >= tail.size() &&
                    other.pointer.compare(other.pointer.size() - tail.size(), tail.size(), tail) ==
                        0;
           }) > 1) {
      slash = axis.pointer.rfind('/', slash - 1);
    }
    return axis.pointer.substr(slash + 1);
  }

  std::optional<size_t> FindAxis(const std::string& pointer, const Origin& at) {
    std::vector<std::string> names;
    for (size_t i = 0; i < plan_.axes.size(); ++i) {
      if (plan_.axes[i].pointer == pointer) return i;
      names.push_back(plan_.axes[i].pointer);
    }
    out_.Add(at, absl::StrCat("\"", pointer, "\" is no axis", AcceptedNames(pointer, names)));
    return std::nullopt;
  }

  // Axes in the order of the file; those of one zip stand where its first does.
  void ReadDimensions() {
    std::vector<std::vector<size_t>> groups = ReadZip();
    std::vector<bool> done(plan_.axes.size(), false);
    for (size_t i = 0; i < plan_.axes.size(); ++i) {
      if (done[i]) continue;
      std::vector<size_t> axes = {i};
      for (const std::vector<size_t>& group : groups) {
        if (std::find(group.begin(), group.end(), i) != group.end()) axes = group;
      }
      for (size_t axis : axes) done[axis] = true;
      if (axes.size() == 1) RefuseTwins(plan_.axes[i]);
      plan_.dimensions.push_back({axes, plan_.axes[i].values.size()});
    }
  }

  // Zipped axes may repeat a value.
  void RefuseTwins(const Axis& axis) {
    for (size_t i = 0; i < axis.values.size(); ++i) {
      const JsonNode& value = axis.values[i];
      for (size_t before = 0; before < i; ++before) {
        if (SameValue(axis.values[before], value))
          out_.Add({value.origin_file, value.origin_pointer, value.place},
                   absl::StrCat("the value ", JsonText(value), " twice"));
      }
    }
  }

  std::vector<std::vector<size_t>> ReadZip() {
    std::vector<std::vector<size_t>> groups;
    const JsonMember* zip = root_.Find("zip");
    if (zip == nullptr) return groups;
    const Origin at = MemberOrigin(origin_, *zip);
    if (!zip->value.is_array()) {
      out_.Add(at,
               "not an array; accepted: groups of axes such as [[\"/network/mtu\", "
               "\"/host/nic/rx_ring\"]]");
      return groups;
    }
    std::vector<bool> zipped(plan_.axes.size(), false);
    for (size_t i = 0; i < zip->value.items.size(); ++i)
      groups.push_back(ReadZipGroup(zip->value.items[i], ElementOrigin(at, zip->value, i), zipped));
    return groups;
  }

  std::vector<size_t> ReadZipGroup(const JsonNode& node, const Origin& at,
                                   std::vector<bool>& zipped) {
    std::vector<size_t> group;
    if (!node.is_array() || node.items.size() < 2) {
      out_.Add(at, "accepted: an array of two axes or more");
      return group;
    }
    for (size_t i = 0; i < node.items.size(); ++i) {
      const Origin where = ElementOrigin(at, node, i);
      const std::optional<size_t> axis = FindAxis(node.items[i].text, where);
      if (!axis) continue;
      if (zipped[*axis]) out_.Add(where, "this axis is zipped already");
      zipped[*axis] = true;
      if (!group.empty() && plan_.axes[*axis].values.size() != plan_.axes[group[0]].values.size()) {
        out_.Add(
            where,
            absl::StrCat("zipped axes have as many values as each other: ",
                         plan_.axes[group[0]].pointer, " has ", plan_.axes[group[0]].values.size(),
                         ", ", plan_.axes[*axis].pointer, " ", plan_.axes[*axis].values.size()));
      }
      group.push_back(*axis);
    }
    return group;
  }

  void ReadRules() {
    if (const JsonMember* where = root_.Find("where")) {
      plan_.where_origin = MemberOrigin(origin_, *where);
      plan_.where = ReadRuleList(where->value, plan_.where_origin, plan_.axes, out_);
    }
    if (const JsonMember* exclude = root_.Find("exclude")) {
      plan_.where_origin = MemberOrigin(origin_, *exclude);
      plan_.exclude = ReadRuleList(exclude->value, plan_.where_origin, plan_.axes, out_);
    }
  }

  void ReadCount(const char* key, int64_t most, int64_t& count) {
    const JsonMember* member = root_.Find(key);
    if (member == nullptr) return;
    const JsonNode& value = member->value;
    if (value.kind != JsonNode::Kind::kInteger || value.integer < 1 || value.integer > most)
      return out_.Add(MemberOrigin(origin_, *member),
                      absl::StrCat(JsonText(value), "; accepted: an integer, 1..", most));
    count = value.integer;
  }

  void ReadMetrics() {
    const JsonMember* metrics = root_.Find("metrics");
    if (metrics == nullptr) return;
    const Origin at = MemberOrigin(origin_, *metrics);
    if (!metrics->value.is_array())
      return out_.Add(at,
                      "not an array; accepted: JSON Pointers into a run, such as /host/interrupts");
    for (size_t i = 0; i < metrics->value.items.size(); ++i) {
      const JsonNode& item = metrics->value.items[i];
      const Origin where = ElementOrigin(at, metrics->value, i);
      std::string nearest;
      if (!item.is_string() || !IsResultPointer(item.text, &nearest)) {
        out_.Add(where, absl::StrCat(JsonText(item),
                                     " is no figure of a run; accepted: what \"ddpsim "
                                     "schema --markdown\" lists",
                                     nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
        continue;
      }
      if (FindResultPointer(item.text)->text) {
        out_.Add(where, absl::StrCat(JsonText(item),
                                     " is text, no number; accepted: figures, such as "
                                     "/host/interrupts"));
        continue;
      }
      plan_.extra_metrics.push_back(item.text);
    }
  }

  const JsonNode& root_;
  const Origin& origin_;
  Diagnostics& out_;
  SweepPlan plan_;
};

}  // namespace

std::optional<SweepPlan> ReadPlan(const std::string& text, const std::string& file,
                                  Diagnostics& out) {
  const std::optional<JsonNode> root = ParseJson(text, file, out);
  if (!root) return std::nullopt;
  const Origin origin{file, "", root->place};
  if (!root->is_object()) {
    out.Add(origin,
            absl::StrCat("the document is ", KindName(root->kind), "; accepted: an object"));
    return std::nullopt;
  }
  SweepPlan plan = PlanReader(*root, origin, out).Read();
  if (!out.empty()) return std::nullopt;
  return plan;
}

}  // namespace ddpsim::sweep

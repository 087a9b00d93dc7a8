#include "sim/scenario/scenario_loader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sim/scenario/expect_reader.h"
#include "sim/scenario/field_reader.h"
#include "sim/scenario/scenario_rules.h"
#include "sim/text/json_parser.h"
#include "sim/text/json_pointer.h"
#include "sim/text/text_cursor.h"

namespace ddpsim {
namespace {

constexpr char kCommandLine[] = "command line";

// A root without the keys that are read apart.
JsonNode SettingsOf(const JsonNode& root) {
  JsonNode settings = root;
  auto apart = [](const JsonMember& member) {
    return member.key == "variants" || member.key == "expect" ||
           (member.key == "$schema" && member.value.is_string());
  };
  settings.members.erase(std::remove_if(settings.members.begin(), settings.members.end(), apart),
                         settings.members.end());
  return settings;
}

class Loader {
 public:
  Loader(const LoadOptions& options, Diagnostics& out) : options_(options), out_(out) {}

  std::optional<ScenarioPlan> Load(JsonNode root, const Origin& origin) {
    if (!root.is_object()) {
      out_.Add(origin,
               std::string("the document is ") + KindName(root.kind) + "; accepted: an object");
      return std::nullopt;
    }
    MergePlaced(root);
    MergeCommandLine(root);
    ScenarioPlan plan;
    ReadContext context(out_);
    plan.scenario = ReadScenario(SettingsOf(root), origin, context);
    if (const JsonMember* variants = root.Find("variants")) {
      ReadVariants(root, *variants, origin, plan);
    }
    if (const JsonMember* expect = root.Find("expect")) {
      plan.expect = ReadExpectations(*expect, MemberOrigin(origin, *expect), plan.scenario.compare,
                                     plan.variants, ComparesByCommandLine(), context);
    }
    if (!out_.empty()) return std::nullopt;
    return plan;
  }

 private:
  bool ComparesByCommandLine() const {
    auto compares = [](const auto& change) { return change.pointer == "/compare"; };
    return std::any_of(options_.overrides.begin(), options_.overrides.end(), compares) ||
           std::any_of(options_.placed.begin(), options_.placed.end(), compares);
  }

  void MergePlaced(JsonNode& root) {
    for (const PlacedOverride& change : options_.placed) {
      const std::optional<std::vector<std::string>> names = SplitPointer(change.pointer);
      std::string failed_at;
      const std::string error =
          !names || names->empty()
              ? "not a JSON Pointer to a setting"
              : SetAtPointer(root, *names, change.value, change.key.file, &failed_at);
      if (!error.empty()) out_.Add(change.key, error);
    }
  }

  void MergeCommandLine(JsonNode& root) {
    for (const Override& change : options_.overrides) Merge(root, change);
    if (options_.seed) Merge(root, {"/seed", std::to_string(*options_.seed)});
  }

  void Merge(JsonNode& root, const Override& change) {
    const std::optional<std::vector<std::string>> names = SplitPointer(change.pointer);
    if (!names || names->empty()) {
      out_.Add({kCommandLine, change.pointer, {}},
               "not a JSON Pointer to a setting; accepted: for example /workload/bs");
      return;
    }
    if (!IsUtf8(change.value)) {
      out_.Add({kCommandLine, change.pointer, {}}, "the value is not UTF-8");
      return;
    }
    Diagnostics complaints;
    std::optional<JsonNode> parsed = ParseJson(change.value, kCommandLine, complaints);
    JsonNode value;
    if (parsed && complaints.empty()) {
      value = std::move(*parsed);
      ForgetPlaces(value);
    } else if (IsMeantAsJson(change.value)) {
      out_.Add(
          {kCommandLine, change.pointer, {}},
          absl::StrCat("the value is no JSON: ",
                       absl::StrReplaceAll(complaints.list().front().text, {{"the file", "it"}})));
      return;
    } else {
      value.kind = JsonNode::Kind::kString;
      value.text = change.value;
    }
    value.origin_file = kCommandLine;
    value.origin_pointer = change.pointer;
    std::string failed_at;
    const std::string error =
        SetAtPointer(root, *names, std::move(value), kCommandLine, &failed_at);
    if (!error.empty()) out_.Add({kCommandLine, failed_at, {}}, error);
  }

  // Other text that is no JSON is a string, so that `--set /workload/bs=128k` needs no quotes.
  static bool IsMeantAsJson(const std::string& text) {
    const size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string::npos && (text[first] == '{' || text[first] == '[');
  }

  static void ForgetPlaces(JsonNode& node) {
    node.place = {};
    for (JsonNode& item : node.items) ForgetPlaces(item);
    for (JsonMember& member : node.members) {
      member.key_place = {};
      ForgetPlaces(member.value);
    }
  }

  Scenario ReadScenario(const JsonNode& settings, const Origin& origin, ReadContext& context) {
    Scenario scenario;
    context.Note("", origin);
    FieldReader reader(&settings, "", origin, context);
    scenario.Describe(reader);
    reader.Know({"variants", "expect"});
    reader.Finish();
    ResolveDefaults(scenario, context);
    CheckScenario(scenario, options_.profiles, context);
    return scenario;
  }

  void ReadVariants(const JsonNode& root, const JsonMember& variants, const Origin& outer,
                    ScenarioPlan& plan) {
    const Origin origin = MemberOrigin(outer, variants);
    if (!variants.value.is_object()) {
      out_.Add(origin, "not an object; accepted: {NAME: {POINTER: VALUE}}");
      return;
    }
    for (const JsonMember& variant : variants.value.members) {
      if (!NameIsGood(variant.key)) {
        out_.Add(KeyOrigin(origin, variant),
                 "bad name; accepted: letters, digits, \"_\", \"-\", \".\" and no mode's name");
        continue;
      }
      JsonNode changed = SettingsOf(root);
      ApplyVariant(changed, variant, MemberOrigin(origin, variant));
      ReadContext context(out_);
      ScenarioVariant read{variant.key, {}, ReadScenario(changed, outer, context)};
      for (const JsonMember& change : variant.value.members) {
        read.changes.emplace_back(change.key, JsonText(change.value));
      }
      plan.variants.push_back(std::move(read));
    }
  }

  // The name becomes part of file names and of VARIANT/MODE.
  static bool NameIsGood(const std::string& name) {
    for (const auto& mode : kModeNames) {
      if (name == mode.name) return false;
    }
    return !name.empty() &&
           name.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
               std::string::npos;
  }

  void ApplyVariant(JsonNode& root, const JsonMember& variant, const Origin& origin) {
    if (!variant.value.is_object()) {
      out_.Add(origin, "not an object; accepted: {POINTER: VALUE}");
      return;
    }
    for (const JsonMember& change : variant.value.members) {
      const Origin at = MemberOrigin(origin, change);
      const Origin key = KeyOrigin(origin, change);
      const std::optional<std::vector<std::string>> names = SplitPointer(change.key);
      if (!names || names->empty()) {
        out_.Add(key,
                 "\"" + change.key +
                     "\" is not a JSON Pointer to a setting; accepted: for example /workload/bs");
        continue;
      }
      const std::string& group = names->front();
      if (group == "compare" || group == "variants" || group == "expect" ||
          group == "description") {
        out_.Add(key, "a variant cannot change \"" + group +
                          "\"; accepted: seed, workload, network, host, target");
        continue;
      }
      if (const std::string why = WhyNotChanged(variant, change); !why.empty()) {
        out_.Add(key, why);
        continue;
      }
      JsonNode value = change.value;
      value.origin_file = at.file;
      value.origin_pointer = at.pointer;
      std::string failed_at;
      const std::string error = SetAtPointer(root, *names, std::move(value), at.file, &failed_at);
      if (!error.empty()) out_.Add(key, error);
    }
  }

  // A change must not undo another one without a word, be it the variant's own or a sweep's.
  std::string WhyNotChanged(const JsonMember& variant, const JsonMember& change) const {
    if (change.key == "/seed" && options_.several_seeds)
      return "a variant cannot have a seed of its own where each is run with several seeds; "
             "accepted: workload, network, host, target";
    for (const JsonMember& other : variant.value.members) {
      // Told of the one that comes later.
      if (&other < &change && HoldPartsOfEachOther(change.key, other.key))
        return absl::StrCat("\"", change.key, "\" and \"", other.key,
                            "\", which is set as well, hold parts of each other; accepted: "
                            "pointers none of which begins another");
    }
    for (const PlacedOverride& placed : options_.placed) {
      if (LiesInside(placed.pointer, change.key) || (placed.varies && placed.pointer == change.key))
        return absl::StrCat("the variant would undo \"", placed.pointer, "\", which is ",
                            placed.varies ? "an axis of the sweep" : "set for all points",
                            "; accepted: pointers that hold nothing of it");
    }
    return "";
  }

  const LoadOptions& options_;
  Diagnostics& out_;
};

}  // namespace

const char* ModeName(Mode mode) {
  for (const auto& name : kModeNames) {
    if (name.value == mode) return name.name;
  }
  return "?";
}

LoadResult LoadScenario(const std::string& text, const std::string& file,
                        const LoadOptions& options) {
  LoadResult result;
  std::optional<JsonNode> root = ParseJson(text, file, result.diagnostics);
  if (root) {
    const Origin origin{file, "", root->place};
    result.plan = Loader(options, result.diagnostics).Load(std::move(*root), origin);
  }
  result.diagnostics.Sort();
  return result;
}

LoadResult LoadScenario(JsonNode root, const Origin& origin, const LoadOptions& options) {
  LoadResult result;
  result.plan = Loader(options, result.diagnostics).Load(std::move(root), origin);
  result.diagnostics.Sort();
  return result;
}

}  // namespace ddpsim

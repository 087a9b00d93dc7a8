#include "sim/scenario/expect_reader.h"

#include <algorithm>
#include <optional>

#include "sim/result/result_reference.h"
#include "sim/text/json_pointer.h"
#include "sim/text/nearest_name.h"

namespace ddpsim {
namespace {

class ExpectReader {
 public:
  ExpectReader(const std::vector<Mode>& compare, const std::vector<ScenarioVariant>& variants,
               bool partial, ReadContext& context)
      : compare_(compare), variants_(variants), partial_(partial), context_(context) {}

  std::vector<Expectation> Block(const JsonNode& block, const Origin& origin) {
    for (const JsonMember& run : block.members) Run(run, origin);
    return std::move(out_);
  }

  bool IsObject(const JsonNode& node, const Origin& origin, const char* accepted) {
    if (node.is_object()) return true;
    Fail(origin, std::string(KindName(node.kind)) + " is not an object; accepted: " + accepted);
    return false;
  }

 private:
  void Fail(const Origin& origin, const std::string& text) {
    context_.diagnostics().Add(origin, text);
  }

  // "MODE", "VARIANT/MODE", and with "*" every compared mode.
  std::vector<std::string> RunNames() const {
    std::vector<std::string> names;
    for (Mode mode : compare_) names.push_back(ModeName(mode));
    names.push_back("*");
    for (const ScenarioVariant& variant : variants_) {
      for (Mode mode : compare_) names.push_back(variant.name + "/" + ModeName(mode));
      names.push_back(variant.name + "/*");
    }
    return names;
  }

  // "MODE" or "VARIANT/MODE" of any mode there is.
  bool NamesKnownMode(const std::string& key) const {
    const size_t slash = key.rfind('/');
    const std::string mode = slash == std::string::npos ? key : key.substr(slash + 1);
    return std::any_of(std::begin(kModeNames), std::end(kModeNames),
                       [&](const EnumName<Mode>& name) { return mode == name.name; });
  }

  void Run(const JsonMember& run, const Origin& outer) {
    const std::vector<std::string> names = RunNames();
    const auto found = std::find(names.begin(), names.end(), run.key);
    if (found == names.end()) {
      if (partial_ && NamesKnownMode(run.key)) return;
      return Fail(KeyOrigin(outer, run),
                  "no run is called \"" + run.key + "\"" + AcceptedNames(run.key, names));
    }
    const Origin origin = MemberOrigin(outer, run);
    if (!IsObject(run.value, origin, "{POINTER: {OPERATOR: VALUE}}")) return;
    Expectation like;
    const size_t index = static_cast<size_t>(found - names.begin());
    const size_t group = compare_.size() + 1;
    if (index >= group) like.variant = variants_[index / group - 1].name;
    for (size_t i = 0; i < compare_.size(); ++i) {
      if (index % group != i && index % group != compare_.size()) continue;
      like.mode = compare_[i];
      for (const JsonMember& figure : run.value.members) Figure(figure, origin, like);
    }
  }

  void Figure(const JsonMember& figure, const Origin& outer, Expectation like) {
    if (figure.key.empty() || !SplitPointer(figure.key)) {
      return Fail(KeyOrigin(outer, figure),
                  "\"" + figure.key +
                      "\" is not a JSON Pointer into a run; accepted: for "
                      "example /offload/placed_fraction");
    }
    const std::string wrong = UnknownResultPointer(figure.key);
    if (!wrong.empty()) return Fail(KeyOrigin(outer, figure), wrong);
    const Origin origin = MemberOrigin(outer, figure);
    if (!IsObject(figure.value, origin, "{OPERATOR: VALUE}")) return;
    if (figure.value.members.empty()) {
      return Fail(origin, "expects nothing" + AcceptedNames("", Operators()));
    }
    like.pointer = figure.key;
    for (const JsonMember& demand : figure.value.members) Demand(demand, origin, like);
  }

  static std::vector<std::string> Operators() {
    std::vector<std::string> names;
    for (const auto& op : kExpectOperatorNames) names.push_back(op.name);
    return names;
  }

  static bool TakesAnything(ExpectOperator op) {
    return op == ExpectOperator::kEquals || op == ExpectOperator::kNotEquals;
  }

  void Demand(const JsonMember& demand, const Origin& outer, Expectation like) {
    const std::vector<std::string> operators = Operators();
    const auto found = std::find(operators.begin(), operators.end(), demand.key);
    if (found == operators.end()) {
      return Fail(KeyOrigin(outer, demand),
                  "unknown operator \"" + demand.key + "\"" + AcceptedNames(demand.key, operators));
    }
    like.op = kExpectOperatorNames[found - operators.begin()].value;
    const JsonNode& value = demand.value;
    if (value.kind == JsonNode::Kind::kInteger) {
      like.value = value.integer;
    } else if (value.kind == JsonNode::Kind::kReal) {
      like.value = value.real;
    } else if (TakesAnything(like.op) && value.is_string()) {
      like.value = value.text;
    } else if (TakesAnything(like.op) && value.kind == JsonNode::Kind::kBoolean) {
      like.value = value.boolean;
    } else {
      return Fail(MemberOrigin(outer, demand),
                  std::string(KindName(value.kind)) + " cannot be compared so; accepted: a number" +
                      (TakesAnything(like.op) ? ", a string, a boolean" : ""));
    }
    out_.push_back(like);
  }

  static std::string UnknownResultPointer(const std::string& pointer) {
    std::string nearest;
    if (IsResultPointer(pointer, &nearest)) return "";
    const std::string wrong = "a run has no figure \"" + pointer +
                              "\"; accepted: the pointers that \"ddpsim schema --markdown\" lists";
    return nearest.empty() ? wrong : wrong + "; did you mean \"" + nearest + "\"?";
  }

  const std::vector<Mode>& compare_;
  const std::vector<ScenarioVariant>& variants_;
  bool partial_;
  ReadContext& context_;
  std::vector<Expectation> out_;
};

}  // namespace

std::vector<Expectation> ReadExpectations(const JsonMember& block, const Origin& origin,
                                          const std::vector<Mode>& compare,
                                          const std::vector<ScenarioVariant>& variants,
                                          bool partial, ReadContext& context) {
  ExpectReader reader(compare, variants, partial, context);
  if (!reader.IsObject(block.value, origin, "{MODE or VARIANT/MODE: {POINTER: {OPERATOR: VALUE}}}"))
    return {};
  return reader.Block(block.value, origin);
}

}  // namespace ddpsim

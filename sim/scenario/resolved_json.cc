#include "sim/scenario/resolved_json.h"

#include <string>
#include <vector>

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

// The Describe visitor that writes a config struct.
class ResolvedWriter {
 public:
  explicit ResolvedWriter(Json& out) : out_(out) { out_ = Json::object(); }

  void Integer(const char* name, int64_t& value, Range<int64_t>, const char*, const char*) {
    out_[name] = value;
  }
  void Bytes(const char* name, int64_t& value, Range<int64_t>, const char*) { out_[name] = value; }
  void Number(const char* name, double& value, Range<double>, const char*, const char*) {
    out_[name] = value;
  }
  void Boolean(const char* name, bool& value, const char*) { out_[name] = value; }
  void String(const char* name, std::string& value, const char*) { out_[name] = value; }
  void Integers(const char* name, std::vector<int64_t>& value, Range<int64_t>, const char*) {
    out_[name] = value;
  }

  template <class E, class Names>
  void Enum(const char* name, E& value, const Names& names, const char*) {
    out_[name] = Word(value, names);
  }

  template <class E, class Names>
  void Enums(const char* name, std::vector<E>& value, const Names& names, const char*) {
    out_[name] = Json::array();
    for (E one : value) out_[name].push_back(Word(one, names));
  }

  template <class T>
  void Group(const char* name, T& value, const char*) {
    ResolvedWriter inner(out_[name]);
    value.Describe(inner);
  }

  template <class T>
  void Groups(const char* name, std::vector<T>& value, const char*) {
    Json& array = out_[name] = Json::array();
    for (T& one : value) {
      array.emplace_back();
      ResolvedWriter inner(array.back());
      one.Describe(inner);
    }
  }

  template <class T>
  void NumberOrGroup(const char* name, T& value, Range<double>, const char*, const char* doc) {
    if (const double* number = value.ShortForm()) {
      out_[name] = *number;
    } else {
      Group(name, value, doc);
    }
  }

  template <class F>
  void Case(const char*, const char*, bool active, Presence, F body) {
    if (active) body();
  }

 private:
  template <class E, class Names>
  static const char* Word(E value, const Names& names) {
    for (const auto& name : names) {
      if (name.value == value) return name.name;
    }
    return "?";
  }

  Json& out_;
};

const char* OperatorName(ExpectOperator op) {
  for (const auto& name : kExpectOperatorNames) {
    if (name.value == op) return name.name;
  }
  return "?";
}

Json ExpectJson(const std::vector<Expectation>& expect) {
  Json out = Json::object();
  for (const Expectation& e : expect) {
    const std::string run = (e.variant.empty() ? "" : e.variant + "/") + ModeName(e.mode);
    std::visit([&](const auto& value) { out[run][e.pointer][OperatorName(e.op)] = value; },
               e.value);
  }
  return out;
}

}  // namespace

nlohmann::ordered_json ResolvedJson(const ScenarioPlan& plan) {
  Json out;
  Scenario scenario = plan.scenario;
  ResolvedWriter writer(out);
  scenario.Describe(writer);
  if (!plan.variants.empty()) {
    Json& variants = out["variants"] = Json::object();
    for (const ScenarioVariant& variant : plan.variants) {
      Json& changes = variants[variant.name] = Json::object();
      for (const auto& [pointer, text] : variant.changes) changes[pointer] = Json::parse(text);
    }
  }
  if (!plan.expect.empty()) out["expect"] = ExpectJson(plan.expect);
  return out;
}

}  // namespace ddpsim

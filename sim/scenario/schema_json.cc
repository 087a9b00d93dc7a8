#include <sstream>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/scenario/schema.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kSizePattern[] = "^[0-9]+[kKmMgGtT]?$";

std::string WithUnit(const char* doc, const char* unit) {
  return *unit == '\0' ? std::string(doc) : std::string(doc) + " [" + unit + "]";
}

template <class Names>
Json Words(const Names& names) {
  Json out = Json::array();
  for (const auto& name : names) out.push_back(name.name);
  return out;
}

template <class E, class Names>
Json Word(E value, const Names& names) {
  for (const auto& name : names) {
    if (name.value == value) return name.name;
  }
  return nullptr;
}

// The Describe visitor that writes the schema of a config struct.
class SchemaWriter {
 public:
  explicit SchemaWriter(Json& out) : out_(out) {
    out_["type"] = "object";
    out_["additionalProperties"] = false;
    out_["properties"] = Json::object();
  }

  void Integer(const char* name, int64_t& value, Range<int64_t> range, const char* unit,
               const char* doc) {
    Add(name, WithUnit(doc, unit),
        {{"type", "integer"}, {"minimum", range.min}, {"maximum", range.max}, {"default", value}});
  }

  void Bytes(const char* name, int64_t& value, Range<int64_t> range, const char* doc) {
    Json number = {{"type", "integer"}, {"minimum", range.min}, {"maximum", range.max}};
    Json text = {{"type", "string"}, {"pattern", kSizePattern}};
    Add(name, WithUnit(doc, "byte, or with fio's suffix"),
        {{"anyOf", {number, text}}, {"default", value}});
  }

  void Number(const char* name, double& value, Range<double> range, const char* unit,
              const char* doc) {
    Add(name, WithUnit(doc, unit),
        {{"type", "number"}, {"minimum", range.min}, {"maximum", range.max}, {"default", value}});
  }

  void Boolean(const char* name, bool& value, const char* doc) {
    Add(name, doc, {{"type", "boolean"}, {"default", value}});
  }

  void String(const char* name, std::string& value, const char* doc) {
    Add(name, doc, {{"type", "string"}, {"default", value}});
  }

  void Integers(const char* name, std::vector<int64_t>& value, Range<int64_t> range,
                const char* doc) {
    Json item = {{"type", "integer"}, {"minimum", range.min}, {"maximum", range.max}};
    Add(name, doc, {{"type", "array"}, {"items", item}});
  }

  template <class E, class Names>
  void Enum(const char* name, E& value, const Names& names, const char* doc) {
    Add(name, doc, {{"enum", Words(names)}, {"default", Word(value, names)}});
  }

  template <class E, class Names>
  void Enums(const char* name, std::vector<E>& value, const Names& names, const char* doc) {
    Json defaults = Json::array();
    for (E one : value) defaults.push_back(Word(one, names));
    const Json item = {{"enum", Words(names)}};
    Add(name, doc,
        {{"type", "array"},
         {"items", item},
         {"minItems", 1},
         {"uniqueItems", true},
         {"default", defaults}});
  }

  template <class T>
  void Group(const char* name, T& value, const char* doc) {
    Add(name, doc, ObjectOf(value));
  }

  template <class T>
  void Groups(const char* name, std::vector<T>& value, const char* doc) {
    T one;
    Add(name, doc, {{"type", "array"}, {"items", ObjectOf(one)}});
  }

  template <class T>
  void NumberOrGroup(const char* name, T& value, Range<double> range, const char* unit,
                     const char* doc) {
    const Json number = {{"type", "number"}, {"minimum", range.min}, {"maximum", range.max}};
    Add(name, WithUnit(doc, unit),
        {{"anyOf", {number, ObjectOf(value)}}, {"default", *value.ShortForm()}});
  }

  // Elsewhere than in its case a field is no property at all.
  template <class F>
  void Case(const char* tag, const char* words, bool active, Presence presence, F body) {
    std::vector<std::string> outer;
    outer.swap(added_);
    body();
    Json rule = {{"if", {{"properties", {{tag, {{"enum", Split(words)}}}}}}}};
    // An absent tag has its default; "if" passes over absent properties.
    if (!active) rule["if"]["required"] = {tag};
    if (presence == Presence::kRequired) rule["then"]["required"] = added_;
    for (const std::string& name : added_) rule["else"]["properties"][name] = false;
    out_["allOf"].push_back(rule);
    outer.swap(added_);
  }

 private:
  template <class T>
  static Json ObjectOf(T& value) {
    Json object;
    SchemaWriter inner(object);
    value.Describe(inner);
    return object;
  }

  static std::vector<std::string> Split(const std::string& words) {
    std::vector<std::string> out;
    std::istringstream in(words);
    for (std::string word; std::getline(in, word, '|');) out.push_back(word);
    return out;
  }

  void Add(const char* name, const std::string& doc, const Json& schema) {
    Json& property = out_["properties"][name];
    property["description"] = doc;
    property.update(schema);
    added_.push_back(name);
  }

  Json& out_;
  std::vector<std::string> added_;
};

Json VariantsSchema() {
  return {{"description",
           "the same scenario under named changes, each run too: {NAME: {JSON Pointer: value}}"},
          {"type", "object"},
          {"additionalProperties", {{"type", "object"}, {"propertyNames", {{"pattern", "^/"}}}}}};
}

Json ExpectSchema() {
  Json demands = {{"type", "object"}, {"minProperties", 1}, {"additionalProperties", false}};
  for (const auto& op : kExpectOperatorNames) {
    const bool any = op.value == ExpectOperator::kEquals || op.value == ExpectOperator::kNotEquals;
    demands["properties"][op.name]["type"] =
        any ? Json({"number", "string", "boolean"}) : Json("number");
  }
  const Json figures = {{"type", "object"},
                        {"propertyNames", {{"pattern", "^/"}}},
                        {"additionalProperties", demands}};
  return {{"description",
           "what the figures must be: {MODE or VARIANT/MODE: {JSON Pointer into the run: "
           "{operator: value}}}"},
          {"type", "object"},
          {"additionalProperties", figures}};
}

}  // namespace

nlohmann::ordered_json ScenarioSchema() {
  Json out = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "ddpsim scenario"}};
  Scenario defaults;
  SchemaWriter writer(out);
  defaults.Describe(writer);
  out["properties"]["variants"] = VariantsSchema();
  out["properties"]["expect"] = ExpectSchema();
  out["properties"]["$schema"] = {{"description", "for editors; ignored"}, {"type", "string"}};
  return out;
}

}  // namespace ddpsim

// The Describe visitor that fills a config struct from one JSON object. Complains about every wrong
// value and, in Finish(), about every key that nothing described. Invariant: a setting that is
// absent or wrong keeps its default.
#ifndef DDPSIM_SIM_SCENARIO_FIELD_READER_H_
#define DDPSIM_SIM_SCENARIO_FIELD_READER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "ddpsim/base/fields.h"
#include "sim/scenario/read_context.h"
#include "sim/text/json_node.h"

namespace ddpsim {

class FieldReader {
 public:
  // `object` is null if the group is absent. `pointer` is the group's place in the scenario.
  FieldReader(const JsonNode* object, std::string pointer, Origin origin, ReadContext& context);

  void Integer(const char* name, int64_t& value, Range<int64_t> range, const char* unit,
               const char* doc);
  void Bytes(const char* name, int64_t& value, Range<int64_t> range, const char* doc);
  void Number(const char* name, double& value, Range<double> range, const char* unit,
              const char* doc);
  void Boolean(const char* name, bool& value, const char* doc);
  void String(const char* name, std::string& value, const char* doc);
  void Integers(const char* name, std::vector<int64_t>& value, Range<int64_t> range,
                const char* doc);

  template <class E, class Names>
  void Enum(const char* name, E& value, const Names& names, const char* doc) {
    const int index = Word(name, Words(names));
    if (index >= 0) value = names[index].value;
  }

  template <class E, class Names>
  void Enums(const char* name, std::vector<E>& value, const Names& names, const char* doc) {
    std::vector<int> indices;
    if (!WordList(name, Words(names), indices)) return;
    value.clear();
    for (int index : indices) value.push_back(names[index].value);
  }

  template <class T>
  void Group(const char* name, T& value, const char* doc) {
    FieldReader inner = Inner(name);
    value.Describe(inner);
    inner.Finish();
  }

  template <class T>
  void Groups(const char* name, std::vector<T>& value, const char* doc) {
    std::vector<FieldReader> readers = Elements(name);
    if (readers.empty()) return;
    value.assign(readers.size(), T());
    for (size_t i = 0; i < readers.size(); ++i) {
      value[i].Describe(readers[i]);
      readers[i].Finish();
    }
  }

  template <class T>
  void NumberOrGroup(const char* name, T& value, Range<double> range, const char* unit,
                     const char* doc) {
    if (!IsObjectValue(name)) return Number(name, *value.ShortForm(), range, unit, doc);
    Group(name, value, doc);
  }

  template <class F>
  void Case(const char* tag, const char* words, bool active, Presence presence, F body) {
    const CaseState outer = case_;
    case_ = {tag, words, active, presence};
    body();
    case_ = outer;
  }

  // Keys that somebody else reads.
  void Know(std::vector<std::string> names) {
    known_.insert(known_.end(), names.begin(), names.end());
  }

  void Finish();

 private:
  struct CaseState {
    const char* tag = nullptr;
    const char* words = nullptr;
    bool active = true;
    Presence presence = Presence::kOptional;
  };

  template <class Names>
  static std::vector<std::string> Words(const Names& names) {
    std::vector<std::string> words;
    for (const auto& name : names) words.push_back(name.name);
    return words;
  }

  // The member `name` if it is given and may be; complains if it must not or if it is missing.
  const JsonMember* Take(const char* name);
  // An array that must be given must hold something.
  bool NotEmpty(const JsonNode& array, const Origin& origin);
  bool IsObjectValue(const char* name) const;
  int Word(const char* name, const std::vector<std::string>& words);
  bool WordList(const char* name, const std::vector<std::string>& words, std::vector<int>& indices);
  int MatchWord(const JsonNode& node, const Origin& origin, const std::vector<std::string>& words);
  FieldReader Inner(const char* name);
  std::vector<FieldReader> Elements(const char* name);
  void Fail(const Origin& origin, const std::string& text) {
    context_->diagnostics().Add(origin, text);
  }
  bool Read(const JsonNode& node, const Origin& origin, Range<int64_t> range,
            const std::string& unit, int64_t& value);

  const JsonNode* object_;
  std::string pointer_;
  Origin origin_;
  ReadContext* context_;
  CaseState case_;
  std::vector<std::string> known_;
  std::vector<std::string> misplaced_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SCENARIO_FIELD_READER_H_

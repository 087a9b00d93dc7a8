// The Describe visitor that goes from setting to setting of a scenario and hands each one on, with
// its JSON Pointer and what it accepts, to a SettingHandler, which may change it. Elements of a
// list of groups have "*" for their number ("/network/c2h/loss/ranges/*/from"): they are one
// setting. Invariant: whatever Describe() names is handed on, so that a new setting is drawn,
// counted and made small without being registered anywhere.
#ifndef DDPSIM_SIM_VALIDATE_SETTING_WALKER_H_
#define DDPSIM_SIM_VALIDATE_SETTING_WALKER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ddpsim/base/fields.h"

namespace ddpsim {

using SettingWords = std::vector<const char*>;

class SettingHandler {
 public:
  virtual ~SettingHandler() = default;
  virtual void OnInteger(const std::string& pointer, int64_t& value, Range<int64_t> range) = 0;
  virtual void OnBytes(const std::string& pointer, int64_t& value, Range<int64_t> range) = 0;
  virtual void OnNumber(const std::string& pointer, double& value, Range<double> range) = 0;
  virtual void OnBoolean(const std::string& pointer, bool& value) = 0;
  virtual void OnText(const std::string& pointer, std::string& value) = 0;
  // `index` into `words`.
  virtual void OnWord(const std::string& pointer, size_t& index, const SettingWords& words) = 0;
  virtual void OnWords(const std::string& pointer, std::vector<size_t>& indices,
                       const SettingWords& words) = 0;
  virtual void OnIntegers(const std::string& pointer, std::vector<int64_t>& values,
                          Range<int64_t> range) = 0;
  // A list of groups: how many it shall have. Its elements follow.
  virtual size_t OnGroups(const std::string& pointer, size_t size) = 0;
  // What follows until EndCase() belongs to `words` ("a|b") of the setting `tag`. False: pass over.
  virtual bool BeginCase(const std::string& tag, const std::string& words, bool active,
                         Presence presence) = 0;
  virtual void EndCase() = 0;
};

class SettingWalker {
 public:
  SettingWalker(SettingHandler* handler, std::string pointer)
      : handler_(handler), pointer_(std::move(pointer)) {}

  void Integer(const char* name, int64_t& value, Range<int64_t> range, const char*, const char*) {
    handler_->OnInteger(At(name), value, range);
  }
  void Bytes(const char* name, int64_t& value, Range<int64_t> range, const char*) {
    handler_->OnBytes(At(name), value, range);
  }
  void Number(const char* name, double& value, Range<double> range, const char*, const char*) {
    handler_->OnNumber(At(name), value, range);
  }
  void Boolean(const char* name, bool& value, const char*) { handler_->OnBoolean(At(name), value); }
  void String(const char* name, std::string& value, const char*) {
    handler_->OnText(At(name), value);
  }
  void Integers(const char* name, std::vector<int64_t>& values, Range<int64_t> range, const char*) {
    handler_->OnIntegers(At(name), values, range);
  }

  template <class E, class Names>
  void Enum(const char* name, E& value, const Names& names, const char*) {
    size_t index = IndexOf(value, names);
    handler_->OnWord(At(name), index, Words(names));
    value = names[index].value;
  }
  template <class E, class Names>
  void Enums(const char* name, std::vector<E>& values, const Names& names, const char*) {
    std::vector<size_t> indices;
    indices.reserve(values.size());
    for (E value : values) indices.push_back(IndexOf(value, names));
    handler_->OnWords(At(name), indices, Words(names));
    values.clear();
    for (size_t index : indices) values.push_back(names[index].value);
  }

  template <class T>
  void Group(const char* name, T& value, const char*) {
    SettingWalker inner(handler_, At(name));
    value.Describe(inner);
  }
  template <class T>
  void Groups(const char* name, std::vector<T>& values, const char*) {
    values.resize(handler_->OnGroups(At(name), values.size()));
    for (T& value : values) {
      SettingWalker inner(handler_, At(name) + "/*");
      value.Describe(inner);
    }
  }
  template <class T>
  void NumberOrGroup(const char* name, T& value, Range<double>, const char*, const char* doc) {
    Group(name, value, doc);
  }

  template <class F>
  void Case(const char* tag, const char* words, bool active, Presence presence, F body) {
    if (handler_->BeginCase(At(tag), words, active, presence)) body();
    handler_->EndCase();
  }

 private:
  std::string At(const char* name) const { return pointer_ + "/" + name; }
  template <class Names>
  static SettingWords Words(const Names& names) {
    SettingWords words;
    for (const auto& name : names) words.push_back(name.name);
    return words;
  }
  template <class E, class Names>
  static size_t IndexOf(E value, const Names& names) {
    size_t index = 0;
    for (const auto& name : names) {
      if (name.value == value) return index;
      ++index;
    }
    return 0;
  }

  SettingHandler* handler_;
  std::string pointer_;
};

template <class T>
void WalkSettings(T* described, SettingHandler* handler) {
  SettingWalker walker(handler, "");
  described->Describe(walker);
}

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_SETTING_WALKER_H_

#include "sim/scenario/field_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sim/scenario/number_text.h"
#include "sim/text/byte_size.h"
#include "sim/text/json_pointer.h"
#include "sim/text/nearest_name.h"

namespace ddpsim {
namespace {

// What the user wrote, short enough for a message.
std::string Shown(const JsonNode& node) {
  if (node.is_string()) return "\"" + node.text + "\"";
  if (node.is_number()) return node.text;
  if (node.kind == JsonNode::Kind::kBoolean) return node.boolean ? "true" : "false";
  return KindName(node.kind);
}

std::string WithUnit(const std::string& text, const std::string& unit) {
  return unit.empty() ? text : text + " " + unit;
}

// JSON makes no difference between 2, 2.0 and 2e0 (JSON Schema 2020-12, "integer"), nor do we.
bool IsWhole(const JsonNode& node, int64_t* value) {
  if (node.kind == JsonNode::Kind::kInteger) {
    *value = node.integer;
    return true;
  }
  if (node.kind != JsonNode::Kind::kReal || std::abs(node.real) > 9e15 ||
      node.real != std::floor(node.real)) {
    return false;
  }
  *value = static_cast<int64_t>(node.real);
  return true;
}

std::string Interval(Range<int64_t> range, const std::string& unit) {
  return WithUnit(absl::StrCat(range.min, "..", range.max), unit);
}

std::string ByteInterval(Range<int64_t> range) {
  return FormatByteSize(range.min) + ".." + FormatByteSize(range.max) +
         " (a number of bytes, or a string with one of "
         "fio's suffixes k, m, g, t)";
}

}  // namespace

FieldReader::FieldReader(const JsonNode* object, std::string pointer, Origin origin,
                         ReadContext& context)
    : object_(object),
      pointer_(std::move(pointer)),
      origin_(std::move(origin)),
      context_(&context) {}

const JsonMember* FieldReader::Take(const char* name) {
  const JsonMember* member = object_ == nullptr ? nullptr : object_->Find(name);
  if (case_.active) known_.push_back(name);
  if (member == nullptr) {
    if (object_ != nullptr && case_.active && case_.presence == Presence::kRequired) {
      Fail(origin_,
           absl::StrCat("\"", name, "\" is missing; ", case_.tag, " ", case_.words, " needs it"));
    }
    return nullptr;
  }
  if (!case_.active) {
    misplaced_.push_back(name);
    Fail(KeyOrigin(origin_, *member),
         absl::StrCat("belongs to ", case_.tag, " ", case_.words, " only"));
    return nullptr;
  }
  context_->Note(pointer_ + "/" + name, MemberOrigin(origin_, *member));
  return member;
}

bool FieldReader::Read(const JsonNode& node, const Origin& origin, Range<int64_t> range,
                       const std::string& unit, int64_t& value) {
  int64_t read = 0;
  const std::string accepted = "; accepted: an integer, " + Interval(range, unit);
  if (!node.is_number()) {
    Fail(origin, Shown(node) + " is not an integer" + accepted);
  } else if (node.real != std::floor(node.real)) {
    Fail(origin, Shown(node) + " has a fraction" + accepted);
  } else if (!IsWhole(node, &read)) {
    Fail(origin, Shown(node) + " does not fit 64 bits" + accepted);
  } else if (read < range.min || read > range.max) {
    Fail(origin, Shown(node) + " is out of range" + accepted);
  } else {
    value = read;
    return true;
  }
  return false;
}

void FieldReader::Integer(const char* name, int64_t& value, Range<int64_t> range, const char* unit,
                          const char*) {
  const JsonMember* member = Take(name);
  if (member != nullptr) Read(member->value, MemberOrigin(origin_, *member), range, unit, value);
}

void FieldReader::Bytes(const char* name, int64_t& value, Range<int64_t> range, const char*) {
  const JsonMember* member = Take(name);
  if (member == nullptr) return;
  const JsonNode& node = member->value;
  const Origin origin = MemberOrigin(origin_, *member);
  const std::string accepted = "; accepted: " + ByteInterval(range);
  int64_t bytes = 0;
  if (node.is_string()) {
    const std::optional<int64_t> parsed = ParseByteSize(node.text);
    if (!parsed) return Fail(origin, Shown(node) + " is not a size" + accepted);
    bytes = *parsed;
  } else if (!node.is_number()) {
    return Fail(origin, Shown(node) + " is not a size" + accepted);
  } else if (!IsWhole(node, &bytes)) {
    const bool fraction = node.real != std::floor(node.real);
    return Fail(origin,
                Shown(node) + (fraction ? " has a fraction" : " does not fit 64 bits") + accepted);
  }
  if (bytes < range.min || bytes > range.max)
    return Fail(origin, Shown(node) + " is out of range" + accepted);
  value = bytes;
}

void FieldReader::Number(const char* name, double& value, Range<double> range, const char* unit,
                         const char*) {
  const JsonMember* member = Take(name);
  if (member == nullptr) return;
  const JsonNode& node = member->value;
  const std::string accepted = WithUnit(
      absl::StrCat("; accepted: a number, ", NumberText(range.min), "..", NumberText(range.max)),
      unit);
  if (!node.is_number()) {
    return Fail(MemberOrigin(origin_, *member), Shown(node) + " is not a number" + accepted);
  }
  if (node.real < range.min || node.real > range.max) {
    return Fail(MemberOrigin(origin_, *member), Shown(node) + " is out of range" + accepted);
  }
  value = node.real;
}

void FieldReader::Boolean(const char* name, bool& value, const char*) {
  const JsonMember* member = Take(name);
  if (member == nullptr) return;
  if (member->value.kind != JsonNode::Kind::kBoolean) {
    return Fail(MemberOrigin(origin_, *member),
                Shown(member->value) + " is not a boolean; accepted: true, false");
  }
  value = member->value.boolean;
}

void FieldReader::String(const char* name, std::string& value, const char*) {
  const JsonMember* member = Take(name);
  if (member == nullptr) return;
  if (!member->value.is_string()) {
    return Fail(MemberOrigin(origin_, *member),
                Shown(member->value) + " is not a string; accepted: a string");
  }
  value = member->value.text;
}

void FieldReader::Integers(const char* name, std::vector<int64_t>& value, Range<int64_t> range,
                           const char*) {
  const JsonMember* member = Take(name);
  if (member == nullptr) return;
  const Origin origin = MemberOrigin(origin_, *member);
  if (!member->value.is_array()) {
    return Fail(origin, Shown(member->value) + " is not an array; accepted: an array of integers");
  }
  if (!NotEmpty(member->value, origin)) return;
  std::vector<int64_t> read(member->value.items.size());
  for (size_t i = 0; i < read.size(); ++i) {
    const Origin at = ElementOrigin(origin, member->value, i);
    context_->Note(absl::StrCat(pointer_, "/", name, "/", i), at);
    if (!Read(member->value.items[i], at, range, "", read[i])) return;
  }
  value = std::move(read);
}

bool FieldReader::NotEmpty(const JsonNode& array, const Origin& origin) {
  if (!array.items.empty() || case_.presence == Presence::kOptional) return true;
  Fail(origin, "the array is empty; accepted: one or more");
  return false;
}

int FieldReader::MatchWord(const JsonNode& node, const Origin& origin,
                           const std::vector<std::string>& words) {
  if (!node.is_string()) {
    Fail(origin, Shown(node) + " is not a string" + AcceptedNames("", words));
    return -1;
  }
  for (size_t i = 0; i < words.size(); ++i) {
    if (node.text == words[i]) return static_cast<int>(i);
  }
  Fail(origin, Shown(node) + " is unknown" + AcceptedNames(node.text, words));
  return -1;
}

int FieldReader::Word(const char* name, const std::vector<std::string>& words) {
  const JsonMember* member = Take(name);
  if (member == nullptr) return -1;
  return MatchWord(member->value, MemberOrigin(origin_, *member), words);
}

bool FieldReader::WordList(const char* name, const std::vector<std::string>& words,
                           std::vector<int>& indices) {
  const JsonMember* member = Take(name);
  if (member == nullptr) return false;
  const Origin origin = MemberOrigin(origin_, *member);
  if (!member->value.is_array() || member->value.items.empty()) {
    const std::string what =
        member->value.is_array() ? "the array is empty" : Shown(member->value) + " is not an array";
    Fail(origin,
         what + "; accepted: an array of one or more of " + AcceptedNames("", words).substr(12));
    return false;
  }
  bool good = true;
  for (size_t i = 0; i < member->value.items.size(); ++i) {
    const JsonNode& item = member->value.items[i];
    const Origin at = ElementOrigin(origin, member->value, i);
    const int index = MatchWord(item, at, words);
    if (index >= 0 && std::find(indices.begin(), indices.end(), index) != indices.end()) {
      Fail(at, Shown(item) + " stands twice; accepted: each once");
      good = false;
    }
    good = good && index >= 0;
    indices.push_back(index);
  }
  return good;
}

bool FieldReader::IsObjectValue(const char* name) const {
  const JsonMember* member = object_ == nullptr ? nullptr : object_->Find(name);
  return member != nullptr && member->value.is_object();
}

FieldReader FieldReader::Inner(const char* name) {
  const JsonMember* member = Take(name);
  const std::string pointer = pointer_ + "/" + name;
  if (member == nullptr) return FieldReader(nullptr, pointer, origin_, *context_);
  const Origin origin = MemberOrigin(origin_, *member);
  if (!member->value.is_object()) {
    Fail(origin, Shown(member->value) + " is not an object; accepted: an object");
    return FieldReader(nullptr, pointer, origin, *context_);
  }
  return FieldReader(&member->value, pointer, origin, *context_);
}

std::vector<FieldReader> FieldReader::Elements(const char* name) {
  std::vector<FieldReader> readers;
  const JsonMember* member = Take(name);
  if (member == nullptr) return readers;
  const Origin origin = MemberOrigin(origin_, *member);
  if (!member->value.is_array()) {
    Fail(origin, Shown(member->value) + " is not an array; accepted: an array of objects");
    return readers;
  }
  if (!NotEmpty(member->value, origin)) return readers;
  for (size_t i = 0; i < member->value.items.size(); ++i) {
    const JsonNode& item = member->value.items[i];
    const Origin at = ElementOrigin(origin, member->value, i);
    const std::string pointer = absl::StrCat(pointer_, "/", name, "/", i);
    context_->Note(pointer, at);
    if (!item.is_object()) Fail(at, Shown(item) + " is not an object; accepted: an object");
    readers.emplace_back(item.is_object() ? &item : nullptr, pointer, at, *context_);
  }
  return readers;
}

void FieldReader::Finish() {
  if (object_ == nullptr) return;
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const JsonMember& member : object_->members) {
    if (has(known_, member.key) || has(misplaced_, member.key)) continue;
    Fail(KeyOrigin(origin_, member),
         "unknown key \"" + member.key + "\"" + AcceptedNames(member.key, known_));
  }
}

}  // namespace ddpsim

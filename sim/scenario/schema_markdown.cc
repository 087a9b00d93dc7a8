#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sim/scenario/number_text.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/schema.h"
#include "sim/text/byte_size.h"

namespace ddpsim {
namespace {

// The Describe visitor that writes one table per group, in the order of the descriptions.
class ReferenceWriter {
 public:
  ReferenceWriter(std::string pointer, const std::string& doc) : pointer_(std::move(pointer)) {
    head_ = absl::StrCat("## ", pointer_.empty() ? "Top level" : absl::StrCat("`", pointer_, "`"),
                         "\n\n");
    if (!doc.empty()) absl::StrAppend(&head_, Sentence(doc), "\n\n");
  }

  std::string Text() const {
    if (rows_.empty()) return head_ + inner_;
    return absl::StrCat(
        head_, "| key | type | unit | default | range | meaning |\n|---|---|---|---|---|---|\n",
        rows_, "\n", inner_);
  }

  void Integer(const char* name, int64_t& value, Range<int64_t> range, const char* unit,
               const char* doc) {
    const std::string max = range.max == INT64_MAX ? "2^63-1" : absl::StrCat(range.max);
    Row(name, "integer", unit, absl::StrCat(value), absl::StrCat(range.min, "..", max), doc);
  }
  void Bytes(const char* name, int64_t& value, Range<int64_t> range, const char* doc) {
    Row(name, "size", "byte", FormatByteSize(value),
        absl::StrCat(FormatByteSize(range.min), "..", FormatByteSize(range.max)), doc);
  }
  void Number(const char* name, double& value, Range<double> range, const char* unit,
              const char* doc) {
    Row(name, "number", unit, NumberText(value),
        absl::StrCat(NumberText(range.min), "..", NumberText(range.max)), doc);
  }
  void Boolean(const char* name, bool& value, const char* doc) {
    Row(name, "boolean", "", value ? "true" : "false", "", doc);
  }
  void String(const char* name, std::string& value, const char* doc) {
    Row(name, "string", "", value.empty() ? "" : absl::StrCat("`", value, "`"), "", doc);
  }
  void Integers(const char* name, std::vector<int64_t>& value, Range<int64_t> range,
                const char* doc) {
    Row(name, "array of integers", "", "", absl::StrCat(range.min, ".."), doc);
  }

  template <class E, class Names>
  void Enum(const char* name, E& value, const Names& names, const char* doc) {
    std::string current;
    for (const auto& one : names) {
      if (one.value == value) current = absl::StrCat("`", one.name, "`");
    }
    Row(name, "word", "", current, Words(names), doc);
  }

  template <class E, class Names>
  void Enums(const char* name, std::vector<E>& value, const Names& names, const char* doc) {
    Row(name, "array of words", "", value.size() == std::size(names) ? "all" : "", Words(names),
        doc);
  }

  template <class T>
  void Group(const char* name, T& value, const char* doc) {
    ReferenceWriter inner(absl::StrCat(pointer_, "/", name), doc);
    value.Describe(inner);
    inner_ += inner.Text();
  }

  template <class T>
  void Groups(const char* name, std::vector<T>&, const char* doc) {
    Row(name, "array of objects", "", "", "see below", doc);
    T one;
    ReferenceWriter inner(absl::StrCat(pointer_, "/", name, "/0"), absl::StrCat("each of ", name));
    one.Describe(inner);
    inner_ += inner.Text();
  }

  template <class T>
  void NumberOrGroup(const char* name, T& value, Range<double> range, const char* unit,
                     const char* doc) {
    Row(name, "number or object", unit, NumberText(*value.ShortForm()),
        absl::StrCat(NumberText(range.min), "..", NumberText(range.max)), doc);
    Group(name, value, "as an object");
  }

  template <class F>
  void Case(const char* tag, const char* words, bool, Presence presence, F body) {
    case_ = absl::StrCat(" (", presence == Presence::kRequired ? "required with " : "with ", tag,
                         " ", words, ")");
    body();
    case_.clear();
  }

 private:
  template <class Names>
  static std::string Words(const Names& names) {
    std::string out;
    for (const auto& one : names) absl::StrAppend(&out, out.empty() ? "`" : ", `", one.name, "`");
    return out;
  }

  static std::string Sentence(std::string text) {
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text + ".";
  }

  // A bar would end the cell.
  static std::string Cell(const std::string& text) {
    std::string out;
    for (char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
    return out;
  }

  void Row(const char* name, const char* type, const char* unit, const std::string& value,
           const std::string& range, const char* doc) {
    absl::StrAppend(&rows_, "| `", name, "` | ", type, " | ", unit, " | ",
                    case_.empty() ? value : "", " | ", range, " | ", Cell(absl::StrCat(doc, case_)),
                    " |\n");
  }

  std::string pointer_;
  std::string head_;
  std::string rows_;
  std::string inner_;
  std::string case_;
};

constexpr char kHead[] =
    "# Scenario reference\n\n"
    "Printed by `ddpsim schema --markdown`. Every key is optional. Sizes are numbers of bytes or "
    "strings with fio's suffixes (`\"64k\"`, `\"1m\"`, `\"1g\"`, `\"1t\"`). An unknown or "
    "duplicate "
    "key, a wrong type and a value out of range are errors.\n\n";

constexpr char kTail[] =
    "## `/variants`\n\n"
    "`{NAME: {JSON Pointer: value}}`: the same scenario under named changes. The scenario itself "
    "runs first, then each variant.\n\n"
    "## `/expect`\n\n"
    "`{MODE or VARIANT/MODE: {JSON Pointer into the run's element of runs[]: {operator: value}}}`; "
    "the mode `*` stands for every compared mode. Operators: ";

}  // namespace

std::string ScenarioReference() {
  Scenario defaults;
  ReferenceWriter writer("", "");
  defaults.Describe(writer);
  std::string out = absl::StrCat(kHead, writer.Text(), kTail);
  const char* separator = "";
  for (const auto& op : kExpectOperatorNames) {
    absl::StrAppend(&out, separator, "`", op.name, "`");
    separator = ", ";
  }
  return out +
         ". `equals` and `not_equals` take a number, a string or a boolean, the others a number.\n";
}

}  // namespace ddpsim

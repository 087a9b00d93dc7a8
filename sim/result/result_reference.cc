#include "sim/result/result_reference.h"

#include "absl/strings/str_cat.h"
#include "sim/result/run_result.h"
#include "sim/text/json_pointer.h"
#include "sim/text/nearest_name.h"

namespace ddpsim {
namespace {

// The result visitor that lists pointers.
class PointerLister {
 public:
  PointerLister(std::string prefix, std::vector<ResultPointer>& out)
      : prefix_(std::move(prefix)), out_(out) {}

  void Integer(const char* name, int64_t, const char* unit, const char* doc) {
    Add(name, "", unit, doc);
  }
  void Number(const char* name, double, const char* unit, const char* doc) {
    Add(name, "", unit, doc);
  }
  void Text(const char* name, const std::string&, const char* doc) {
    Add(name, "", "", doc);
    out_.back().text = true;
  }
  void Boolean(const char* name, bool, const char* doc) { Add(name, "", "", doc); }
  void Numbers(const char* name, const std::vector<double>&, const char* unit, const char* doc) {
    Add(name, "/*", unit, doc);
  }
  void Counts(const char* name, const NamedCounts&, const char* unit, const char* doc) {
    Add(name, "/*", unit, doc);
  }

  template <class T>
  void Group(const char* name, const T& value, const char*) {
    PointerLister inner(absl::StrCat(prefix_, "/", name), out_);
    value.Describe(inner);
  }

  template <class T>
  void Groups(const char* name, const std::vector<T>&, const char*) {
    PointerLister inner(absl::StrCat(prefix_, "/", name, "/*"), out_);
    T().Describe(inner);
  }

 private:
  void Add(const char* name, const char* rest, const char* unit, const char* doc) {
    out_.push_back({absl::StrCat(prefix_, "/", name, rest), unit, doc});
  }

  std::string prefix_;
  std::vector<ResultPointer>& out_;
};

bool Matches(const std::vector<std::string>& names, const std::vector<std::string>& pattern) {
  if (names.size() != pattern.size()) return false;
  for (size_t i = 0; i < names.size(); ++i) {
    if (pattern[i] != "*" && pattern[i] != names[i]) return false;
  }
  return true;
}

}  // namespace

const std::vector<ResultPointer>& ResultPointers() {
  static const auto& pointers = *[] {
    auto* list = new std::vector<ResultPointer>;
    PointerLister lister("", *list);
    RunResult().Describe(lister);
    return list;
  }();
  return pointers;
}

const ResultPointer* FindResultPointer(const std::string& pointer) {
  const auto names = SplitPointer(pointer);
  for (const ResultPointer& known : ResultPointers()) {
    if (names && Matches(*names, *SplitPointer(known.pattern))) return &known;
  }
  return nullptr;
}

bool IsResultPointer(const std::string& pointer, std::string* nearest) {
  if (FindResultPointer(pointer) != nullptr) return true;
  std::vector<std::string> patterns;
  for (const ResultPointer& known : ResultPointers()) patterns.push_back(known.pattern);
  *nearest = NearestName(pointer, patterns);
  return false;
}

std::string ResultReference() {
  std::string out =
      "# Result reference\n\nFigures of one run, as JSON Pointers into an element of `runs[]`; `*` "
      "stands for an index or "
      "for a key that depends on the run.\n\n| pointer | unit | meaning |\n|---|---|---|\n";
  for (const ResultPointer& pointer : ResultPointers()) {
    absl::StrAppend(&out, "| `", pointer.pattern, "` | ", pointer.unit, " | ", pointer.doc, " |\n");
  }
  return out;
}

}  // namespace ddpsim

#include "sim/text/json_parser.h"

#include <utility>

#include "sim/text/json_number.h"
#include "sim/text/json_pointer.h"
#include "sim/text/json_string.h"
#include "sim/text/text_cursor.h"

namespace ddpsim {
namespace {

constexpr int kMaxDepth = 64;
constexpr size_t kMaxBytes = 16 << 20;

class Parser {
 public:
  Parser(const std::string& text, const std::string& file, Diagnostics& out)
      : cursor_(text), file_(file), out_(out) {}

  std::optional<JsonNode> Document() {
    JsonNode root;
    if (cursor_.StartsWith("\xEF\xBB\xBF")) {
      Fail("byte order mark; accepted: plain UTF-8 without one");
      return std::nullopt;
    }
    SkipSpace();
    if (!Value(root, 0)) return std::nullopt;
    SkipSpace();
    if (cursor_.at_end()) return root;
    pointer_.clear();
    Fail("unexpected " + cursor_.Shown() + " after the end of the document");
    return std::nullopt;
  }

 private:
  bool Fail(const std::string& what) { return FailAt(cursor_.place(), what); }
  bool FailAt(Place place, const std::string& what) {
    out_.Add({file_, pointer_, place}, what);
    return false;
  }

  void SkipSpace() {
    while (!cursor_.at_end() && (cursor_.peek() == ' ' || cursor_.peek() == '\t' ||
                                 cursor_.peek() == '\n' || cursor_.peek() == '\r')) {
      cursor_.Advance();
    }
  }

  bool Value(JsonNode& node, int depth) {
    node.place = cursor_.place();
    if (depth > kMaxDepth)
      return Fail("nested too deep; accepted: " + std::to_string(kMaxDepth) + " levels");
    if (cursor_.at_end()) return Fail("the file ends where a value was due");
    const char c = cursor_.peek();
    if (c == '{') return Object(node, depth);
    if (c == '[') return Array(node, depth);
    if (c == '"') {
      node.kind = JsonNode::Kind::kString;
      return String(node.text);
    }
    if (c == '-' || (c >= '0' && c <= '9')) return Number(node);
    return Word(node);
  }

  bool String(std::string& out) {
    const StringError error = ReadJsonString(cursor_, out);
    return error.text.empty() ? true : FailAt(error.place, error.text);
  }

  bool Number(JsonNode& node) {
    const std::string error = ReadJsonNumber(cursor_, node);
    return error.empty() ? true : FailAt(node.place, error);
  }

  bool Word(JsonNode& node) {
    if (cursor_.StartsWith("//") || cursor_.StartsWith("/*") || cursor_.StartsWith("#"))
      return Comment();
    const Place start = cursor_.place();
    const std::string word = cursor_.Word();
    if (word == "null") return true;
    if (word == "true" || word == "false") {
      node.kind = JsonNode::Kind::kBoolean;
      node.boolean = word == "true";
      return true;
    }
    if (word.empty()) return Fail("unexpected " + cursor_.Shown() + " where a value was due");
    return FailAt(start,
                  "\"" + word +
                      "\" is not a JSON value; accepted: true, false, null, a number, a string in "
                      "double quotes, an array, an object");
  }

  bool Comment() { return Fail("JSON has no comments; put the text into \"description\""); }

  bool Array(JsonNode& node, int depth) {
    node.kind = JsonNode::Kind::kArray;
    const std::string outer = pointer_;
    cursor_.Advance();
    SkipSpace();
    if (cursor_.Accept(']')) return true;
    while (true) {
      pointer_ = outer + "/" + std::to_string(node.items.size());
      if (!ElementIsDue(']')) return false;
      node.items.emplace_back();
      if (!Value(node.items.back(), depth + 1)) return false;
      SkipSpace();
      pointer_ = outer;
      if (cursor_.Accept(']')) return true;
      if (!cursor_.Accept(',')) return FailSeparator("\",\" or \"]\"");
      SkipSpace();
    }
  }

  bool ElementIsDue(char closing) {
    if (!cursor_.at_end() && cursor_.peek() == closing) {
      return Fail(std::string("trailing comma before \"") + closing + "\"");
    }
    return true;
  }

  bool FailSeparator(const std::string& accepted) {
    if (cursor_.at_end()) return Fail("the file ends here; accepted: " + accepted);
    if (cursor_.peek() == '/' || cursor_.peek() == '#') return Comment();
    return Fail("unexpected " + cursor_.Shown() + "; accepted: " + accepted);
  }

  bool Object(JsonNode& node, int depth) {
    node.kind = JsonNode::Kind::kObject;
    const std::string outer = pointer_;
    cursor_.Advance();
    SkipSpace();
    if (cursor_.Accept('}')) return true;
    while (true) {
      if (!ElementIsDue('}') || !Member(node, outer, depth)) return false;
      SkipSpace();
      pointer_ = outer;
      if (cursor_.Accept('}')) return true;
      if (!cursor_.Accept(',')) return FailSeparator("\",\" or \"}\"");
      SkipSpace();
    }
  }

  bool Member(JsonNode& node, const std::string& outer, int depth) {
    if (cursor_.at_end() || cursor_.peek() != '"') return FailSeparator("a key in double quotes");
    JsonMember member;
    member.key_place = cursor_.place();
    if (!String(member.key)) return false;
    pointer_ = outer + "/" + EscapePointerName(member.key);
    const JsonMember* first = node.Find(member.key);
    if (first != nullptr) {
      FailAt(member.key_place, "duplicate key; it stands already at line " +
                                   std::to_string(first->key_place.line) + ", column " +
                                   std::to_string(first->key_place.column));
    }
    SkipSpace();
    if (!cursor_.Accept(':')) return FailSeparator("\":\" after the key");
    SkipSpace();
    if (!Value(member.value, depth + 1)) return false;
    if (first == nullptr) node.members.push_back(std::move(member));
    return true;
  }

  TextCursor cursor_;
  const std::string& file_;
  Diagnostics& out_;
  std::string pointer_;
};

}  // namespace

std::optional<JsonNode> ParseJson(const std::string& text, const std::string& file,
                                  Diagnostics& out) {
  if (text.size() > kMaxBytes) {
    out.Add({file, "", {1, 1}}, "the file is larger than 16 MiB");
    return std::nullopt;
  }
  return Parser(text, file, out).Document();
}

}  // namespace ddpsim

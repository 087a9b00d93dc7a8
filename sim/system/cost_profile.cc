#include "sim/system/cost_profile.h"

#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "sim/system/embedded_profiles.h"
#include "sim/text/json_parser.h"

namespace ddpsim {
namespace {

class ProfileReader {
 public:
  explicit ProfileReader(std::string file) : file_(std::move(file)) {}

  Diagnostics& diagnostics() { return diagnostics_; }
  CostProfile Read(const JsonNode& root);

 private:
  void Fail(const std::string& pointer, Place place, const std::string& text) {
    diagnostics_.Add(Origin{file_, pointer, place}, text);
  }
  double Number(const JsonNode& object, const std::string& pointer, const std::string& key);
  void ReadRows(const JsonNode& rows, CostTable* costs);

  std::string file_;
  Diagnostics diagnostics_;
};

double ProfileReader::Number(const JsonNode& object, const std::string& pointer,
                             const std::string& key) {
  const JsonMember* member = object.Find(key);
  if (member == nullptr) {
    Fail(pointer, object.place, absl::StrCat("\"", key, "\" is missing"));
    return 0;
  }
  if (!member->value.is_number() || member->value.real < 0) {
    Fail(absl::StrCat(pointer, "/", key), member->value.place, "a number from 0 up is accepted");
    return 0;
  }
  return member->value.real;
}

void ProfileReader::ReadRows(const JsonNode& rows, CostTable* costs) {
  for (size_t row = 0; row < kCostRows; ++row) {
    const std::string key = kCostRowNames[row].key;
    const JsonMember* member = rows.Find(key);
    if (member == nullptr || !member->value.is_object()) {
      Fail("/rows", rows.place,
           absl::StrCat("row \"", key, "\" (cycles per ", kCostRowNames[row].unit, ") is missing"));
      continue;
    }
    const std::string pointer = absl::StrCat("/rows/", key);
    costs->millicycles[row] = std::llround(Number(member->value, pointer, "cycles") * 1000);
    const JsonMember* source = member->value.Find("source");
    if (source == nullptr || !source->value.is_string() || source->value.text.empty()) {
      Fail(pointer, member->value.place, "\"source\" is missing");
    }
  }
  for (const JsonMember& member : rows.members) {
    bool known = false;
    for (const CostRowName& name : kCostRowNames) known = known || member.key == name.key;
    if (!known) Fail(absl::StrCat("/rows/", member.key), member.key_place, "unknown row");
  }
}

CostProfile ProfileReader::Read(const JsonNode& root) {
  CostProfile profile;
  const JsonMember* name = root.Find("name");
  if (name != nullptr && name->value.is_string()) profile.name = name->value.text;
  profile.costs.frequency_hz = std::llround(Number(root, "", "frequency_hz"));
  profile.cores = static_cast<uint32_t>(Number(root, "", "cores"));
  if (diagnostics_.empty() && (profile.costs.frequency_hz == 0 || profile.cores == 0)) {
    Fail("", root.place, "\"frequency_hz\" and \"cores\" are at least 1");
  }
  profile.llc_bytes = static_cast<uint64_t>(Number(root, "", "llc_bytes"));
  const JsonMember* rows = root.Find("rows");
  if (rows == nullptr || !rows->value.is_object()) {
    Fail("", root.place, "\"rows\" is missing");
  } else {
    ReadRows(rows->value, &profile.costs);
  }
  return profile;
}

}  // namespace

absl::StatusOr<CostProfile> ParseCostProfile(const std::string& text, const std::string& file) {
  ProfileReader reader(file);
  std::optional<JsonNode> root = ParseJson(text, file, reader.diagnostics());
  CostProfile profile;
  if (root.has_value()) profile = reader.Read(*root);
  if (!reader.diagnostics().empty()) {
    reader.diagnostics().Sort();
    return absl::InvalidArgumentError(reader.diagnostics().ToString());
  }
  return profile;
}

std::vector<std::string> CostProfileNames() {
  std::vector<std::string> names;
  for (const EmbeddedProfile& profile : EmbeddedProfiles()) names.push_back(profile.name);
  return names;
}

absl::StatusOr<CostProfile> LoadCostProfile(const std::string& name) {
  for (const EmbeddedProfile& profile : EmbeddedProfiles()) {
    if (name == profile.name)
      return ParseCostProfile(profile.text, absl::StrCat("profiles/", name, ".json"));
  }
  return absl::NotFoundError(absl::StrCat("no cost profile \"", name, "\""));
}

}  // namespace ddpsim

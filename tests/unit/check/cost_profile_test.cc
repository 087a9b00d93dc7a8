#include "sim/system/cost_profile.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

Json Shipped() {
  std::ifstream file(DDPSIM_PROFILES "/e5-2660v4.json");
  return Json::parse(file);
}

std::string ErrorOf(const Json& profile) {
  const absl::StatusOr<CostProfile> parsed = ParseCostProfile(profile.dump(1), "p.json");
  if (parsed.ok()) return "";
  CHECK(absl::IsInvalidArgument(parsed.status()));
  return std::string(parsed.status().message());
}

TEST_CASE("the shipped profile is compiled in and prices every row as its file does") {
  const std::vector<std::string> names = CostProfileNames();
  REQUIRE(std::count(names.begin(), names.end(), "e5-2660v4") == 1);
  CHECK(std::is_sorted(names.begin(), names.end()));
  const absl::StatusOr<CostProfile> profile = LoadCostProfile("e5-2660v4");
  REQUIRE(profile.ok());
  const Json file = Shipped();
  CHECK(profile->name == "e5-2660v4");
  CHECK(profile->costs.frequency_hz == file["frequency_hz"].get<int64_t>());
  CHECK(profile->cores == file["cores"].get<uint32_t>());
  CHECK(profile->llc_bytes == file["llc_bytes"].get<uint64_t>());
  for (size_t row = 0; row < kCostRows; ++row) {
    const double cycles = file["rows"][kCostRowNames[row].key]["cycles"].get<double>();
    CHECK(profile->costs.millicycles[row] == std::llround(cycles * 1000));
  }
}

TEST_CASE(
    "every profile that is compiled in loads, and every number in the shipped file has a source") {
  for (const std::string& name : CostProfileNames()) CHECK(LoadCostProfile(name).ok());
  const Json file = Shipped();
  for (const auto& [key, row] : file["rows"].items()) {
    INFO(key);
    CHECK(row["source"].get<std::string>() != "");
  }
  for (const char* key : {"frequency_source", "cores_source", "llc_source"}) {
    CHECK(file[key].get<std::string>() != "");
  }
}

TEST_CASE("an unknown profile is not found") {
  CHECK(absl::IsNotFound(LoadCostProfile("pentium").status()));
}

TEST_CASE("a missing row is named with its unit") {
  Json profile = Shipped();
  profile["rows"].erase("crc.byte");
  CHECK_THAT(ErrorOf(profile),
             Catch::Contains("p.json:") &&
                 Catch::Contains("/rows: row \"crc.byte\" (cycles per byte in cache) is missing"));
}

TEST_CASE("an unknown row is named") {
  Json profile = Shipped();
  profile["rows"]["crc.bite"] = {{"cycles", 1}, {"source", "a slip of the pen"}};
  CHECK_THAT(ErrorOf(profile), Catch::Contains("/rows/crc.bite: unknown row"));
}

TEST_CASE("a row without a source is refused, and so is one with an empty source") {
  Json profile = Shipped();
  SECTION("none") { profile["rows"]["gro.packet"].erase("source"); }
  SECTION("empty") { profile["rows"]["gro.packet"]["source"] = ""; }
  SECTION("no text") { profile["rows"]["gro.packet"]["source"] = 7; }
  CHECK_THAT(ErrorOf(profile), Catch::Contains("/rows/gro.packet: \"source\" is missing"));
}

TEST_CASE("a price is a number from 0 up") {
  Json profile = Shipped();
  SECTION("negative") { profile["rows"]["gro.packet"]["cycles"] = -1; }
  SECTION("a text") { profile["rows"]["gro.packet"]["cycles"] = "3"; }
  CHECK_THAT(ErrorOf(profile), Catch::Contains("/rows/gro.packet/cycles: a number from 0 up"));
}

TEST_CASE("a price of 0 and a fraction of a cycle are prices") {
  Json profile = Shipped();
  profile["rows"]["gro.packet"]["cycles"] = 0;
  profile["rows"]["crc.byte"]["cycles"] = 0.375;
  const absl::StatusOr<CostProfile> parsed = ParseCostProfile(profile.dump(), "p.json");
  REQUIRE(parsed.ok());
  CHECK(parsed->costs.millicycles[static_cast<size_t>(Cost::kGroPacket)] == 0);
  CHECK(parsed->costs.millicycles[static_cast<size_t>(Cost::kCrcByte)] == 375);
}

TEST_CASE("a machine needs a frequency, cores and a cache size") {
  const std::string key = GENERATE("frequency_hz", "cores", "llc_bytes");
  Json profile = Shipped();
  profile.erase(key);
  CHECK_THAT(ErrorOf(profile), Catch::Contains("\"" + key + "\" is missing"));
}

TEST_CASE("a machine without cycles or cores is refused") {
  const std::string key = GENERATE("frequency_hz", "cores");
  Json profile = Shipped();
  profile[key] = 0;
  CHECK_THAT(ErrorOf(profile), Catch::Contains("at least 1"));
}

TEST_CASE("all errors of a profile are told at once") {
  Json profile = Shipped();
  profile["rows"].erase("crc.byte");
  profile["rows"]["gro.packet"]["cycles"] = -1;
  profile["rows"]["nonsense"] = 1;
  const std::string error = ErrorOf(profile);
  CHECK_THAT(error, Catch::Contains("crc.byte") && Catch::Contains("gro.packet") &&
                        Catch::Contains("nonsense"));
}

TEST_CASE("what is no JSON object is refused with its place") {
  for (const char* text : {"", "{", "[]", "3", "{\"rows\": []}"}) {
    const absl::StatusOr<CostProfile> parsed = ParseCostProfile(text, "p.json");
    REQUIRE_FALSE(parsed.ok());
    CHECK_THAT(std::string(parsed.status().message()), Catch::Contains("p.json:"));
  }
}

}  // namespace
}  // namespace ddpsim

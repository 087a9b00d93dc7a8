#include "sim/sweep/sweep.h"

#include <set>

#include "absl/strings/str_cat.h"

namespace ddpsim::sweep {
namespace {

using Json = nlohmann::ordered_json;

Json CellJson(const SweepCell& cell) {
  Json runs = Json::array(), points = Json::array();
  for (const RunKey& run : cell.runs)
    runs.push_back({{"variant", run.variant}, {"mode", run.mode}});
  for (const SweepPoint& point : cell.points) {
    points.push_back({{"id", point.id}, {"repetition", point.repetition}, {"seed", point.seed}});
  }
  return {{"indices", cell.indices},
          {"runs", runs},
          {"points", points},
          {"weight", cell.weight},
          {"command", cell.command}};
}

SweepCell CellFrom(const Json& json) {
  SweepCell cell;
  cell.indices = json.at("indices").get<std::vector<size_t>>();
  for (const Json& run : json.at("runs"))
    cell.runs.push_back({run.at("variant").get<std::string>(), run.at("mode").get<std::string>()});
  for (const Json& point : json.at("points")) {
    cell.points.push_back({point.at("id").get<std::string>(), point.at("repetition").get<int64_t>(),
                           point.at("seed").get<int64_t>()});
  }
  cell.weight = json.at("weight").get<double>();
  cell.command = json.at("command").get<std::string>();
  return cell;
}

void Fill(const Json& json, Sweep* out) {
  out->name = json.at("name").get<std::string>();
  out->description = json.at("description").get<std::string>();
  out->model_version = json.at("model_version").get<std::string>();
  out->repetitions = json.at("repetitions").get<int64_t>();
  out->timeout_seconds = json.at("timeout").get<int64_t>();
  out->extra_metrics = json.at("metrics").get<std::vector<std::string>>();
  for (const Json& axis : json.at("axes")) {
    out->axes.push_back({axis.at("pointer").get<std::string>(), axis.at("name").get<std::string>(),
                         axis.at("labels").get<std::vector<std::string>>(),
                         axis.at("numbers").get<std::vector<double>>(),
                         axis.at("follows").get<bool>()});
  }
  for (const Json& cell : json.at("cells")) {
    out->cells.push_back(CellFrom(cell));
    const SweepCell& read = out->cells.back();
    if (read.indices.size() != out->axes.size()) throw std::out_of_range("a cell's indices");
    for (size_t i = 0; i < read.indices.size(); ++i)
      static_cast<void>(out->axes[i].labels.at(read.indices[i]));
  }
}

}  // namespace

std::vector<std::string> Sweep::Ids() const {
  std::vector<std::string> ids;
  std::set<std::string> seen;
  for (const SweepCell& cell : cells) {
    for (const SweepPoint& point : cell.points) {
      if (seen.insert(point.id).second) ids.push_back(point.id);
    }
  }
  return ids;
}

std::string Sweep::CellName(const SweepCell& cell, bool all) const {
  std::string name;
  for (size_t i = 0; i < axes.size(); ++i) {
    if (axes[i].follows && !all) continue;
    absl::StrAppend(&name, name.empty() ? "" : " ", axes[i].name, "=",
                    axes[i].labels[cell.indices[i]]);
  }
  return name.empty() ? "base" : name;
}

nlohmann::ordered_json SweepJson(const Sweep& sweep) {
  Json axes = Json::array(), cells = Json::array();
  for (const SweepAxis& axis : sweep.axes) {
    axes.push_back({{"pointer", axis.pointer},
                    {"name", axis.name},
                    {"labels", axis.labels},
                    {"numbers", axis.numbers},
                    {"follows", axis.follows}});
  }
  for (const SweepCell& cell : sweep.cells) cells.push_back(CellJson(cell));
  return {{"format", kPlanFormat},
          {"name", sweep.name},
          {"description", sweep.description},
          {"model_version", sweep.model_version},
          {"repetitions", sweep.repetitions},
          {"timeout", sweep.timeout_seconds},
          {"metrics", sweep.extra_metrics},
          {"axes", axes},
          {"cells", cells}};
}

std::string SweepFromJson(const std::string& text, Sweep* out) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return "is no JSON object";
  try {
    if (json.at("format") != kPlanFormat) return absl::StrCat("its format is not ", kPlanFormat);
    *out = Sweep();
    Fill(json, out);
  } catch (const std::exception& error) {
    // "[json.exception.out_of_range.403] key 'points' not found"
    const absl::string_view what = error.what();
    const size_t words = what.find("] ");
    return absl::StrCat("is no plan of a sweep: ",
                        words == what.npos ? what : what.substr(words + 2));
  }
  return "";
}

}  // namespace ddpsim::sweep

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ddpsim/base/check.h"
#include "sim/report/embedded_assets.h"
#include "sim/report/page_data.h"

namespace ddpsim::report {
namespace {

std::string Asset(const std::string& name) {
  for (const EmbeddedAsset& asset : EmbeddedAssets()) {
    if (name == asset.name) return asset.text;
  }
  SIM_CHECK(false, name.c_str());
  return "";
}

std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(text,
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

}  // namespace

std::string HtmlPage(const nlohmann::ordered_json& data) {
  const std::string title = absl::StrCat("ddpsim sweep: ", data["name"].get<std::string>());
  std::string script;
  for (const char* name :
       {"format.js", "model.js", "heatmap.js", "charts.js", "breakdown.js", "detail.js", "page.js"})
    absl::StrAppend(&script, Asset(name), "\n");
  // "</script>" in a string would end the element: HTML knows no JSON.
  const std::string json = absl::StrReplaceAll(
      data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
      {{"</", "<\\/"}, {"<!--", "<\\u0021--"}});
  return absl::StrReplaceAll(Asset("page.html"),
                             {{"{{TITLE}}", Escaped(title)},
                              {"{{STYLE}}", Asset("uplot.css") + Asset("report.css")},
                              {"{{UPLOT}}", Asset("uplot.js")},
                              {"{{SCRIPT}}", script},
                              {"{{DATA}}", json}});
}

}  // namespace ddpsim::report

#include "models/capture/captured_flow.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {
namespace {

std::string AddressText(const CapturedAddress& a, bool ipv6) {
  if (!ipv6) return Ipv4ToString(LoadBe32(a.data()));
  // RFC 5952: the longest run of zero groups becomes "::".
  int best = -1;
  int best_size = 1;
  for (int i = 0; i < 8;) {
    int end = i;
    while (end < 8 && LoadBe16(&a[static_cast<size_t>(end) * 2]) == 0) ++end;
    if (end - i > best_size) {
      best = i;
      best_size = end - i;
    }
    i = std::max(end, i + 1);
  }
  std::string text;
  for (int i = 0; i < 8; ++i) {
    if (i == best) {
      text += "::";
      i += best_size - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ":";
    absl::StrAppend(&text, absl::Hex(LoadBe16(&a[static_cast<size_t>(i) * 2])));
  }
  return absl::StrCat("[", text, "]");
}

}  // namespace

std::string CapturedFlow::ToString() const {
  return absl::StrCat(AddressText(source, ipv6), ":", source_port, " -> ",
                      AddressText(destination, ipv6), ":", destination_port);
}

}  // namespace ddpsim

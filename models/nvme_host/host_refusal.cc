#include "models/nvme_host/host_refusal.h"

#include "absl/strings/str_cat.h"
#include "ddpsim/wire/nvme_tcp_layout.h"

namespace ddpsim {
namespace {

std::string Hex(uint32_t value) { return absl::StrCat("0x", absl::Hex(value)); }

const char* TypeName(uint8_t type) {
  static constexpr const char* kNames[] = {"ICReq",      "ICResp",      "H2CTermReq", "C2HTermReq",
                                           "CapsuleCmd", "CapsuleResp", "H2CData",    "C2HData",
                                           "type 8",     "R2T"};
  return type < sizeof(kNames) / sizeof(kNames[0]) ? kNames[type] : "unknown type";
}

// The table of nvme_tcp_handle_c2h_term().
const char* FesName(uint32_t fes) {
  static constexpr const char* kNames[] = {"Unknown",
                                           "Invalid PDU Header Field",
                                           "PDU Sequence Error",
                                           "Header Digest Error",
                                           "Data Transfer Out Of Range",
                                           "Data Transfer Limit Exceeded",
                                           "Unsupported Parameter"};
  return kNames[fes < sizeof(kNames) / sizeof(kNames[0]) ? fes : 0];
}

std::string DigestText(const char* which, const HostRefusal& r) {
  const auto word = [](uint32_t on) { return on != 0 ? "enabled" : "disabled"; };
  return absl::StrCat("ICResp: ", which, " digest mismatch, host: ", word(r.wanted),
                      ", controller: ", word(r.found));
}

std::string IcRespText(const HostRefusal& r) {
  switch (r.kind) {
    case HostRefusalKind::kIcRespType:
      return absl::StrCat("bad type returned instead of an ICResp: ", r.found, " (",
                          TypeName(r.pdu_type), ")");
    case HostRefusalKind::kIcRespLength:
      return absl::StrCat("ICResp: bad pdu length returned: ", r.found);
    case HostRefusalKind::kIcRespVersion:
      return absl::StrCat("ICResp: bad pfv returned: ", r.found);
    case HostRefusalKind::kIcRespDataDigest:
      return DigestText("data", r);
    case HostRefusalKind::kIcRespHeaderDigest:
      return DigestText("header", r);
    case HostRefusalKind::kIcRespCpda:
      return absl::StrCat("ICResp: unsupported cpda returned: ", r.found);
    default:
      return absl::StrCat("ICResp: invalid maxh2cdata returned: ", r.found,
                          " (at least 4096, a multiple of 4)");
  }
}

std::string HeaderText(const HostRefusal& r) {
  switch (r.kind) {
    case HostRefusalKind::kUnsupportedType:
      return absl::StrCat("unsupported pdu type ", r.found, " (", TypeName(r.pdu_type), ")");
    case HostRefusalKind::kHeaderLength:
      return absl::StrCat(TypeName(r.pdu_type), " has unexpected header length ", r.found);
    case HostRefusalKind::kTermReq:
      return absl::StrCat("terminate request: FES = ", FesName(r.found), " (", Hex(r.found),
                          "), FEI = ", Hex(r.wanted));
    case HostRefusalKind::kMalformedTermReq:
      return absl::StrCat("terminate request, malformed (plen = ", r.found, ")");
    case HostRefusalKind::kHeaderDigestFlag:
      return absl::StrCat(TypeName(r.pdu_type), ": header digest flag is cleared");
    case HostRefusalKind::kHeaderDigest:
      return absl::StrCat("header digest error: ", TypeName(r.pdu_type), ", received ",
                          Hex(r.found), ", expected ", Hex(r.wanted));
    default:
      return absl::StrCat(TypeName(r.pdu_type), ": data digest flag is cleared");
  }
}

std::string CommandText(const HostRefusal& r) {
  const uint32_t genctr = r.cid >> 12;
  switch (r.kind) {
    case HostRefusalKind::kUnknownCommand:
      return "no request has that tag";
    case HostRefusalKind::kGeneration:
      return absl::StrCat("its request has ended (genctr mismatch, got ", Hex(genctr), ")");
    case HostRefusalKind::kDataForWrite:
      return "unexpected data for a write";
    case HostRefusalKind::kDataUnexpected:
      return "unexpected data";
    case HostRefusalKind::kSuccessNotLast:
      return "SUCCESS set but not last PDU";
    case HostRefusalKind::kNoSpace:
      return absl::StrCat("no space in request of ", r.wanted, " bytes");
    case HostRefusalKind::kShortData:
      return absl::StrCat("short data-in, got ", r.found, " of ", r.wanted);
    case HostRefusalKind::kR2TForRead:
      return "unexpected for a non-write command";
    case HostRefusalKind::kR2TEmpty:
      return "length is 0";
    case HostRefusalKind::kR2TTooLong:
      return absl::StrCat("length ", r.found, " exceeds what is left, ", r.wanted);
    case HostRefusalKind::kR2TBackwards:
      return absl::StrCat("unexpected offset ", r.found, " (expected ", r.wanted, ")");
    case HostRefusalKind::kR2TWhileSending:
      return "the data of an earlier one is still being sent";
    default:
      return "answered while it is still being sent";
  }
}

}  // namespace

const char* HostRefusalName(HostRefusalKind kind) {
  static constexpr const char* kNames[kHostRefusalKinds] = {"none",
                                                            "icresp_type",
                                                            "icresp_length",
                                                            "icresp_version",
                                                            "icresp_data_digest",
                                                            "icresp_header_digest",
                                                            "icresp_cpda",
                                                            "icresp_maxh2cdata",
                                                            "unsupported_type",
                                                            "header_length",
                                                            "term_req",
                                                            "malformed_term_req",
                                                            "header_digest_flag",
                                                            "header_digest",
                                                            "data_digest_flag",
                                                            "unknown_command",
                                                            "ended_command",
                                                            "data_for_write",
                                                            "data_unexpected",
                                                            "success_not_last",
                                                            "no_space_in_request",
                                                            "short_data",
                                                            "r2t_for_read",
                                                            "r2t_empty",
                                                            "r2t_too_long",
                                                            "r2t_backwards",
                                                            "r2t_while_sending",
                                                            "answered_while_sending"};
  return kNames[static_cast<size_t>(kind)];
}

std::string HostRefusalText(const HostRefusal& refusal) {
  if (refusal.ok()) return "";
  if (refusal.kind <= HostRefusalKind::kIcRespMaxH2CData) return IcRespText(refusal);
  if (refusal.kind <= HostRefusalKind::kDataDigestFlag) return HeaderText(refusal);
  return absl::StrCat(TypeName(refusal.pdu_type), " of cid ", Hex(refusal.cid), ": ",
                      CommandText(refusal));
}

}  // namespace ddpsim

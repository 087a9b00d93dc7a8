// What the NIC's offload contexts are bound to by the scenario, as the law of efficiency is told
// it.
#ifndef DDPSIM_SIM_SYSTEM_ORACLE_RULES_H_
#define DDPSIM_SIM_SYSTEM_ORACLE_RULES_H_

#include "models/nic/nic_config.h"
#include "sim/check/offload_oracle.h"

namespace ddpsim {

// `may_be_altered`: wrong data may come under a right TCP checksum.
inline OracleRules OracleRulesOf(const NicConfig& nic, bool may_be_altered) {
  OracleRules rules;
  rules.search_anywhere = nic.search == SearchMode::kAnyOffset;
  rules.across_data_gap = nic.ddp_across_data_gap;
  rules.skips_seen_bytes = nic.skips_seen_bytes;
  rules.digests_may_be_wrong = may_be_altered;
  rules.longest_pdu = static_cast<uint32_t>(nic.max_pdu_bytes);
  return rules;
}

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_ORACLE_RULES_H_

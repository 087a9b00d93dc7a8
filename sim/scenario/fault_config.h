// What one direction of the link does wrong, in netem's words (tc-netem(8): loss, gemodel, reorder,
// duplicate, corrupt), three placed losses that netem has not (list, ranges, pdu), and a script of
// segments. c2h is controller to host (towards the NIC under test), h2c the other way. Left out:
// correlated (Markov) reordering, rate limits per direction.
#ifndef DDPSIM_SIM_SCENARIO_FAULT_CONFIG_H_
#define DDPSIM_SIM_SCENARIO_FAULT_CONFIG_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/fields.h"

namespace ddpsim::settings {

enum class LossModelKind { kNone, kBernoulli, kGilbertElliott, kList, kRanges, kPdu };
inline constexpr EnumName<LossModelKind> kLossModelNames[] = {
    {LossModelKind::kNone, "none"},
    {LossModelKind::kBernoulli, "bernoulli"},
    {LossModelKind::kGilbertElliott, "gilbert_elliott"},
    {LossModelKind::kList, "list"},
    {LossModelKind::kRanges, "ranges"},
    {LossModelKind::kPdu, "pdu"}};

enum class LossUnit { kFrame, kSkb };
inline constexpr EnumName<LossUnit> kLossUnitNames[] = {{LossUnit::kFrame, "frame"},
                                                        {LossUnit::kSkb, "skb"}};

enum class PduField { kHeader, kData, kDigest };
inline constexpr EnumName<PduField> kPduFieldNames[] = {
    {PduField::kHeader, "header"}, {PduField::kData, "data"}, {PduField::kDigest, "digest"}};

// Bytes [from, to) of the direction's stream, counted from the first byte after the TCP handshake.
struct LossRange {
  int64_t connection = 1;
  int64_t from = 0;
  int64_t to = 1;
  int64_t times = 1;

  template <class V>
  void Describe(V& v) {
    v.Integer("connection", connection, {1, 65'535}, "", "I/O queue id (1 is the first I/O queue)");
    v.Integer("from", from, {0, int64_t{1} << 48}, "byte",
              "first stream byte lost, 0 is the first after the handshake");
    v.Integer("to", to, {0, int64_t{1} << 48}, "byte", "end of the range, itself not lost");
    v.Integer("times", times, {1, 1'000'000}, "", "how many sendings are lost; 1: the first only");
  }
};

struct LossConfig {
  LossModelKind model = LossModelKind::kNone;
  LossUnit unit = LossUnit::kFrame;
  double probability = 0;
  double p_good_to_bad = 0;
  double p_bad_to_good = 0;
  double loss_good = 0;
  double loss_bad = 0;
  std::vector<int64_t> packets;
  std::vector<LossRange> ranges;
  PduField field = PduField::kHeader;
  int64_t every = 1;
  int64_t offset = 0;
  int64_t times = 1;

  template <class V>
  void Describe(V& v) {
    v.Enum("model", model, kLossModelNames, "which packets are lost");
    v.Enum("unit", unit, kLossUnitNames,
           "frame: each frame for itself; skb: the sender's whole TSO burst, as netem above a TSO "
           "device drops");
    v.Case("model", "bernoulli", model == LossModelKind::kBernoulli, Presence::kRequired, [&] {
      v.Number("probability", probability, {0, 1}, "", "chance of each packet to be lost");
    });
    v.Case("model", "gilbert_elliott", model == LossModelKind::kGilbertElliott, Presence::kRequired,
           [&] {
             v.Number("p_good_to_bad", p_good_to_bad, {0, 1}, "",
                      "chance per packet to enter the bad state");
             v.Number("p_bad_to_good", p_bad_to_good, {0, 1}, "",
                      "chance per packet to leave the bad state");
             v.Number("loss_good", loss_good, {0, 1}, "", "chance of loss in the good state");
             v.Number("loss_bad", loss_bad, {0, 1}, "", "chance of loss in the bad state");
           });
    v.Case("model", "list", model == LossModelKind::kList, Presence::kRequired, [&] {
      v.Integers("packets", packets, {1, int64_t{1} << 48},
                 "data packets lost, ascending; 1 is the first since faults began, retransmissions "
                 "counted");
    });
    v.Case("model", "ranges", model == LossModelKind::kRanges, Presence::kRequired,
           [&] { v.Groups("ranges", ranges, "stream bytes whose packets are lost"); });
    v.Case("model", "pdu", model == LossModelKind::kPdu, Presence::kRequired, [&] {
      v.Enum("field", field, kPduFieldNames,
             "the packet that carries this part of a C2HData (h2c: H2CData) PDU");
    });
    v.Case("model", "pdu", model == LossModelKind::kPdu, Presence::kOptional, [&] {
      v.Integer("every", every, {1, int64_t{1} << 48}, "PDUs", "every n-th PDU, the n-th first");
      v.Integer("offset", offset, {0, int64_t{1} << 32}, "byte", "byte within the field");
      v.Integer("times", times, {1, 1'000'000}, "",
                "how many sendings are lost; 1: the first only");
    });
  }
};

struct ReorderConfig {
  double probability = 0;
  double delay_us = 50;
  std::vector<int64_t> list;

  template <class V>
  void Describe(V& v) {
    v.Number("probability", probability, {0, 1}, "", "chance of each packet to be held back");
    v.Number("delay_us", delay_us, {0, 10'000'000}, "us",
             "how much later a held-back packet arrives");
    v.Integers("list", list, {1, int64_t{1} << 48},
               "data packets held back, ascending; 1 is the first since faults began");
  }
};

struct DuplicateConfig {
  double probability = 0;
  std::vector<int64_t> list;

  template <class V>
  void Describe(V& v) {
    v.Number("probability", probability, {0, 1}, "", "chance of each packet to arrive twice");
    v.Integers("list", list, {1, int64_t{1} << 48},
               "data packets that arrive twice, ascending; 1 is the first since faults began");
  }
};

enum class CorruptField { kPayload, kHeader, kData, kDigest };
inline constexpr EnumName<CorruptField> kCorruptFieldNames[] = {{CorruptField::kPayload, "payload"},
                                                                {CorruptField::kHeader, "header"},
                                                                {CorruptField::kData, "data"},
                                                                {CorruptField::kDigest, "digest"}};

struct CorruptConfig {
  double probability = 0;
  std::vector<int64_t> list;
  bool fix_checksum = false;
  CorruptField field = CorruptField::kPayload;

  template <class V>
  void Describe(V& v) {
    v.Number("probability", probability, {0, 1}, "",
             "chance of each packet to have one bit flipped");
    v.Integers("list", list, {1, int64_t{1} << 48},
               "data packets that have one bit flipped, ascending; 1 is the first since faults "
               "began");
    v.Boolean("fix_checksum", fix_checksum,
              "make the TCP checksum right again, so that TCP does not see it");
    v.Enum("field", field, kCorruptFieldNames,
           "where the bit is: anywhere in the TCP payload, or only in this part of a C2HData (h2c: "
           "H2CData) PDU");
  }
};

// What a box on the way sends on: one segment.
struct ScriptSegmentConfig {
  int64_t from = 0;
  int64_t to = 1;
  double after_us = 1000;

  template <class V>
  void Describe(V& v) {
    v.Integer("from", from, {0, int64_t{1} << 48}, "byte",
              "first stream byte, 0 is the first after the handshake");
    v.Integer("to", to, {0, int64_t{1} << 48}, "byte", "end of the segment, itself not in it");
    v.Number("after_us", after_us, {0, 10'000'000}, "us",
             "time since the segment before, if its bytes have been sent by then");
  }
};

struct ScriptConfig {
  int64_t connection = 1;
  std::vector<ScriptSegmentConfig> segments;
  std::vector<int64_t> flipped;

  template <class V>
  void Describe(V& v) {
    v.Integer("connection", connection, {1, 65'535}, "", "I/O queue id (1 is the first I/O queue)");
    v.Groups("segments", segments,
             "until all of these are sent on nothing else of the connection's data arrives");
    v.Integers("flipped", flipped, {0, int64_t{1} << 48},
               "stream bytes whose lowest bit is wrong in the segments sent on");
  }
};

struct FaultConfig {
  LossConfig loss;
  ReorderConfig reorder;
  DuplicateConfig duplicate;
  CorruptConfig corrupt;
  ScriptConfig script;

  bool any() const {
    return loss.model != LossModelKind::kNone || reorder.probability > 0 || !reorder.list.empty() ||
           duplicate.probability > 0 || !duplicate.list.empty() || corrupt.probability > 0 ||
           !corrupt.list.empty() || !script.segments.empty();
  }

  template <class V>
  void Describe(V& v) {
    v.Group("loss", loss, "packets that never arrive");
    v.Group("reorder", reorder, "packets that arrive late");
    v.Group("duplicate", duplicate, "packets that arrive twice");
    v.Group("corrupt", corrupt, "packets that arrive changed");
    v.Group("script", script,
            "a box on the way that keeps a connection's data and sends it on as told: cut anew, in "
            "another order, late, twice or never");
  }
};

}  // namespace ddpsim::settings

#endif  // DDPSIM_SIM_SCENARIO_FAULT_CONFIG_H_

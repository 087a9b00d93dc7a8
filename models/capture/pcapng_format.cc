// pcapng: blocks of type, length, body, length; packets in enhanced, simple and (obsolete) packet
// blocks refer to interface blocks of their section.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "models/capture/capture_reader.h"

namespace ddpsim {
namespace {

constexpr uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr uint32_t kInterface = 1;
constexpr uint32_t kObsoletePacket = 2;
constexpr uint32_t kSimplePacket = 3;
constexpr uint32_t kEnhancedPacket = 6;
constexpr uint32_t kByteOrderMagic = 0x1a2b3c4d;

constexpr uint16_t kOptEnd = 0;
constexpr uint16_t kOptComment = 1;
constexpr uint16_t kOptEpbFlags = 2;
constexpr uint16_t kOptIfTsResol = 9;
constexpr uint16_t kOptIfTsOffset = 14;

constexpr uint32_t kBlockOverhead = 12;
// A packet block: record, its fixed fields and as many options again.
constexpr uint32_t kMaxPacketBlock = 2 * kMaxRecord;
constexpr size_t kMaxInterfaces = 4096;  // a guess: no machine has more to capture on

struct Interface {
  uint32_t link_type = 0;
  uint32_t snap_length = 0;
  int64_t offset_s = 0;
  // if_tsresol: units of 10^-n or 2^-n seconds.
  bool binary = false;
  unsigned exponent = 6;
};

// `ticks` units in nanoseconds. A unit too small for the count to reach a nanosecond is allowed.
__int128 Nanoseconds(uint64_t ticks, const Interface& interface) {
  constexpr unsigned kNano = 9;
  auto ns = static_cast<unsigned __int128>(ticks);
  if (interface.binary) return static_cast<__int128>(ns * 1'000'000'000u >> interface.exponent);
  for (unsigned i = interface.exponent; i < kNano; ++i) ns *= 10;
  for (unsigned i = kNano; i < interface.exponent && ns > 0; ++i) ns /= 10;
  return static_cast<__int128>(ns);
}

class PcapngFormat final : public RecordFormat {
 public:
  absl::StatusOr<bool> Next(ByteSource* source, CaptureRecord* record) override {
    for (;;) {
      const uint64_t at = source->offset();
      const ByteSpan start = source->Peek(kBlockOverhead);
      if (start.empty()) return false;
      if (start.size() < kBlockOverhead) return CutShort(*source);
      uint32_t type = LoadLe32(start.data());
      if (type == kSectionHeader) {
        if (absl::Status status = StartSection(source, start); !status.ok()) return status;
        continue;
      }
      type = U32(start.data());
      const uint32_t length = U32(start.data() + 4);
      if (absl::Status status = CheckLength(*source, at, length); !status.ok()) return status;
      if (type != kInterface && type != kEnhancedPacket && type != kSimplePacket &&
          type != kObsoletePacket) {
        if (absl::Status status = SkipBlock(source, at, length); !status.ok()) return status;
        continue;
      }
      absl::StatusOr<ByteSpan> body = ReadBlock(source, at, length);
      if (!body.ok()) return body.status();
      if (type == kInterface) {
        if (absl::Status status = AddInterface(*source, at, *body); !status.ok()) return status;
        continue;
      }
      const absl::Status status = type == kEnhancedPacket ? Enhanced(*source, at, *body, record)
                                  : type == kSimplePacket ? Simple(*source, at, *body, record)
                                                          : Obsolete(*source, at, *body, record);
      if (!status.ok()) return status;
      return true;
    }
  }

 private:
  uint16_t U16(const uint8_t* p) const { return swapped_ ? LoadBe16(p) : LoadLe16(p); }
  uint32_t U32(const uint8_t* p) const { return swapped_ ? LoadBe32(p) : LoadLe32(p); }

  absl::Status CheckLength(const ByteSource& source, uint64_t at, uint32_t length) const {
    if (length >= kBlockOverhead && length % 4 == 0) return absl::OkStatus();
    return source.Bad(at + 4, absl::StrCat("block length ", length,
                                           "; a multiple of 4, at least 12, is accepted"));
  }

  absl::Status CheckTrailer(const ByteSource& source, uint64_t at, uint32_t length,
                            const uint8_t* trailer) const {
    if (U32(trailer) == length) return absl::OkStatus();
    return source.Bad(at + length - 4, absl::StrCat("block length ", U32(trailer), " at its end, ",
                                                    length, " at its start"));
  }

  absl::StatusOr<ByteSpan> ReadBlock(ByteSource* source, uint64_t at, uint32_t length) const {
    if (length > kMaxPacketBlock) {
      return source->Bad(at + 4, absl::StrCat("block length ", length, "; at most ",
                                              kMaxPacketBlock, " for a packet"));
    }
    const ByteSpan block = source->Read(length);
    if (block.size() < length) return CutShort(*source);
    if (absl::Status status = CheckTrailer(*source, at, length, &block[length - 4]); !status.ok())
      return status;
    return block.subspan(8, length - kBlockOverhead);
  }

  absl::Status SkipBlock(ByteSource* source, uint64_t at, uint32_t length) const {
    if (!source->Skip(length - 4)) return CutShort(*source);
    const ByteSpan trailer = source->Read(4);
    if (trailer.size() < 4) return CutShort(*source);
    return CheckTrailer(*source, at, length, trailer.data());
  }

  absl::Status StartSection(ByteSource* source, ByteSpan start) {
    const uint64_t at = source->offset();
    swapped_ = LoadBe32(&start[8]) == kByteOrderMagic;
    if (!swapped_ && LoadLe32(&start[8]) != kByteOrderMagic) {
      return source->Bad(at + 8, "byte-order magic of a section header is neither order's");
    }
    const uint32_t length = U32(&start[4]);
    if (absl::Status status = CheckLength(*source, at, length); !status.ok()) return status;
    if (length < 28) {
      return source->Bad(at + 4, absl::StrCat("section header of ", length, " bytes; at least 28"));
    }
    const ByteSpan head = source->Peek(16);
    if (head.size() < 16) return CutShort(*source);
    if (const uint16_t major = U16(&head[12]); major != 1) {
      return source->Bad(at + 12, absl::StrCat("pcapng version ", major, ".x; accepted: 1.x"));
    }
    interface_base_ += static_cast<uint32_t>(interfaces_.size());
    interfaces_.clear();
    return SkipBlock(source, at, length);
  }

  // Calls found(code, value) for each option; false: they overrun the block.
  template <class Found>
  bool ForEachOption(ByteSpan options, Found found) const {
    while (options.size() >= 4) {
      const uint16_t code = U16(&options[0]);
      const size_t length = U16(&options[2]);
      if (code == kOptEnd) return true;
      const size_t padded = (length + 3) / 4 * 4;
      if (4 + padded > options.size()) return false;
      found(code, options.subspan(4, length));
      options.remove_prefix(4 + padded);
    }
    return options.empty();
  }

  absl::Status AddInterface(const ByteSource& source, uint64_t at, ByteSpan body) {
    if (body.size() < 8) return source.Bad(at, "interface block of less than 20 bytes");
    if (interfaces_.size() >= kMaxInterfaces) {
      return source.Bad(at, absl::StrCat("more than ", kMaxInterfaces, " interfaces"));
    }
    Interface interface;
    interface.link_type = U16(&body[0]);
    interface.snap_length = U32(&body[4]);
    const bool whole = ForEachOption(body.subspan(8), [&](uint16_t code, ByteSpan value) {
      if (code == kOptIfTsResol && value.size() == 1) {
        interface.binary = (value[0] & 0x80) != 0;
        interface.exponent = value[0] & 0x7f;
      } else if (code == kOptIfTsOffset && value.size() == 8) {
        const uint64_t raw = swapped_ ? LoadBe64(value.data()) : LoadLe64(value.data());
        interface.offset_s = static_cast<int64_t>(raw);
      }
    });
    if (!whole) return source.Bad(at, "options overrun their interface block");
    interfaces_.push_back(interface);
    return absl::OkStatus();
  }

  absl::Status Stamp(const ByteSource& source, uint64_t at, uint32_t id, const uint8_t* high_low,
                     CaptureRecord* record) const {
    if (id >= interfaces_.size()) {
      return source.Bad(at + 8, absl::StrCat("interface ", id, " of a packet; the section has ",
                                             interfaces_.size()));
    }
    const Interface& interface = interfaces_[id];
    const uint64_t ticks = uint64_t{U32(high_low)} << 32 | U32(high_low + 4);
    const __int128 ns =
        Nanoseconds(ticks, interface) + static_cast<__int128>(interface.offset_s) * 1'000'000'000;
    record->time_repaired = ns < -kLatestNs || ns > kLatestNs;
    record->time_ns =
        static_cast<int64_t>(std::clamp<__int128>(ns, -__int128{kLatestNs}, __int128{kLatestNs}));
    record->interface_id = interface_base_ + id;
    record->link_type = interface.link_type;
    return absl::OkStatus();
  }

  absl::Status TakeData(const ByteSource& source, uint64_t at, ByteSpan rest, uint32_t captured,
                        CaptureRecord* record) const {
    const uint64_t padded = (uint64_t{captured} + 3) / 4 * 4;
    if (captured > kMaxRecord || padded > rest.size()) {
      return source.Bad(at, absl::StrCat("captured length ", captured,
                                         " of a packet; its block has room for ", rest.size()));
    }
    if (captured > record->original_length) {
      return source.Bad(at, absl::StrCat("captured length ", captured,
                                         " exceeds the packet's length ", record->original_length));
    }
    record->bytes = rest.subspan(0, captured);
    record->direction = CaptureDirection::kUnknown;
    record->comment = {};
    const bool whole = ForEachOption(
        rest.subspan(static_cast<size_t>(padded)), [&](uint16_t code, ByteSpan value) {
          if (code == kOptComment) {
            record->comment =
                absl::string_view(reinterpret_cast<const char*>(value.data()), value.size());
          } else if (code == kOptEpbFlags && value.size() == 4) {
            record->direction = static_cast<CaptureDirection>(U32(value.data()) & 3);
          }
        });
    return whole ? absl::OkStatus() : source.Bad(at, "options overrun their packet block");
  }

  absl::Status Enhanced(const ByteSource& source, uint64_t at, ByteSpan body,
                        CaptureRecord* record) const {
    if (body.size() < 20) return source.Bad(at, "enhanced packet block of less than 32 bytes");
    record->original_length = U32(&body[16]);
    absl::Status status = Stamp(source, at, U32(&body[0]), &body[4], record);
    if (status.ok()) status = TakeData(source, at, body.subspan(20), U32(&body[12]), record);
    return status;
  }

  absl::Status Obsolete(const ByteSource& source, uint64_t at, ByteSpan body,
                        CaptureRecord* record) const {
    if (body.size() < 20) return source.Bad(at, "packet block of less than 32 bytes");
    record->original_length = U32(&body[16]);
    absl::Status status = Stamp(source, at, U16(&body[0]), &body[4], record);
    if (status.ok()) status = TakeData(source, at, body.subspan(20), U32(&body[12]), record);
    return status;
  }

  // No timestamp, no options: the time of the record before.
  absl::Status Simple(const ByteSource& source, uint64_t at, ByteSpan body,
                      CaptureRecord* record) const {
    if (body.size() < 4) return source.Bad(at, "simple packet block of less than 16 bytes");
    if (interfaces_.empty()) return source.Bad(at, "a packet before any interface block");
    record->original_length = U32(&body[0]);
    record->link_type = interfaces_[0].link_type;
    record->interface_id = interface_base_;
    record->time_repaired = false;
    record->direction = CaptureDirection::kUnknown;
    record->comment = {};
    uint64_t captured = record->original_length;
    if (interfaces_[0].snap_length != 0)
      captured = std::min<uint64_t>(captured, interfaces_[0].snap_length);
    const ByteSpan rest = body.subspan(4);
    if (captured > rest.size()) {
      return source.Bad(at, absl::StrCat("packet of ", captured, " bytes in a block with room for ",
                                         rest.size()));
    }
    record->bytes = rest.subspan(0, static_cast<size_t>(captured));
    return absl::OkStatus();
  }

  bool swapped_ = false;
  std::vector<Interface> interfaces_;
  uint32_t interface_base_ = 0;  // of the sections before
};

}  // namespace

absl::StatusOr<std::unique_ptr<RecordFormat>> OpenPcapng(ByteSource* source) {
  if (LoadLe32(source->Peek(4).data()) != kSectionHeader) return std::unique_ptr<RecordFormat>();
  return std::unique_ptr<RecordFormat>(std::make_unique<PcapngFormat>());
}

}  // namespace ddpsim

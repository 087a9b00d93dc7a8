// The bench around an NvmeHost: a target that answers in whole PDUs what the host's sockets sent,
// with knobs for what goes wrong.
#ifndef DDPSIM_TESTS_UNIT_NVME_HOST_FAKE_TARGET_H_
#define DDPSIM_TESTS_UNIT_NVME_HOST_FAKE_TARGET_H_

#include <functional>
#include <optional>
#include <tuple>

#include "ddpsim/base/check.h"
#include "tests/unit/nvme_host/fake_host.h"

namespace ddpsim {

inline LoadConfig ReadsOf(uint32_t bs, uint64_t ios = 1, uint32_t iodepth = 1) {
  LoadConfig load;
  load.bs = bs;
  load.total_ios = ios;
  load.iodepth = iodepth;
  load.size = 16 << 20;
  return load;
}

class Bench {
 public:
  explicit Bench(NvmeHostConfig config = {}, bool offload = false)
      : config_(config),
        memory(uint64_t{256} << 20),
        llc(LlcConfig(), HostMemory::kBase, Rng(1, "llc")),
        content(ContentKind::kPattern, 1, config.header_digest, config.data_digest) {
    framing_.header_digest = config.header_digest;
    framing_.data_digest = config.data_digest;
    HostBoxes boxes;
    boxes.memory = &memory;
    boxes.llc = &llc;
    boxes.scheduler = &cpu;
    boxes.streams = &streams;
    boxes.ddp = offload ? &driver : nullptr;
    boxes.observer = &observer;
    boxes.calendar = &calendar;
    host = std::make_unique<NvmeHost>(config, boxes);
  }

  // Runs until nothing moves without time passing, or until `until` says so.
  void Run(const std::function<bool()>& until = [] { return false; }) {
    while (!until()) {
      bool moved = cpu.RunOne();
      for (size_t i = 0; i < streams.streams.size(); ++i) moved |= Serve(i);
      if (!moved) return;
    }
  }
  // Lets time pass until the next timer, then runs.
  void RunTimers() {
    SimTime at;
    if (Wakeable* who = calendar.PopDue(SimTime::Sec(1'000'000), &at)) {
      cpu.now = std::max(cpu.now, at);
      who->OnDeadline(at);
    }
    Run();
  }
  void Connect() {
    host->Start(cpu.now);
    Run([&] { return host->ready(); });
  }
  bool Load(const LoadConfig& load) {
    if (!host->StartLoad(load, content, nullptr, cpu.now).ok()) return false;
    Run();
    return host->finished();
  }
  // The newest socket of queue `qid`, when queues were opened in order.
  FakeStream& stream(size_t i) { return *streams.streams[i]; }
  FakeStream& io_stream() { return *streams.streams.back(); }

  NvmeHostConfig config_;
  FakeScheduler cpu;
  Calendar calendar;
  FakeFactory streams;
  FakeDriver driver;
  HostObserver observer;
  HostMemory memory;
  Llc llc;
  Content content;
  std::unique_ptr<NvmeHost> host;
  std::vector<NvmeRwSqe> io_commands;
  std::vector<uint8_t> properties;  // offsets got and set, in order
  std::vector<uint64_t> cc_written;
  // Knobs.
  uint32_t cut = 1448;  // bytes per skb
  int bad_digests = 0;  // this many C2HData get a wrong digest
  int wrong_bytes = 0;  // this many C2HData get a wrong byte under a right digest
  int bad_header_digests = 0;
  bool place = false;  // frags alias the mapped buffer, as an offloading NIC does
  std::function<bool(uint32_t)> crc = [](uint32_t) {
    return true;
  };  // ulp_crc of the n-th skb of a C2HData
  bool success_flag = false;
  bool hold_io = false;
  bool deaf = false;                   // no SYN is answered
  bool mute = false;                   // nothing else is
  std::optional<uint8_t> held_opcode;  // an admin command that is not answered
  bool never_ready = false;            // CSTS.RDY stays 0
  uint32_t ctratt = 0;
  uint8_t mdts = 0;
  uint8_t lbads = 9;
  uint16_t granted = 0xffff;  // I/O queues less one
  uint64_t cap = 0x3ff;
  uint64_t capacity = uint64_t{64} << 20;

 private:
  bool Serve(size_t index) {
    FakeStream& s = *streams.streams[index];
    if (s.shut_down) return false;
    ExecContext ctx = cpu.Context();
    if (s.connecting) {
      if (deaf) return false;
      s.connecting = false;
      s.is_established = true;
      s.callbacks->OnStateChange(ctx);
      return true;
    }
    std::vector<uint8_t>& in = s.sent;
    if (in.size() < 8 || mute) return false;
    const PduCommonHeader ch = LoadCommonHeader(in.data());
    if (in.size() < ch.plen) return false;
    const std::vector<uint8_t> pdu(in.begin(), in.begin() + ch.plen);
    const bool command = pdu[0] == 4 && pdu[8] != kNvmeFabrics;
    if (command && (s.admin ? held_opcode == pdu[8] : hold_io)) return false;
    in.erase(in.begin(), in.begin() + ch.plen);
    OnPdu(s, pdu);
    if (!s.receive.empty() && s.callbacks != nullptr) s.callbacks->OnDataReady(ctx);
    return true;
  }

  void OnPdu(FakeStream& s, const std::vector<uint8_t>& pdu) {
    if (pdu[0] == 0) {
      IcRespRepr resp;
      resp.header_digest = framing_.header_digest;
      resp.data_digest = framing_.data_digest;
      resp.maxh2cdata = 16384;
      std::vector<uint8_t> out(kMaxPduHeader);
      out.resize(EmitIcResp(resp, out.data()));
      return Reply(s, out);
    }
    if (pdu[0] == 6) return OnH2CData(s, pdu);
    CapsuleCmdRepr cmd;
    SIM_CHECK(ParseCapsuleCmd(ByteSpan(pdu), framing_, &cmd).ok());
    NvmeSqe& sqe = cmd.sqe;
    if (sqe.opcode == kNvmeFabrics) return OnFabrics(s, sqe);
    if (s.admin) return OnAdmin(s, sqe);
    io_commands.push_back(SqeAs<NvmeRwSqe>(sqe));
    const NvmeRwSqe rw = io_commands.back();
    if (rw.opcode == kNvmeCmdRead) {
      std::vector<uint8_t> data((rw.nlb + 1u) * 512);
      content.Fill(rw.slba * 512, MutableByteSpan(data));
      return SendData(s, sqe.command_id, data);
    }
    if (cmd.data_length > 0) {
      const uint8_t pdo = framing_.DataOffset(72);
      writes_ok &=
          content.Equals(rw.slba * 512, ByteSpan(pdu.data() + pdo, cmd.data_length), nullptr);
      return Complete(s, sqe.command_id, 0);
    }
    write_ = rw;
    R2TRepr r2t{sqe.command_id, 7, 0, (rw.nlb + 1u) * 512};
    std::vector<uint8_t> out(kMaxPduHeader);
    out.resize(EmitR2T(r2t, framing_, out.data()));
    Reply(s, out);
  }

  void OnFabrics(FakeStream& s, const NvmeSqe& sqe) {
    const auto p = SqeAs<FabricsPropertySqe>(sqe);
    if (p.fctype == kFabricsConnect) {
      s.admin = SqeAs<FabricsConnectSqe>(sqe).qid == 0;
      return Complete(s, sqe.command_id, 1);
    }
    properties.push_back(static_cast<uint8_t>(p.offset));
    if (p.fctype == kFabricsPropertySet) cc_written.push_back(p.value);
    if (p.fctype == kFabricsPropertySet) csts_ = (p.value & 0xc000) != 0 ? 8 : p.value & 1;
    if (p.fctype == kFabricsPropertySet) return Complete(s, sqe.command_id, 0);
    Complete(s, sqe.command_id,
             p.offset == kPropertyCap    ? cap
             : p.offset == kPropertyCsts ? (never_ready ? 0 : csts_)
                                         : 0x10400);
  }

  void OnAdmin(FakeStream& s, const NvmeSqe& sqe) {
    if (sqe.opcode == kNvmeAdminSetFeatures)
      return Complete(s, sqe.command_id, uint64_t{granted} << 16 | granted);
    if (sqe.opcode == kNvmeAdminKeepAlive) ++keep_alives;
    if (sqe.opcode != kNvmeAdminIdentify) return Complete(s, sqe.command_id, 0);
    std::vector<uint8_t> data(4096);
    if (SqeAs<NvmeIdentifySqe>(sqe).cns == kIdentifyController) {
      IdentifyControllerData id;
      id.ioccsz = (64 + 16384) / 16;
      id.ctratt = ctratt;
      id.mdts = mdts;
      id.kas = 10;
      std::memcpy(data.data(), &id, sizeof(id));
    } else {
      IdentifyNamespaceData id;
      id.nsze = capacity >> lbads;
      id.lbaf[0].lbads = lbads;
      std::memcpy(data.data(), &id, sizeof(id));
    }
    const auto saved = std::make_pair(place, bad_digests);
    place = false;
    bad_digests = 0;
    SendData(s, sqe.command_id, data);
    std::tie(place, bad_digests) = saved;
  }

  void OnH2CData(FakeStream& s, const std::vector<uint8_t>& pdu) {
    H2CDataRepr h;
    SIM_CHECK(ParseH2CData(ByteSpan(pdu), framing_, &h).ok());
    const uint8_t pdo = framing_.DataOffset(24);
    const ByteSpan data(pdu.data() + pdo, h.datal);
    writes_ok &= content.Equals(write_.slba * 512 + h.datao, data, nullptr);
    if (framing_.data_digest) writes_ok &= LoadLe32(pdu.data() + pdo + h.datal) == Crc32c(0, data);
    ++h2c_pdus;
    if (h.last) Complete(s, h.cccid, 0);
  }

  void Complete(FakeStream& s, Cid cid, uint64_t result) {
    CapsuleRespRepr resp;
    resp.cqe.command_id = cid;
    resp.cqe.result = result;
    std::vector<uint8_t> out(kMaxPduHeader);
    out.resize(EmitCapsuleResp(resp, framing_, out.data()));
    Reply(s, out);
  }

  void SendData(FakeStream& s, Cid cid, std::vector<uint8_t> data) {
    C2HDataRepr repr{cid, 0, static_cast<uint32_t>(data.size()), true, success_flag};
    std::vector<uint8_t> out(kMaxPduHeader);
    out.resize(EmitC2HData(repr, framing_, out.data()));
    if (bad_header_digests > 0 && bad_header_digests-- > 0) out[24] ^= 1;
    if (wrong_bytes > 0 && wrong_bytes-- > 0) data[100] ^= 1;
    uint32_t digest = Crc32c(0, ByteSpan(data));
    if (bad_digests > 0 && bad_digests-- > 0) digest ^= 1;
    const size_t header = out.size();
    out.insert(out.end(), data.begin(), data.end());
    if (framing_.data_digest) {
      out.resize(out.size() + 4);
      StoreLe32(&out[out.size() - 4], digest);
    }
    uint8_t* alias = nullptr;
    const auto map = driver.maps.find(cid);
    if (place && map != driver.maps.end()) {
      alias = memory.At(map->second[0].addr, data.size());
      std::memcpy(alias, data.data(), data.size());
    }
    Deliver(s, out, header, data.size(), alias);
    if (!success_flag) Complete(s, cid, 0);
  }

  void Reply(FakeStream& s, const std::vector<uint8_t>& bytes) {
    Deliver(s, bytes, bytes.size(), 0, nullptr);
  }

  // Cuts into skbs; data bytes become frags that alias `alias` when it is not null.
  void Deliver(FakeStream& s, const std::vector<uint8_t>& bytes, size_t header, size_t data,
               uint8_t* alias) {
    s.storage.push_back(bytes);
    const std::vector<uint8_t>& kept = s.storage.back();
    uint32_t n = 0;
    for (size_t at = 0; at < kept.size(); at += cut) {
      const size_t end = std::min(kept.size(), at + cut);
      std::vector<Payload> frags;
      auto add = [&](size_t from, size_t to, const uint8_t* p) {
        if (from < to) frags.push_back(Payload{p, static_cast<uint32_t>(to - from), 0, nullptr});
      };
      const size_t b = std::clamp(header, at, end), e = std::clamp(header + data, at, end);
      add(at, b, &kept[at]);
      add(b, e, alias != nullptr ? alias + (b - header) : kept.data() + b);
      add(e, end, kept.data() + e);
      s.Append(std::move(frags), crc(n++));
    }
  }

 public:
  bool writes_ok = true;
  int keep_alives = 0;
  int h2c_pdus = 0;

 private:
  PduFraming framing_;
  NvmeRwSqe write_;
  uint64_t csts_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_NVME_HOST_FAKE_TARGET_H_

#include "models/kernel/nvmeotcp_driver.h"

#include <catch2/catch.hpp>

#include "ddpsim/hw/doorbell.h"
#include "tests/unit/kernel/nvmeotcp_bench.h"

using namespace ddpsim;
using Bench = NvmeotcpBench;

TEST_CASE(
    "sk_add creates the objects, writes both parameter WQEs and steers after the confirmation") {
  Bench b;
  REQUIRE(b.added);
  CHECK(b.kernel.ulp_ddp_stats().sk_add == 1);
  REQUIRE(b.nic.wqes.size() == 2);
  const FakeNic::Wqe& fixed = b.nic.wqes[0];
  CHECK(fixed.ctrl().opcode() == WqeOpcode::kUmr);
  CHECK(fixed.ctrl().opc_mod() == kOpcModUmrStaticParams);
  CHECK(fixed.bytes.size() == kUmrStaticParamsSize);
  const auto params = At<WqeStaticParams>(fixed, 128);
  CHECK(params.zero_copy_en == 1);
  CHECK(params.ddgst_offload_en == 1);
  CHECK(params.ddgst_en == 1);
  CHECK(params.hddgst_en == 0);
  const FakeNic::Wqe& progress = b.nic.wqes[1];
  CHECK(progress.ctrl().opcode() == WqeOpcode::kSetPsv);
  CHECK(progress.bytes.size() == kSetPsvProgressSize);
  CHECK(At<WqeProgressParams>(progress, 20).next_pdu_tcp_sn == b.socket->copied_seq().value());
  const uint32_t tirn = progress.ctrl().imm >> 8;
  REQUIRE(b.LastCommand(CommandOpcode::kSetFlowRule) != nullptr);
  CHECK(b.LastCommand(CommandOpcode::kSetFlowRule)->flow_rule.tirn == tirn);
  CHECK(b.LastCommand(CommandOpcode::kSetFlowRule)->flow_rule.flow_tag == 1);
  CHECK(b.LastCommand(CommandOpcode::kCreateTagBufferTable)->create_tag_buffer_table.log_entries ==
        7);
}

TEST_CASE("the ICOSQ has room for all setups, as a power of two") {
  Bench b;
  // 38 WQEBBs for 512 KiB, times 128 commands: 4864.
  CHECK(b.LastCommand(CommandOpcode::kCreateSq)->create_sq.log_wqebbs == 13);
  CHECK(b.LastCommand(CommandOpcode::kCreateSq)->create_sq.is_icosq == 1);
}

TEST_CASE("no flow rule before the parameters are confirmed") {
  KernelBench b;
  NvmeotcpUlp ulp;
  TcpSocket* socket = b.Connect();
  b.nic.hold_completions = true;
  b.Do([&](ExecContext& ctx) { b.kernel.ddp()->SkAdd(ctx, socket, Bench::QueueConfig(), &ulp); });
  const auto* driver = static_cast<NvmeotcpDriver*>(b.kernel.ddp());
  CHECK_FALSE(const_cast<NvmeotcpDriver*>(driver)->Offloaded(socket));
  b.nic.CompleteSend(b.nic.wqes.back());
  b.Run(b.now + SimTime::Us(100));
  CHECK(const_cast<NvmeotcpDriver*>(driver)->Offloaded(socket));
}

TEST_CASE(
    "from connect to sk_del some rule steers the flow at every moment, and one at a time after") {
  KernelBench b(TwoChannels());
  NvmeotcpUlp ulp;
  TcpSocket* socket = b.Connect();
  b.nic.hold_completions = true;
  const auto steered = [&b] {  // how often the flow was set and deleted, as the NIC saw it
    std::vector<CommandOpcode> rules;
    for (const CommandMailbox& command : b.nic.commands) {
      if (command.opcode == CommandOpcode::kSetFlowRule ||
          command.opcode == CommandOpcode::kDeleteFlowRule)
        rules.push_back(command.opcode);
    }
    return rules;
  };
  b.nic.commands.clear();
  b.Do([&](ExecContext& ctx) { b.kernel.ddp()->SkAdd(ctx, socket, Bench::QueueConfig(), &ulp); });
  // The old rule stays while the parameters are on their way: a packet that came by another ring
  // would be overtaken.
  CHECK(steered().empty());
  b.nic.CompleteSend(b.nic.wqes.back());
  b.Run(b.now + SimTime::Us(100));
  const std::vector<CommandOpcode> change = {CommandOpcode::kDeleteFlowRule,
                                             CommandOpcode::kSetFlowRule};
  CHECK(steered() == change);
  b.nic.commands.clear();
  b.Do([&](ExecContext& ctx) { b.kernel.ddp()->SkDel(ctx, socket); });
  CHECK(steered() == change);
}

TEST_CASE("a NIC without room leaves the socket plain") {
  KernelBench b;
  NvmeotcpUlp ulp;
  TcpSocket* socket = b.Connect();
  for (CommandOpcode opcode : {CommandOpcode::kCreateTagBufferTable, CommandOpcode::kCreateMkey,
                               CommandOpcode::kCreateTir}) {
    b.nic.fail_opcode = opcode;
    b.nic.fail_next = CommandStatus::kNoResources;
    bool added = true;
    b.Do([&](ExecContext& ctx) {
      added = b.kernel.ddp()->SkAdd(ctx, socket, Bench::QueueConfig(), &ulp);
    });
    CHECK_FALSE(added);
  }
  CHECK(b.kernel.ulp_ddp_stats().sk_add_fail == 3);
  CHECK(b.nic.sqs.size() == 1);  // the channel's: nothing leaks
}

TEST_CASE("setup posts UMRs of the right geometry with the pages in order") {
  struct {
    uint32_t pages, wqes, wqebbs;
  } rows[] = {{1, 1, 3}, {4, 1, 3}, {8, 1, 4}, {16, 1, 6}, {32, 1, 10}, {64, 2, 20}, {128, 3, 38}};
  for (const auto& row : rows) {
    Bench b;
    const std::vector<SglEntry> sgl = b.Pages(row.pages);
    REQUIRE(b.Setup(5, sgl));
    REQUIRE(b.nic.wqes.size() == row.wqes);
    uint32_t wqebbs = 0, page = 0;
    for (const FakeNic::Wqe& wqe : b.nic.wqes) {
      wqebbs += DsToWqebbs(wqe.ctrl().ds_count());
      CHECK((wqe.ctrl().fm_ce_se & kCeCqe) == 0);
      const auto umr = At<WqeUmrCtrlSegment>(wqe, 16);
      CHECK(umr.xlt_offset == page);
      CHECK(At<WqeMkeyContextSegment>(wqe, 64).len == row.pages * 4096);
      for (uint32_t i = 0; i < umr.xlt_octowords; ++i, ++page) {
        const auto klm = At<WqeKlm>(wqe, kUmrHeaderSize + i * sizeof(WqeKlm));
        CHECK(klm.va == sgl[page].addr);
        CHECK(klm.bcount == 4096);
      }
    }
    CHECK(wqebbs == row.wqebbs);
    CHECK(page == row.pages);
  }
}

TEST_CASE("teardown invalidates the mkey and is done with its CQE, not before") {
  Bench b;
  const std::vector<SglEntry> sgl = b.Pages(8);
  REQUIRE(b.Setup(3, sgl));
  const uint32_t mkey = b.nic.wqes[0].ctrl().imm;
  b.nic.hold_completions = true;
  b.Teardown(3, sgl);
  REQUIRE(b.nic.wqes.size() == 1);
  CHECK(b.nic.wqes[0].ctrl().imm == mkey);
  CHECK(b.nic.wqes[0].bytes.size() == 128);
  CHECK(At<WqeMkeyContextSegment>(b.nic.wqes[0], 64).status == kMkeyStatusFree);
  CHECK(b.ulp.done.empty());
  b.nic.CompleteSend(b.nic.wqes[0]);
  b.Run(b.now + SimTime::Us(100));
  REQUIRE(b.ulp.done.size() == 1);
  CHECK(b.ulp.done[0] == &b.ulp);
  CHECK(b.Units(Cost::kDdpUnmapSg) == 8);
}

TEST_CASE("one CQE stands for the setups before it") {
  Bench b;
  const std::vector<SglEntry> sgl = b.Pages(8);
  for (Ccid ccid = 0; ccid < 100; ++ccid) {
    for (int round = 0; round < 30; ++round) {
      REQUIRE(b.Setup(ccid, sgl));
      b.Teardown(ccid, sgl);
    }
  }
  // 3000 rounds of 6 WQEBBs: the ring of 8192 wrapped twice.
  CHECK(b.ulp.done.size() == 3000);
}

TEST_CASE("too many SG entries are refused and counted") {
  Bench b;
  CHECK_FALSE(b.Setup(1, b.Pages(129)));
  CHECK(b.kernel.ulp_ddp_stats().setup_fail == 1);
  CHECK(b.Units(Cost::kDdpMapSg) == 129);  // dma_map_sg() came first, and is taken back
  CHECK(b.Units(Cost::kDdpUnmapSg) == 129);
}

TEST_CASE("an SGL of tiny entries is refused since v6, before it was mapped") {
  Bench now, early(Bench::Version("v5"));
  CHECK_FALSE(now.Setup(1, now.Pages(40, 64)));
  CHECK(early.Setup(1, early.Pages(40, 64)));
  CHECK(now.Setup(1, now.Pages(40, 512)));
}

// mlx5e_nvmeotcp_validate_sgl(): every 16 entries hold a packet of the MTU but one byte.
TEST_CASE("tiny entries are refused wherever in the SGL they are") {
  for (const uint32_t large_first : {0u, 1u, 20u}) {
    Bench b;
    std::vector<SglEntry> sgl = b.Pages(large_first);
    for (const SglEntry& tiny : b.Pages(30, 64)) sgl.push_back(tiny);
    for (const SglEntry& large : b.Pages(20)) sgl.push_back(large);
    CHECK_FALSE(b.Setup(1, sgl));
  }
}

TEST_CASE("16 entries suffice from one byte less than the MTU on") {
  for (const uint32_t last : {98u, 99u}) {  // with 15 entries of 93 and one of 10: 1498, 1499
    Bench b;
    std::vector<SglEntry> sgl = b.Pages(15, 93);
    sgl[0].length = 98;
    for (const SglEntry& large : b.Pages(20, 1499)) sgl.push_back(large);
    sgl[15].length = last;
    CHECK(b.Setup(1, sgl) == (last == 99));
  }
}

// The whole ring can be used, save what NOPs at its edge may take from a mapping in several WQEs.
TEST_CASE("a large mapping is posted as long as it fits the ring with NOPs at the edge") {
  UlpDdpConfig queue = Bench::QueueConfig();
  queue.queue_size = 2;               // a ring of 128 WQEBBs
  for (const int small : {25, 26}) {  // of 3 WQEBBs each; 38 and at most 15 of NOPs are to come
    Bench b(Bench::DefaultConfig(), queue);
    REQUIRE(b.LastCommand(CommandOpcode::kCreateSq)->create_sq.log_wqebbs == 7);
    b.nic.hold_completions = true;
    for (int i = 0; i < small; ++i) b.Setup(0, b.Pages(1));
    CHECK(b.Setup(1, b.Pages(128)));
    CHECK(b.kernel.ulp_ddp_stats().icosq_full == (small == 25 ? 0 : 1));
    CHECK(b.nic.wqes.empty() == (small == 26));
  }
}

TEST_CASE("a resync answer carries the sequence number and arms the crc workaround") {
  Bench b;
  b.nic.wqes.clear();
  b.Do([&](ExecContext& ctx) { b.kernel.ddp()->Resync(ctx, b.socket, SeqNum(4711)); });
  REQUIRE(b.nic.wqes.size() == 1);
  CHECK(At<WqeStaticParams>(b.nic.wqes[0], 128).nvme_resync_tcp_sn == 4711);
}

TEST_CASE("v1 to v5 do not tell the hardware of header digests and mistake them for data digests") {
  UlpDdpConfig config = Bench::QueueConfig();
  config.header_digest = true;
  config.data_digest = false;
  Bench early(Bench::Version("v5"), config), now(Bench::Version("v6"), config);
  CHECK(At<WqeStaticParams>(early.nic.wqes[0], 128).hddgst_en == 0);
  CHECK(At<WqeStaticParams>(early.nic.wqes[0], 128).ddgst_en == 1);
  CHECK(At<WqeStaticParams>(now.nic.wqes[0], 128).hddgst_en == 1);
  CHECK(At<WqeStaticParams>(now.nic.wqes[0], 128).ddgst_en == 0);
}

TEST_CASE("before v6 each setup UMR asks for a CQE that nobody wants") {
  Bench b(Bench::Version("v5"));
  b.Setup(1, b.Pages(8));
  CHECK((b.nic.wqes[0].ctrl().fm_ce_se & kCeCqe) != 0);
}

TEST_CASE(
    "sk_del answers pending teardowns, frees all objects and lets the socket be offloaded again") {
  Bench b;
  const std::vector<SglEntry> sgl = b.Pages(8);
  b.Setup(3, sgl);
  b.nic.hold_completions = true;
  b.Teardown(3, sgl);
  b.Do([&](ExecContext& ctx) { b.kernel.ddp()->SkDel(ctx, b.socket); });
  CHECK(b.ulp.done.size() == 1);
  CHECK(b.kernel.ulp_ddp_stats().sk_del == 1);
  CHECK(b.nic.sqs.size() == 1);
  CHECK(b.nic.cqs.size() == 2);
  b.nic.hold_completions = false;
  bool added = false;
  b.Do([&](ExecContext& ctx) {
    added = b.kernel.ddp()->SkAdd(ctx, b.socket, Bench::QueueConfig(), &b.ulp);
  });
  CHECK(added);
  CHECK(b.LastCommand(CommandOpcode::kSetFlowRule)->flow_rule.flow_tag == 1);
}

TEST_CASE("queue ids run out at the driver's limit") {
  KernelBench b(Bench::Version("v1"));
  NvmeotcpUlp ulp;
  UlpDdpConfig config = Bench::QueueConfig();
  config.queue_size = 1;
  int added = 0;
  for (int i = 0; i < 513; ++i) {
    ByteStream* socket = b.kernel.Create(0);
    b.Do([&](ExecContext& ctx) {
      added += b.kernel.ddp()->SkAdd(ctx, socket, config, &ulp) ? 1 : 0;
    });
  }
  CHECK(added == 512);
  CHECK(b.kernel.ulp_ddp_stats().sk_add_fail == 1);
}

TEST_CASE(
    "a packet placed by the NIC goes through driver, GRO and TCP with frags in the command's "
    "pages") {
  Bench b;
  const std::vector<SglEntry> sgl = b.Pages(1);
  REQUIRE(b.Setup(7, sgl));
  std::memset(b.memory.At(sgl[0].addr, 4096), 'x', 4096);  // what the NIC wrote there
  b.hold = true;
  b.PeerSend(std::string(24, 'h') + std::string(1000, 'x') + "tail");
  REQUIRE(b.to_kernel.size() == 1);
  const RefPtr<Frame> holed = b.frames.Copy(*b.to_kernel[0]);
  std::memset(holed->mutable_data() + 66 + 24, 0xee, 1000);  // the hole's bytes are unspecified
  b.nic.Receive(b.nic.rqs.begin()->first, holed->bytes(), [](Cqe64* cqe, CqeNvmeotcp* part) {
    cqe->nvmeotcp_flags = kCqeNvmeotcpZc | kCqeNvmeotcpDdgst;
    cqe->sop_drop_qpn = 1;
    part->ccid = 7;
    part->hlen = 66 + 24;
    part->cclen = 1000;
  });
  b.Run(b.now + SimTime::Us(100));
  const Skb* skb = b.socket->PeekReceive();
  REQUIRE(skb != nullptr);
  CHECK(skb->ulp_crc);
  CHECK(skb->ulp_ddp);
  REQUIRE(skb->frags.size() == 3);
  CHECK(skb->frags[1].addr == sgl[0].addr);
  std::string got;
  b.Do([&](ExecContext& ctx) { got = KernelBench::ReadAll(ctx, b.socket); });
  CHECK(got == std::string(24, 'h') + std::string(1000, 'x') + "tail");
  CHECK(b.kernel.ulp_ddp_stats().bytes == 1000);
}

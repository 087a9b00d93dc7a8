// What the kernel's code costs: one row per piece of work that code does to a packet, an skb, a
// page, a PDU, a request or an interrupt, booked under the kernel symbol that perf would show. The
// numbers live in a cost profile (JSON), each with its source. Invariants: (1) no row is indexed by
// block size, depth or mode; (2) the sum over all rows is the cores' busy cycles.
#ifndef DDPSIM_NET_COST_H_
#define DDPSIM_NET_COST_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace ddpsim {

// X(row, profile key, kernel symbol, what one unit is)
#define DDPSIM_COST_ROWS(X)                                                                        \
  X(kHardirq, "irq.entry", "mlx5_eq_comp_int", "interrupt")                                        \
  X(kSoftirqEntry, "softirq.entry", "__do_softirq", "softirq run")                                 \
  X(kNapiPoll, "napi.poll", "mlx5e_napi_poll", "poll")                                             \
  X(kRxCqe, "driver.rx_cqe", "mlx5e_handle_rx_cqe", "CQE")                                         \
  X(kRxCqe128, "driver.rx_cqe128", "mlx5e_handle_rx_cqe", "128-byte CQE, on top of driver.rx_cqe") \
  X(kRxSkbBuild, "driver.skb_build", "mlx5e_skb_from_cqe_linear", "packet")                        \
  X(kRxRefill, "driver.rq_refill", "mlx5e_post_rx_wqes", "RQ WQE")                                 \
  X(kDdpRebuild, "ddp.rebuild_skb", "mlx5e_nvmeotcp_rebuild_rx_skb", "offloaded packet")           \
  X(kDdpRebuildFrag, "ddp.rebuild_frag", "mlx5e_nvmeotcp_rebuild_rx_skb", "aliasing frag")         \
  X(kDdpResyncRequest, "ddp.resync_request", "mlx5e_nvmeotcp_resync_response", "resync CQE")       \
  X(kGroPacket, "gro.packet", "dev_gro_receive", "packet")                                         \
  X(kGroFlush, "gro.skb", "napi_gro_complete", "skb handed to the stack")                          \
  X(kIpReceive, "ip.receive", "ip_rcv", "skb")                                                     \
  X(kTcpReceive, "tcp.receive", "tcp_v4_rcv", "skb")                                               \
  X(kTcpReceivePacket, "tcp.receive_packet", "tcp_rcv_established", "packet merged into the skb")  \
  X(kTcpReceiveAck, "tcp.receive_ack", "tcp_ack", "skb that acknowledges new data")                \
  X(kTcpOutOfOrder, "tcp.out_of_order", "tcp_data_queue_ofo", "skb")                               \
  X(kTcpBacklog, "tcp.backlog", "tcp_add_backlog", "skb")                                          \
  X(kTcpChecksum, "tcp.checksum_byte", "csum_partial", "byte")                                     \
  X(kTcpSendAck, "tcp.send_ack", "__tcp_send_ack", "pure ACK")                                     \
  X(kTcpTransmit, "tcp.transmit", "__tcp_transmit_skb", "skb with data")                           \
  X(kTcpTimer, "tcp.timer", "tcp_write_timer", "expiry")                                           \
  X(kDriverXmit, "driver.xmit", "mlx5e_xmit", "send WQE")                                          \
  X(kDriverTxCqe, "driver.tx_cqe", "mlx5e_poll_tx_cq", "send CQE")                                 \
  X(kSkbFree, "skb.free", "skb_release_data", "packet")                                            \
  X(kSockLock, "sock.lock", "lock_sock_nested", "lock and release pair")                           \
  X(kDataReady, "nvme.data_ready", "nvme_tcp_data_ready", "call")                                  \
  X(kWorkSwitch, "sched.switch", "__schedule", "context switch")                                   \
  X(kWakeup, "sched.wakeup", "try_to_wake_up", "wake-up")                                          \
  X(kQueueWork, "sched.queue_work", "queue_work_on", "call")                                       \
  X(kIoWork, "nvme.io_work", "nvme_tcp_io_work", "loop turn")                                      \
  X(kRecvSkb, "nvme.recv_skb", "nvme_tcp_recv_skb", "skb")                                         \
  X(kRecvPacket, "nvme.recv_packet", "skb_copy_datagram_iter", "packet walked")                    \
  X(kRecvPdu, "nvme.recv_pdu", "nvme_tcp_recv_pdu", "PDU")                                         \
  X(kCopyCall, "copy.call", "copy_to_iter", "contiguous piece copied")                             \
  X(kCopyByteLlc, "copy.byte_llc", "memcpy_erms", "byte whose destination is in the LLC")          \
  X(kCopyByteDram, "copy.byte_dram", "memcpy_erms", "byte whose destination is in DRAM")           \
  X(kCopySkipCheck, "copy.skip_check", "copy_to_iter", "aliasing piece found: src == dst")         \
  X(kCrcCall, "crc.call", "crc32c_pcl_intel_update", "digest computation")                         \
  X(kCrcByte, "crc.byte", "crc32c_pcl_intel_update", "byte in cache")                              \
  X(kCrcByteDram, "crc.byte_dram", "crc32c_pcl_intel_update", "byte fetched from DRAM")            \
  X(kHeaderDigest, "crc.header", "nvme_tcp_verify_hdgst", "header digest")                         \
  X(kQueueRq, "nvme.queue_rq", "nvme_tcp_queue_rq", "request")                                     \
  X(kSendPdu, "nvme.send_pdu", "nvme_tcp_try_send_cmd_pdu", "PDU sent")                            \
  X(kSendMsg, "tcp.sendmsg", "tcp_sendpage_locked", "call")                                        \
  X(kDdpSetup, "ddp.setup", "mlx5e_nvmeotcp_ddp_setup", "request")                                 \
  X(kDdpMapSg, "ddp.map_sg", "dma_map_sg_attrs", "SG entry")                                       \
  X(kDdpPostWqebb, "ddp.post_wqebb", "mlx5e_nvmeotcp_post_klm_wqe", "WQEBB of UMR")                \
  X(kDdpTeardown, "ddp.teardown", "mlx5e_nvmeotcp_ddp_teardown", "request")                        \
  X(kDdpUnmapSg, "ddp.unmap_sg", "dma_unmap_sg_attrs", "SG entry")                                 \
  X(kDdpInvDone, "ddp.inv_done", "mlx5e_nvmeotcp_ddp_inv_done", "invalidation CQE")                \
  X(kDdpResync, "ddp.resync_response", "mlx5e_nvmeotcp_resync", "answer posted")                   \
  X(kMmio, "driver.doorbell", "mlx5e_notify_hw", "MMIO write")                                     \
  X(kRequestComplete, "blk.complete", "blk_mq_complete_request", "request")                        \
  X(kBlkSubmit, "blk.submit", "blk_mq_submit_bio", "request")                                      \
  X(kBlkPage, "blk.page", "bio_iov_iter_get_pages", "page of a request")                           \
  X(kAioSubmit, "aio.submit", "io_submit_one", "I/O")                                              \
  X(kAioComplete, "aio.complete", "aio_complete", "I/O")                                           \
  X(kAppPerIo, "fio.per_io", "fio (user)", "I/O")

enum class Cost : uint16_t {
#define DDPSIM_COST_ENUM(row, key, symbol, unit) row,
  DDPSIM_COST_ROWS(DDPSIM_COST_ENUM)
#undef DDPSIM_COST_ENUM
      kCount
};
inline constexpr size_t kCostRows = static_cast<size_t>(Cost::kCount);

struct CostRowName {
  const char* key;     // in the profile
  const char* symbol;  // in the breakdown
  const char* unit;
};
inline constexpr std::array<CostRowName, kCostRows> kCostRowNames = {{
#define DDPSIM_COST_NAME(row, key, symbol, unit) {key, symbol, unit},
    DDPSIM_COST_ROWS(DDPSIM_COST_NAME)
#undef DDPSIM_COST_NAME
}};

// Prices in thousandths of a cycle per unit, so that sums are exact integers.
struct CostTable {
  int64_t frequency_hz = 2'000'000'000;
  std::array<int64_t, kCostRows> millicycles{};
};

}  // namespace ddpsim

#endif  // DDPSIM_NET_COST_H_

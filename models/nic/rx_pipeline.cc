#include "models/nic/rx_pipeline.h"

#include "ddpsim/base/check.h"
#include "ddpsim/base/mutant.h"

namespace ddpsim {

RxPipeline::Route RxPipeline::FindRoute(bool is_tcp) {
  Route route;
  if (is_tcp) {
    const Steering& steering = objects_->flows.Find(parsed_.tuple);
    route.rss_hash = steering.rss_hash;
    route.flow_tag = steering.flow_tag;
    if (steering.tirn != 0) {
      route.tir = objects_->tirs.Find(steering.tirn);
      route.tirn = steering.tirn;
      route.rq = route.tir->rq;
      route.rqn = route.tir->rqn;
      return route;
    }
  }
  if (objects_->rss.empty()) return route;
  route.rqn = objects_->rss.Rqn(route.rss_hash);
  route.rq = objects_->rqs.Find(route.rqn);
  return route;
}

RxResult RxPipeline::OnFrame(const Frame& frame, SimTime now) {
  const ByteSpan bytes = frame.bytes();
  const bool is_tcp = ParseFrame(bytes, &parsed_);
  const Route route = FindRoute(is_tcp);
  if (route.rq == nullptr) return {RxOutcome::kNoSteering};
  if (!route.rq->Available(now)) return {RxOutcome::kNoWqe, route.rq};

  ReceiveCqe cqe;
  cqe.checksum_flags = kCqeL2Ok;
  bool checksum_ok = false;
  if (is_tcp) {
    const bool l3_ok = VerifyIpv4Checksum(bytes, parsed_);
    checksum_ok = l3_ok && VerifyTcpChecksum(frame, parsed_);
    if (l3_ok) cqe.checksum_flags |= kCqeL3Ok;
    if (checksum_ok) cqe.checksum_flags |= kCqeL4Ok;
    if (!checksum_ok) ++stats_->rx_bad_checksum;
    cqe.rss_hash_type = kRssHashTypeTcpIpv4;
  } else {
    ++stats_->rx_not_tcp;
  }
  placement_.reset();
  pieces_.clear();
  if (checksum_ok && route.tir != nullptr && !parsed_.payload.empty()) Offload(route.tir, &cqe);

  const SimTime at = now + latency_;
  const ReceiveWqe wqe = route.rq->Take();
  SIM_CHECK(frame.size() <= wqe.byte_count, "RX buffer smaller than the frame");
  if (!DDPSIM_MUTANT(kCqeBeforeData)) WritePacket(bytes, wqe.addr, at);
  cqe.byte_count = frame.size();
  cqe.rss_hash = route.rss_hash;
  cqe.flow_tag = route.flow_tag;
  cqe.rqn = route.rqn;
  cqe.wqe_counter = wqe.counter;
  cqe.timestamp = now;
  ++stats_->rx_packets;
  stats_->rx_bytes += frame.size();
  ++stats_->cqes;
  RxResult result{RxOutcome::kDelivered, route.rq, WriteReceiveCqe(cqe, route.rq->cq(), bus_, at)};
  if (DDPSIM_MUTANT(kCqeBeforeData)) WritePacket(bytes, wqe.addr, at);
  if (observer_ != nullptr && is_tcp) Observe(frame, route, checksum_ok, now);
  return result;
}

void RxPipeline::Offload(Transport* tir, ReceiveCqe* cqe) {
  tir->context.OnSegment(parsed_.tcp.seq, parsed_.payload, &verdict_);
  CountVerdict();
  cqe->ddgst_ok = verdict_.ddgst_ok;
  cqe->resync_tcp_sn = verdict_.resync_request;
  PickPlacement(tir);
  if (!placement_.has_value()) return;
  cqe->zc = true;
  cqe->ccid = placement_->ccid;
  cqe->ccoff = DDPSIM_MUTANT(kCqeCcoffOfPacket) ? placement_->offset : placement_->ccoff;
  cqe->cclen = static_cast<uint16_t>(placement_->size);
  cqe->hlen = static_cast<uint16_t>(parsed_.payload_offset +
                                    (DDPSIM_MUTANT(kCqeHlenShort) ? 0 : placement_->offset));
}

void RxPipeline::PickPlacement(Transport* tir) {
  run_reasons_.clear();
  for (const DataRun& run : verdict_.runs) {
    NotPlacedReason reason = NotPlacedReason::kPlacementOff;
    if (placement_.has_value()) {
      reason = NotPlacedReason::kOnePerPacket;
    } else if (DDPSIM_MUTANT(kPlacesEveryOther) && stats_->rx_packets % 2 == 1) {
      reason = NotPlacedReason::kNotMapped;
    } else if (tir->zero_copy) {
      Mkey* mkey = nullptr;
      const Resolution resolution = tir->tags->Resolve(run.ccid, run.ccoff, run.size, &mkey);
      if (resolution == Resolution::kOk) {
        const auto ccoff = static_cast<uint32_t>(run.ccoff);
        placement_ = NicPlacement{run.ccid, mkey->generation(), ccoff, run.offset, run.size};
        mkey->Translate(run.ccoff, run.size, &pieces_);
        ++stats_->placed_packets;
        stats_->placed_bytes += DDPSIM_MUTANT(kPlacedBytesMiscounted)
                                    ? static_cast<uint32_t>(parsed_.payload.size())
                                    : run.size;
      } else if (resolution == Resolution::kOutOfBounds) {
        reason = NotPlacedReason::kOutOfBounds;
        ++stats_->out_of_bounds;
      } else {
        reason = NotPlacedReason::kNotMapped;
        ++stats_->not_mapped;
      }
    }
    run_reasons_.push_back(reason);
  }
}

void RxPipeline::CountVerdict() {
  stats_->digests_right += verdict_.digests_right;
  stats_->digests_wrong += verdict_.digests_wrong;
  stats_->lost_sync += verdict_.lost_sync;
  stats_->resync_requests += verdict_.resync_request.has_value();
}

void RxPipeline::WritePacket(ByteSpan bytes, PhysAddr buffer, SimTime at) {
  if (!placement_.has_value()) {
    bus_->Write(buffer, bytes, at);
    return;
  }
  const uint32_t hlen = parsed_.payload_offset + placement_->offset;
  bus_->Write(buffer, bytes.subspan(0, hlen), at);
  uint32_t from = hlen;
  for (const DmaPiece& piece : pieces_) {
    bus_->Write(piece.addr, bytes.subspan(from, piece.bytes), at);
    from += piece.bytes;
  }
  if (from < bytes.size())
    bus_->Write(buffer + (DDPSIM_MUTANT(kTailAtHlen) ? hlen : from), bytes.subspan(from), at);
}

void RxPipeline::AddSpan(uint32_t offset, uint32_t size, NotPlacedReason reason) {
  if (size > 0) spans_.push_back({offset, size, reason});
}

void RxPipeline::BuildSpans(const Route& route, bool checksum_ok) {
  const uint32_t size = static_cast<uint32_t>(parsed_.payload.size());
  spans_.clear();
  if (!checksum_ok) return AddSpan(0, size, NotPlacedReason::kBadChecksum);
  if (route.tir == nullptr) return AddSpan(0, size, NotPlacedReason::kNotOffloadedQueue);
  if (size == 0) return;
  if (!verdict_.offloaded) return AddSpan(0, size, verdict_.skipped);
  uint32_t at = 0;
  for (size_t i = 0; i < verdict_.runs.size(); ++i) {
    const DataRun& run = verdict_.runs[i];
    AddSpan(at, run.offset - at, NotPlacedReason::kNotData);
    const bool placed = placement_.has_value() && placement_->offset == run.offset;
    if (!placed) AddSpan(run.offset, run.size, run_reasons_[i]);
    at = run.offset + run.size;
  }
  AddSpan(at, size - at, NotPlacedReason::kNotData);
}

void RxPipeline::Observe(const Frame& frame, const Route& route, bool checksum_ok, SimTime now) {
  BuildSpans(route, checksum_ok);
  const bool judged = checksum_ok && route.tir != nullptr && !parsed_.payload.empty();
  RxVerdict verdict;
  verdict.flow = parsed_.tuple.flow;
  verdict.tirn = route.tirn;
  if (route.tir != nullptr) verdict.tag_table = route.tir->tag_table;
  verdict.seq = parsed_.tcp.seq;
  verdict.payload_size = static_cast<uint32_t>(parsed_.payload.size());
  verdict.has_context = route.tir != nullptr && route.tir->context.started();
  if (verdict.has_context) verdict.state = route.tir->context.state();
  verdict.offloaded = judged && verdict_.offloaded;
  verdict.ddgst_ok = judged && verdict_.ddgst_ok;
  verdict.placement = placement_;
  if (judged) verdict.resync_request = verdict_.resync_request;
  verdict.not_placed = spans_;
  observer_->OnReceived(frame, verdict, now);
}

}  // namespace ddpsim

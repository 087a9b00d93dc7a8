#include "models/nvme_host/ddgst.h"

#include <algorithm>

#include "ddpsim/wire/crc32c.h"

namespace ddpsim {

void ChargeDigest(ExecContext& ctx, Llc* llc, PhysAddr addr, uint32_t size) {
  const LlcAccess access = llc->Touch(addr, size);
  const auto cold = static_cast<uint32_t>(std::min<uint64_t>(size, access.misses * Llc::kLineSize));
  ctx.Charge(Cost::kCrcByte, size - cold);
  ctx.Charge(Cost::kCrcByteDram, cold);
}

void RxDigest::Recalculate(ExecContext& ctx, Llc* llc, const Request& request) {
  ctx.Charge(Cost::kCrcCall);
  ChargeDigest(ctx, llc, request.addr, request.data_len);
  crc_ = Crc32c(0, ByteSpan(request.data, request.data_len));
}

}  // namespace ddpsim

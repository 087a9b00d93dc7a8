// Taking a reduction back when it turns out that nothing was lost: by DSACKs for all
// retransmissions (RFC 3708), by timestamps (Eifel, RFC 3522), or by F-RTO (RFC 5682). Mirrors the
// tcp_try_undo_*() family. Invariant: rec.undo_armed only between a reduction and its end or undo.
#ifndef DDPSIM_MODELS_TCP_UNDO_H_
#define DDPSIM_MODELS_TCP_UNDO_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

void InitUndo(Tcb& t);
bool AnyRetransDone(const Tcb& t);
// The timestamp echo is older than the skb's retransmission: the original was acknowledged.
bool IsSpuriousRetrans(const Tcb& t, const TxSkb& skb);
// Recovery is complete. True: without SACK, stay until new data is acknowledged (RFC 6582's false
// fast retransmits).
bool TryUndoRecovery(Tcb& t);
bool TryUndoDsack(Tcb& t);
bool TryUndoLoss(Tcb& t, bool frto);
// snd_una moved inside of recovery. True: undo looks likely, send nothing now.
bool TryUndoPartial(Tcb& t, SeqNum prior_snd_una, bool* do_lost);
void TryKeepOpen(Tcb& t);
bool ForceFastRetransmit(const Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_UNDO_H_

// The planted bugs by name and in words; what each breaks stands where DDPSIM_MUTANT(name) does.
// Invariant: names are unique and each is planted somewhere.
#ifndef DDPSIM_BASE_MUTANT_LIST_H_
#define DDPSIM_BASE_MUTANT_LIST_H_

// clang-format off
#define DDPSIM_MUTANT_LIST(X) \
  X(kFsmLostHeaderUnseen, "FSM: a packet beyond the next header is taken for one that holds it") \
  X(kFsmStaleAnswerTaken, "FSM: an answer for an older candidate confirms the latest") \
  X(kFsmResumesUnanswered, "FSM: tracking ends at a PDU boundary without an answer") \
  X(kFsmResumesMidPdu, "FSM: an answer ends tracking at once, in the middle of a PDU") \
  X(kFsmRetransmissionTaken, "FSM: a retransmission is taken for the expected bytes") \
  X(kFsmOverlapTaken, "FSM: a segment that overlaps the expected byte is not cut") \
  X(kFsmGapNotSkipped, "FSM: bytes lost within data do not move the place in the PDU") \
  X(kFsmKeepsConfirmation, "FSM: a confirmation outlives its candidate") \
  X(kFsmCandidateNotLatched, "FSM: the candidate asked for is not remembered") \
  X(kFsmRequestNotReported, "FSM: a candidate is found and nobody told") \
  X(kFsmSearchesBehind, "FSM: a searching context looks for its place in retransmissions too") \
  X(kFsmSearchesLate, "FSM: the packet in which the place was lost is not searched") \
  X(kFsmResumesLate, "FSM: after the answer it resumes only where a PDU ends with a packet") \
  X(kPlacesEveryOther, "placement: every other packet is taken for one whose ccid is not mapped") \
  X(kCrcLostForGood, "crc bits: after a hole in one PDU's data no later PDU is summed up") \
  X(kCrcWrongDigestOk, "crc bits: a digest that does not match leaves the bit set") \
  X(kCrcBitNotOffloaded, "crc bits: packets that are not offloaded carry the bit too") \
  X(kFsmExpectedStale, "FSM: following another packet does not move the expected sequence number") \
  X(kTrackerSplitHeader, "tracker: the second part of a split header overwrites the first") \
  X(kTrackerDigestAsData, "tracker: the digest is walked as data") \
  X(kFormatDataOffsetIgnored, "tracker: DATAO is taken for 0") \
  X(kSearchHeldPosition, "FSM: a header that began in the packet before is asked about in this one") \
  X(kCcidFreeIgnored, "ccid table: an invalidated mapping is used") \
  X(kKlmHintTrusted, "ccid table: the entry of the last translation is taken without a look") \
  X(kKlmOffsetDropped, "ccid table: the offset within a KLM is dropped") \
  X(kKlmKeptOnRemap, "ccid table: a new mapping keeps the first KLM of the old") \
  X(kCqeHlenShort, "CQE: HLEN counts the headers of the frame only") \
  X(kTailAtHlen, "DMA: bytes behind a placement land where the hole is") \
  X(kCqeBeforeData, "DMA: the CQE is written before the packet") \
  X(kPlacedBytesMiscounted, "counters: a placement counts as a whole packet") \
  X(kCqeCcoffOfPacket, "CQE: CCOFF is that of the packet and not of the command") \
  X(kRebuildGenIgnored, "rebuild: a reused ccid goes on with the old cursor") \
  X(kRebuildTailLost, "rebuild: bytes behind a placement are not appended") \
  X(kRebuildTailFromHole, "rebuild: the tail is taken from where the hole is") \
  X(kRebuildInnerKept, "rebuild: the cursor enters an SGL entry where it left the last") \
  X(kRebuildHeadLost, "rebuild: bytes before a placement are not kept") \
  X(kCrcBitWithPlacement, "crc bits: the driver takes a placement for a verified digest") \
  X(kResyncNotRelayed, "driver: a resync request does not reach nvme-tcp") \
  X(kResyncCqeEatsPacket, "driver: the packet of a resync request is freed") \
  X(kTeardownNotPosted, "teardown: the invalidation is not posted") \
  X(kSetupWrongMkey, "setup: the mapping goes to a neighbour's mkey") \
  X(kResyncAnswerPastHeader, "resync answer: the WQE names the byte behind the header") \
  X(kTeardownUncounted, "counters: a teardown is counted only while others are pending") \
  X(kSkDelUncounted, "counters: sk_del of the first queue is not counted") \
  X(kGroMergesUnequalBits, "GRO: packets with unequal crc bits merge") \
  X(kGroMergesAcrossHole, "GRO: a packet behind a hole merges") \
  X(kCoalesceUnequalBits, "tcp_try_coalesce(): skbs with unequal crc bits merge") \
  X(kAnswerNamesRequest, "resync answer: any later header answers for the one asked for") \
  X(kAnswerTooEarly, "resync answer: the next header answers, wherever it is") \
  X(kSkipDecidedOnce, "copy: what holds for the first piece of a run is taken for all") \
  X(kDigestOfFirstSkb, "digest: only the first skb of a PDU is asked for its bit") \
  X(kRecalculationForgotten, "digest: what the NIC did not verify is accepted") \
  X(kCompletesBeforeTeardown, "teardown: the request ends when its invalidation is posted") \
  X(kH2CDataOffsetOfR2T, "write path: an H2CData names the offset of the one before") \
  X(kWriteDigestOfR2T, "write path: a data digest goes on from the PDU before") \
  X(kWriteResendsPageStart, "write path: what TCP took in part goes on from the start of the page") \
  X(kWriteSplitAtOnePlace, "write path: all parts of a split write go to the first one's place") \
  X(kWriteStaleBuffer, "write path: a reused tag keeps the buffer of its last write") \
  X(kR2TBeyond, "write path: an R2T asks for a block more than the command has") \
  X(kWriteLastPieceDropped, "write path: the last piece of a PDU's data is not taken") \
  X(kWriteDigestIgnored, "write path: the target accepts data whatever its digest") \
  X(kWriteExecutedEarly, "write path: a command is executed after its first PDU of data") \
  X(kWriteNotExecuted, "write path: a write is answered without reaching the disk")
// clang-format on

#endif  // DDPSIM_BASE_MUTANT_LIST_H_

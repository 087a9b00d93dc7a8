#include "sim/check/known_defects.h"

namespace ddpsim {
namespace {

constexpr DefectWords kWords[kDefects] = {
    {"coalesce without the crc bit", "/host/nic/driver",
     "v1 to v9: tcp_try_coalesce() merges skbs of unequal crc bits and keeps the first one's, so a "
     "wrong data digest is accepted; mended by v10"},
    {"C2HData in chunks", "/target/c2h_chunk",
     "what the NIC has not verified nvme-tcp sums up over the whole request and compares with one "
     "PDU's digest, so a right one is refused wherever several C2HData PDUs carry a read"},
    {"ccid reused without ccid_gen", "/host/nic/offload/ccid_gen",
     "the driver goes on in the SGL where an earlier command of the same ccid ended, so the skb is "
     "rebuilt from wrong pages"},
    {"CQE polled after the ccid's next setup", "/host/nic/offload/sgl_cursor_restarts",
     "a CQE does not tell which mapping of its ccid it is of; one that is polled late moves the "
     "SGL cursor of the new mapping, and the packets after it are rebuilt from wrong pages"},
    {"old bytes placed through the next mapping", "/host/nic/offload/skips_seen_bytes",
     "a segment that the NIC lets pass, as one that overlaps what it expects, ends a command while "
     "the NIC still expects its tail; the late original of that is placed through the mapping of "
     "the ccid's next command, and moves the driver's SGL cursor in it"},
    {"backward DATAO", "/host/nic/offload/sgl_cursor_restarts",
     "the driver's SGL cursor never goes back within a command, and nvme-tcp fills the request in "
     "the order of arrival whatever DATAO says: C2HData that comes in another order ends up "
     "elsewhere"},
};

}  // namespace

const DefectWords& WordsOf(Defect defect) { return kWords[static_cast<size_t>(defect)]; }

}  // namespace ddpsim

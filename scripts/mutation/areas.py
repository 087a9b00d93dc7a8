"""Which sources make up an area of the mutation campaign, and which tests are asked first about it."""
import re

# An area is more than a folder where a reader would look for one: what the write path is, stands in host and target.
# GLOBS are relative to the project's root; a site may belong to several areas and is then planted once for each.
AREAS = {
    "base": ["include/ddpsim/base/*.h", "models/base/*.cc"],
    "wire": ["include/ddpsim/wire/*.h", "models/wire/*.cc"],
    "link": ["models/link/*"],
    "nic": ["models/nic/*"],
    "pcie": ["models/pcie/*"],
    "mem": ["models/mem/*"],
    "tcp": ["models/tcp/*"],
    "kernel": ["models/kernel/*"],
    "kernel_costs": ["models/kernel/*.cc", "models/nvme_host/*.cc"],
    "nvme_host": ["models/nvme_host/*"],
    "nvme_target": ["models/nvme_target/*"],
    "capture": ["models/capture/*"],
    "write_path": ["models/nvme_host/send_path.*", "models/nvme_target/target_receive.*", "models/nvme_target/data_buffer.*",
                   "models/nvme_target/command_executor.*", "models/nvme_target/target_queue.*",
                   "models/nvme_target/target_command.h"],
    "figures": ["include/ddpsim/base/latency_histogram.h", "models/base/latency_histogram.cc", "sim/system/*result*.cc",
                "sim/system/*ledger*", "sim/system/host_figures.cc", "sim/result/*.cc", "sim/check/placement_ledger.*",
                "sim/sweep/statistics.cc", "sim/sweep/metrics.cc"],
}

# In these areas only sites of these kinds are drawn.
KINDS = {"kernel_costs": {"charge"}}

# Left out: code whose only effect is on people, and the planted bugs' own switches.
EXCLUDED = ["include/ddpsim/base/mutant*.h", "include/ddpsim/base/check.h", "models/base/check.cc"]

# Left out of the draw, by the words of the source's line: hints to the compiler, the allocator or the operating system, which
# change how fast the model is and nothing else, and what a check of the model itself says when it has failed already.
HINTS = re.compile(r"\breserve\(|shrink_to_fit|prefetch|madvise|MADV_|MAP_NORESERVE|\bFailCheck\(")
EXPECTED = re.compile(r"__builtin_expect\([^;]*,\s*$")  # before a literal: the branch that the compiler should favour
# Before an operand: a planted bug's own switch, which is never on here, so that nobody asks for the operand.
NEVER_ASKED = re.compile(r"((?<!!)DDPSIM_MUTANT\(\w+\)\s*&&|!DDPSIM_MUTANT\(\w+\)\s*\|\|)([^()]|\([^()]*\)|\()*$")

# Tests that an area's own sources are judged by before all others.
FIRST = {
    "kernel_costs": ["unit_kernel", "unit_nvme_host"],
    "write_path": ["unit_nvme_host", "unit_nvme_target"],
    "figures": ["unit_base", "scenario_format", "unit_sweep", "unit_check"],
}


def is_hint(data, site):
    """Whether the site, in a file of these bytes, changes nothing but how fast the model is."""
    begin = data.rfind(b"\n", 0, site.begin) + 1
    end = data.find(b"\n", site.end)
    if HINTS.search(data[begin:end].decode()):
        return True
    before = data[begin:site.begin].decode()
    return bool(NEVER_ASKED.search(before)) or (site.kind == "constant" and bool(EXPECTED.search(before)))

"""A Slurm of several virtual nodes on this machine (slurmd -N), with a munge of its own: started, and ended by process id.
Needs root and Debian's slurmctld, slurmd, slurm-client and munge."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

from sweeps import wait_for

CONF = """ClusterName=soak
SlurmctldHost={host}
SlurmUser=root
SlurmctldPort=16817
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
ReturnToService=2
SlurmdParameters=config_overrides
SlurmctldTimeout=30
SlurmdTimeout=10
KillWait=2
MinJobAge=10
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
NodeName=n[1-{nodes}] NodeHostname={host} NodeAddr=127.0.0.1 Port=[17001-{last}] CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo")


def missing_programs():
    return [name for name in PROGRAMS if not shutil.which(name)]


def of_node(name):
    """Processes of the tasks that run on a node."""
    mark = f"SLURMD_NODENAME={name}".encode()
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                pass
    return found


def parent_of(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def name_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


class Cluster:
    def __init__(self, nodes=4):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="slurm-"))
        self.folder.chmod(0o755)
        (self.folder / "state").mkdir()
        self.conf = self.folder / "slurm.conf"
        self.conf.write_text(CONF.format(host=socket.gethostname(), folder=self.folder, nodes=nodes, last=17000 + nodes))
        self.environment = {**os.environ, "SLURM_CONF": str(self.conf)}
        self.processes, self.nodes = [], {}
        try:
            self.start_munge()
            self.start("slurmctld", "-D", "-f", self.conf)
            for number in range(1, nodes + 1):
                self.start_node(f"n{number}")
            wait_for(lambda: self.idle() == nodes, 90)
        except BaseException:
            self.close()
            raise

    def start(self, *words):
        process = subprocess.Popen([str(word) for word in words], env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    def start_munge(self):
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        self.start("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.socket",
                   f"--pid-file={self.folder}/munged.pid", f"--log-file={self.folder}/munged.log",
                   f"--seed-file={self.folder}/munged.seed")
        wait_for(lambda: (self.folder / "munge.socket").exists(), 20)

    def start_node(self, name):
        (self.folder / f"spool-{name}").mkdir(exist_ok=True)
        self.nodes[name] = self.start("slurmd", "-D", "-N", name, "-f", self.conf)

    def ask(self, *words):
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=60).stdout

    def idle(self):
        return self.ask("sinfo", "--noheader", "--Node", "--format=%T").split().count("idle")

    def kill_node(self, name):
        """As if its power went: the daemon, its step managers and all tasks at once. How many processes there were."""
        tasks = of_node(name)
        managers = {parent_of(pid) for pid in tasks}
        victims = [self.nodes[name].pid, *(pid for pid in managers if name_of(pid) == "slurmstepd"), *tasks]
        # Stopped first, so that none sees another die.
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in victims:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
        self.nodes[name].wait()
        return len(victims)

    def close(self):
        if self.nodes:
            self.ask("scancel", "--user=root")
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

"""A Slurm cluster of one machine from Debian's packages, in a folder of its own, without systemd."""
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import time

NEEDED = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo"]


def missing():
    """The programs that are not installed."""
    path = os.environ.get("PATH", "") + ":/usr/sbin"
    return [name for name in NEEDED if shutil.which(name, path=path) is None]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """munged, slurmctld and slurmd as processes of this script; the end of `with` ends them."""

    def __init__(self, folder, processors):
        self.folder = pathlib.Path(folder)
        self.processors = processors
        self.started = []
        self.environment = dict(os.environ, SLURM_CONF=str(self.folder / "slurm.conf"))
        self.environment["PATH"] += ":/usr/sbin"

    def __enter__(self):
        for name in ["munge", "state", "spool", "log"]:
            (self.folder / name).mkdir(mode=0o700)
        key = self.folder / "munge" / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o600)
        self.folder.chmod(0o755)
        (self.folder / "munge").chmod(0o755)
        self.write_settings()
        munge = self.folder / "munge"
        self.start("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={munge}/socket",
                   f"--pid-file={munge}/munged.pid", f"--log-file={munge}/munged.log", f"--seed-file={munge}/seed")
        self.wait(lambda: (munge / "socket").exists(), "munged made no socket")
        self.start("slurmctld", "-D", "-i", "-c")
        self.start("slurmd", "-D", "-N", "one")
        self.wait(lambda: "idle" in self.run("sinfo", "-h", "-o", "%t", check=False), "the node did not become idle")
        return self

    def write_settings(self):
        user = pwd.getpwuid(os.getuid()).pw_name
        folder = self.folder
        (folder / "cgroup.conf").write_text("CgroupPlugin=autodetect\n")
        (folder / "slurm.conf").write_text(f"""\
ClusterName=one
SlurmctldHost={socket.gethostname()}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge/socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
MaxArraySize=10001
MaxJobCount=20000
MinJobAge=300
KillWait=1
JobRequeue=1
NodeName=one NodeHostname={socket.gethostname()} NodeAddr=127.0.0.1 CPUs={self.processors} State=UNKNOWN
PartitionName=all Nodes=one Default=YES MaxTime=INFINITE State=UP
""")

    def start(self, *command):
        log = open(self.folder / "log" / f"{command[0]}.out", "ab")
        self.started.append(subprocess.Popen(
            command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def run(self, *command, check=True, cwd=None):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, cwd=cwd)
        if check and done.returncode != 0:
            raise SystemExit(f"slurm: {' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def wait(self, done, complaint, seconds=60):
        end = time.monotonic() + seconds
        while not done():
            dead = [process.args[0] for process in self.started if process.poll() is not None]
            if dead or time.monotonic() > end:
                for log in sorted((self.folder / "log").iterdir()):
                    print(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}")
                raise SystemExit(f"slurm: {complaint}; ended: {', '.join(dead) or 'none'}")
            time.sleep(0.2)

    def queue(self):
        """The tasks that wait or run: (job, task, state)."""
        lines = self.run("squeue", "-h", "-r", "-o", "%A %K %T %i").split("\n")
        return [tuple(line.split()) for line in lines if line.strip()]

    def __exit__(self, *_):
        self.run("scancel", "--user", pwd.getpwuid(os.getuid()).pw_name, check=False)
        for process in reversed(self.started):
            process.terminate()
        for process in reversed(self.started):
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

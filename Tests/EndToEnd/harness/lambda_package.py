"""The zip that `./dev lambda-package` makes, unpacked into a root in which there is nothing else."""

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from .lambda_api import RuntimeAPI
from .programs import BINARY, ROOT, Program

#: As the runtime provided.al2023 sets them.
TASK = "/var/task"
SURROUNDINGS = {"LAMBDA_TASK_ROOT": TASK, "LD_LIBRARY_PATH": f"/lib64:/usr/lib64:/var/runtime:{TASK}:{TASK}/lib",
                "TZ": ":UTC", "LANG": "en_US.UTF-8", "AWS_REGION": "eu-central-1"}


def is_possible() -> bool:
    return os.getuid() == 0 and shutil.which("chroot") is not None


class Package:
    def __init__(self, folder: Path):
        self.folder = folder
        script = ('root=$PWD; source scripts/common.sh; local_dir=$1 binary=$2; source scripts/lambda.sh; '
                  'lambda_package')
        made = subprocess.run(["bash", "-uc", script, "package", folder, BINARY], cwd=ROOT, capture_output=True,
                              text=True)
        assert made.returncode == 0, made.stderr
        self.zip = folder / "lambda.zip"
        self.root = folder / "root"
        with zipfile.ZipFile(self.zip) as archive:
            for entry in archive.infolist():
                path = archive.extract(entry, self.root / TASK[1:])
                os.chmod(path, entry.external_attr >> 16)
        (self.root / "tmp").mkdir()

    def start(self, api: RuntimeAPI, **environment) -> Program:
        """As Lambda does: nothing but the package, its settings and the runtime's address."""
        env = SURROUNDINGS | {"AWS_LAMBDA_RUNTIME_API": api.address} | {
            name: str(value) for name, value in environment.items()}
        return Program(
            "bootstrap", [shutil.which("chroot"), self.root, f"{TASK}/bootstrap"], self.folder, env, cwd=self.root)

"""Two scripts that browser tests need and nobody ships here: fetched by npm, checked by digest, kept in `.cache/`.

Run as a program (standard library only) it fetches what is missing.
"""

import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache"


@dataclass(frozen=True)
class Asset:
    """A file inside a package of the npm registry, and the SHA-256 that it must have."""

    package: str
    version: str
    member: str
    sha256: str

    @property
    def path(self) -> Path:
        return CACHE / f"{self.package}-{self.version}-{Path(self.member).name}"

    def read(self) -> bytes | None:
        """The file's bytes, or None where it was never fetched; other bytes than ours are an error."""
        return self.checked(self.path.read_bytes()) if self.path.exists() else None

    def checked(self, content: bytes) -> bytes:
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise ValueError(f"{self.path.name}: SHA-256 is {found}, must be {self.sha256}")
        return content

    def fetch(self, npm: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            command = [npm, "pack", "--silent", f"{self.package}@{self.version}", "--pack-destination", folder]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
            archive = next(Path(folder).glob("*.tgz")).read_bytes()
        with tarfile.open(fileobj=io.BytesIO(archive)) as package:
            member = package.extractfile(f"package/{self.member}")
            if member is None:
                raise ValueError(f"{self.package}@{self.version} has no {self.member}")
            content = self.checked(member.read())
        CACHE.mkdir(exist_ok=True)
        self.path.write_bytes(content)


HTMX = Asset("htmx.org", "2.0.11", "dist/htmx.min.js", "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717")
AXE = Asset("axe-core", "4.14.1", "axe.min.js", "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c")


def main() -> int:
    wanting = [asset for asset in (HTMX, AXE) if asset.read() is None]
    npm = shutil.which("npm")
    if wanting and npm is None:
        names = ", ".join(f"{asset.package}@{asset.version}" for asset in wanting)
        sys.stderr.write(f"npm is not here: {names} cannot be fetched\n")
        return 1
    for asset in wanting:
        asset.fetch(str(npm))
    return 0


if __name__ == "__main__":
    sys.exit(main())

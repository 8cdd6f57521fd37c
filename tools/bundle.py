"""A folder with everything to install 核证 without network: wheels of each platform, scripts.

    python tools/bundle.py -o dist/offline [--python 3.12] [--platform linux-x64 ...]

Needs the network once, here. The folder is then carried to the machine; ``install.sh`` or
``install.bat`` there needs Python of the same version, neither network nor administrator.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from pathlib import Path

PLATFORMS = {
    "windows-x64": ("win_amd64",),
    "linux-x64": ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "linux-arm64": ("manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
}  # fmt: skip
#: What packages ask for on one system only; pip reads such conditions for the machine it runs on.
ONLY_THERE = {"windows-x64": ("tzdata==2026.6", "colorama==0.4.6")}
INSTALL_SH = """#!/bin/sh
# 离线安装：在本文件夹旁建立 hezheng 环境，不需要网络和管理员权限。
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${{PYTHON:-python{python}}}
command -v "$python" >/dev/null || {{ echo "找不到 $python，请先安装 Python {python}，或以 PYTHON=路径 指定。"; exit 1; }}
case $(uname -m) in aarch64|arm64) wheels=linux-arm64 ;; *) wheels=linux-x64 ;; esac
[ -d "$here/$wheels" ] || {{ echo "本安装包不含 $wheels 的文件。"; exit 1; }}
target=${{1:-$here/hezheng}}
"$python" -m venv "$target"
"$target/bin/python" -m pip install --quiet --no-index --find-links "$here/$wheels" hezheng
"$target/bin/audit" doctor
echo "安装完成：$target/bin/audit"
"""
INSTALL_BAT = """@echo off
rem 离线安装：在本文件夹旁建立 hezheng 环境，不需要网络和管理员权限。
chcp 65001 >nul
setlocal
set here=%~dp0
set target=%1
if "%target%"=="" set target=%here%hezheng
py -{python} -m venv "%target%" || (echo 找不到 Python {python}，请先安装。& exit /b 1)
"%target%\\Scripts\\python.exe" -m pip install --quiet --no-index --find-links "%here%windows-x64" hezheng || exit /b 1
"%target%\\Scripts\\audit.exe" doctor
echo 安装完成：%target%\\Scripts\\audit.exe
"""


def main() -> None:
    """Build the folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}")
    parser.add_argument("--platform", nargs="*", choices=PLATFORMS, default=list(PLATFORMS))
    arguments = parser.parse_args()
    root = Path(__file__).resolve().parent.parent
    for platform in arguments.platform:
        folder = arguments.out / platform
        folder.mkdir(parents=True, exist_ok=True)
        build_own(root, folder)
        download(folder, PLATFORMS[platform], arguments.python, ONLY_THERE.get(platform, ()))
        print(f"{platform}: {len(list(folder.glob('*.whl')))} wheels, {size(folder)} MB")
    scripts = {"install.sh": INSTALL_SH, "install.bat": INSTALL_BAT}
    for name, text in scripts.items():
        lines = text.format(python=arguments.python)
        path = arguments.out / name
        path.write_bytes(lines.replace("\n", "\r\n" if name.endswith(".bat") else "\n").encode())
        path.chmod(0o755)
    write_sums(arguments.out)


def build_own(root: Path, folder: Path) -> None:
    """Build our own wheel into the folder."""
    for old in folder.glob("hezheng-*.whl"):
        old.unlink()
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(root))


def download(folder: Path, tags: tuple[str, ...], python: str, more: tuple[str, ...]) -> None:
    """Download the wheels of everything that our wheel needs, for a platform."""
    (own,) = folder.glob("hezheng-*.whl")
    options = [option for tag in tags for option in ("--platform", tag)]
    pip(
        "download", "--only-binary=:all:", "--python-version", python, "--implementation", "cp",
        *options, "--dest", str(folder), str(own), *more,
    )  # fmt: skip


def pip(*arguments: str) -> None:
    """Run pip quietly; raises if it fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments]
    subprocess.run(command, check=True)


def size(folder: Path) -> int:
    """Return the folder's size in MB."""
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) // 1_000_000


def write_sums(out: Path) -> None:
    """Write the SHA-256 of every file, so that a carried folder can be checked."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(out).as_posix()}"
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != "SHA256SUMS"
    ]
    (out / "SHA256SUMS").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()

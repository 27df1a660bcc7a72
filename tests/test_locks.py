"""The locks hold whatever anybody releases.

Each requirement with an extra is pinned with it, and pip installs what stands
there and resolves nothing: pip 23.2, which Python 3.11 ships, takes a pin with
and one without an extra for two requirements, looks for the newest release of
the other, and refuses it for want of a hash.
"""

import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements-server.lock", "requirements.lock", "requirements-dev.lock")


def pinned(lock: str) -> dict[str, frozenset[str]]:
    """Every package of a lock with the extras that it is pinned with."""
    lines = re.findall(r"^([a-z0-9][^\\\n]*)", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): frozenset(each.extras) for each in requirements}


def requirements_of(package: Distribution, extras: frozenset[str]) -> list[Requirement]:
    """What a package needs here, with these of its extras."""
    every = [Requirement(text) for text in package.requires or ()]
    asked = ["", *extras]
    return [
        each
        for each in every
        if each.marker is None or any(each.marker.evaluate({"extra": one}) for one in asked)
    ]


def unpinned(pins: dict[str, frozenset[str]]) -> list[str]:
    """Requirements with an extra that the pin of their package has lost."""
    lost = []
    for name, extras in pins.items():
        try:
            package = distribution(name)
        except PackageNotFoundError:  # for another system, or another Python
            continue
        for each in requirements_of(package, extras):
            pin = pins.get(canonicalize_name(each.name))
            if pin is None or not each.extras <= pin:
                lost.append(f"{name} needs {each}")
    return lost


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_with_its_extras(lock: str) -> None:
    assert unpinned(pinned(lock)) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_project_itself_asks_for_is_pinned_with_its_extras(lock: str) -> None:
    pins = pinned(lock)
    extras = frozenset() if "server" in lock else frozenset({"research"})
    for each in requirements_of(distribution("kollegial"), extras):
        assert each.extras <= pins[canonicalize_name(each.name)], each


def test_a_lost_extra_is_found() -> None:
    pins = pinned("requirements-dev.lock")

    assert any("PyJWT[crypto]" in lost for lost in unpinned(pins | {"pyjwt": frozenset()}))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index_and_every_pin_has_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE)
    for pin in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in pin, pin


def installing(tmp_path: Path, code: int) -> subprocess.CompletedProcess[str]:
    """`deploy/packages` with a pip that says what pip says, and ends with a code."""
    lock, pip = tmp_path / "some.lock", tmp_path / "pip"
    lock.write_text("".join(f"p{n}==1 \\\n    --hash=sha256:0\n" for n in range(12)), "utf-8")
    said = [f"Collecting p{n}==1" for n in range(12)]
    other = "Ignoring p1: markers 'win32' don't match your environment"
    said[2] = "Processing ./p2-1-py3-none-any.whl"
    told = "\n".join([f"Requirement already satisfied: {said[0][11:]}", other, *said[2:]])
    pip.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/given\ncat <<END\n{told}\n'
        f"Installing collected packages: p0\nEND\nexit {code}\n",
        "utf-8",
    )
    pip.chmod(0o755)
    return subprocess.run(
        [ROOT / "deploy/packages", lock],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PIP": str(pip)},
    )


def test_pip_resolves_nothing_and_says_how_far_it_has_come(tmp_path: Path) -> None:
    ran = installing(tmp_path, 0)

    assert ran.returncode == 0
    assert [line.strip() for line in ran.stdout.splitlines()[1:]] == [
        *("10 of 12", "12 of 12"),
        "unpacking them",
    ]
    assert "12 packages" in ran.stdout
    assert "--no-deps --require-hashes -r" in (tmp_path / "given").read_text("utf-8")
    made = (ROOT / "Makefile").read_text("utf-8")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert f"deploy/packages {lock}" in made


def test_a_pip_that_fails_is_not_passed_over(tmp_path: Path) -> None:
    assert installing(tmp_path, 3).returncode == 3


if os.environ.get("TESTS_TORTURE"):  # it downloads every package

    @pytest.mark.torture
    @pytest.mark.parametrize("pip", ["pip==23.2.1", "pip"])
    def test_newer_releases_of_everything_change_nothing(pip: str, tmp_path: Path) -> None:
        """Beside the real packages there is an empty newer release of each."""
        for name in pinned("requirements-dev.lock"):
            release = f"{name.replace('-', '_')}-9999.0"
            with zipfile.ZipFile(tmp_path / f"{release}-py3-none-any.whl", "w") as wheel:
                metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 9999.0\n"
                wheel.writestr(f"{release}.dist-info/METADATA", metadata)
                wheel.writestr(f"{release}.dist-info/WHEEL", "Wheel-Version: 1.0\n")
                wheel.writestr(f"{release}.dist-info/RECORD", "")
        python = tmp_path / "venv/bin/python"
        run = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
        subprocess.run([*run, "--upgrade", pip], check=True)
        offer = ["--dry-run", "--no-deps", "--require-hashes", "--find-links", str(tmp_path)]
        for name in LOCKS:
            subprocess.run([*run, *offer, "-r", str(ROOT / name)], check=True)


def test_a_server_carries_nothing_that_only_researchers_need() -> None:
    pins = pinned("requirements-server.lock")
    research = set(requirements_of(distribution("kollegial"), frozenset({"research"})))
    server = set(requirements_of(distribution("kollegial"), frozenset()))
    names = {canonicalize_name(each.name) for each in research - server}
    assert names == {"matplotlib", "openpyxl", "pyyaml", "xlsxwriter"}
    assert not names & pins.keys()

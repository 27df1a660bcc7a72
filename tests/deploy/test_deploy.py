"""What an operator deploys with is whole, safe, and fits the program: checked without an engine."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.operation.metrics import REGISTRY
from storage.settings import FILE, KNOWN, PREFIX

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
MANIFESTS = [
    document
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text("utf-8"))
]
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OF_THE_HOST = {"KOLLEGIAL_HOSTNAME", "KOLLEGIAL_IMAGE"}
"""What compose itself is told, and no program of ours reads."""


def test_every_setting_that_is_named_anywhere_is_one() -> None:
    known = {f"{PREFIX}{name.upper()}{end}" for name in KNOWN for end in ("", FILE)}
    for path in (*DEPLOY.rglob("*"), ROOT / "docs/operators.md"):
        if path.is_file():
            named = set(re.findall(rf"\b{PREFIX}[A-Z_]*[A-Z]\b", path.read_text("utf-8")))
            assert named - known - OF_THE_HOST <= {"KOLLEGIAL_APP"}, path


@pytest.mark.parametrize("name", KNOWN)
def test_every_setting_is_on_the_operators_page(name: str) -> None:
    page = (ROOT / "docs/operators.md").read_text("utf-8")
    assert f"`{PREFIX}{name.upper()}`" in page


# The image


def stages() -> list[list[str]]:
    """The instructions of each stage, with what is continued on one line."""
    lines = re.sub(r"\\\n\s*", "", CONTAINERFILE).splitlines()
    instructions = [line for line in lines if line and not line.startswith("#")]
    begins = [i for i, line in enumerate(instructions) if line.startswith("FROM ")]
    return [
        instructions[i:j] for i, j in zip(begins, [*begins[1:], len(instructions)], strict=True)
    ]


def test_the_image_is_made_of_wheels_with_known_hashes() -> None:
    build, _ = stages()
    installs = [line for line in build if "pip install" in line]

    assert any("--require-hashes" in line and "--only-binary :all:" in line for line in installs)
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    assert not re.search(r"apt|gcc|build-essential|apk add|curl|wget", CONTAINERFILE)


def test_the_image_runs_as_nobody_and_keeps_no_secret() -> None:
    _, final = stages()

    users = [line.split()[1] for line in final if line.startswith("USER ")]
    assert [user.partition(":")[0] for user in users] == ["10001"]
    assert not any(line.startswith(("ARG ", "RUN ")) for line in final)
    assert "KOLLEGIAL_" not in CONTAINERFILE
    assert [line for line in final if line.startswith("COPY ")] == [
        "COPY --from=build /opt/kollegial /opt/kollegial"
    ]


def in_context() -> Iterator[Path]:
    """The files that a build sees."""
    ignored = (DEPLOY / "containerignore").read_text("utf-8").splitlines()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    hidden = [line.removeprefix("**/") for line in ignored if line.startswith("**/")]
    for top in sorted(allowed):
        for path in [ROOT / top, *sorted((ROOT / top).rglob("*"))]:
            is_hidden = any(fnmatch(part, each) for part in path.parts for each in hidden)
            if path.is_file() and not is_hidden:
                yield path.relative_to(ROOT)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install --no-deps --no-build-isolation .` makes of the context."""
    context, out = tmp_path_factory.mktemp("context"), tmp_path_factory.mktemp("wheel")
    for path in in_context():
        (context / path).parent.mkdir(parents=True, exist_ok=True)
        (context / path).write_bytes((ROOT / path).read_bytes())
    build = (
        "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", build, str(out)], cwd=context, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    (made,) = out.glob("*.whl")
    return made


def test_the_wheel_has_every_file_that_the_program_reads(wheel: Path) -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    included = packages["tool"]["setuptools"]["packages"]["find"]["include"]
    tops = {name.removesuffix("*") for name in included}
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    ours = {path.as_posix() for path in in_context() if path.parts[0] in tops}
    assert {path for path in ours if path not in names} == set()
    assert not any(name.startswith(("tests/", "docs/", "deploy/")) for name in names)


def test_what_is_in_the_image_runs_by_itself(wheel: Path, tmp_path: Path) -> None:
    """In an empty root: no file of the repository is in sight."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "root")
    # Everything else that is installed, but not the repository itself.
    others = next(path for path in sys.path if path.endswith("site-packages"))
    program = (
        f"import sys; sys.path = [p for p in sys.path if p.startswith(sys.base_prefix)]; "
        f"sys.path += [{str(tmp_path / 'root')!r}, {others!r}]; sys.meta_path = "
        f"[f for f in sys.meta_path if 'editable' not in repr(f)]; from cli.app import app; "
        f"import cli.app; assert cli.app.__file__.startswith({str(tmp_path)!r}); app()"
    )

    def kollegial(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", "-c", program, *arguments],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "COLUMNS": "200", **settings},
            capture_output=True,
            text=True,
            check=False,
        )

    urls = {
        "KOLLEGIAL_DATABASE_URL": f"sqlite:///{tmp_path}/kollegial.db",
        "KOLLEGIAL_URN_URL": f"sqlite:///{tmp_path}/urn.db",
    }
    migrated = kollegial("migrate", **urls)
    assert migrated.stdout.count("is brought from nothing") == 2, migrated.stderr
    assert "veiledningsgruppe" in kollegial("method", "list").stdout
    assert "KOLLEGIAL_APP_ID is not set" in kollegial("run").stdout


# Compose


def test_compose_has_everything_that_it_names() -> None:
    for name, service in COMPOSE["services"].items():
        for secret in service.get("secrets", ()):
            assert secret in COMPOSE["secrets"], (name, secret)
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).exists(), source
            else:
                assert source in COMPOSE["volumes"]
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        for value in service.get("environment", {}).values():
            if str(value).startswith("/run/secrets/"):
                assert Path(value).name in service["secrets"], (name, value)
    assert (DEPLOY / "kollegial.env.example").exists()


def test_compose_gives_nobody_more_than_they_need() -> None:
    services = COMPOSE["services"]
    for name in ("bot", "migrate", "proxy"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in services[name]["security_opt"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert services["bot"]["deploy"]["replicas"] == 2
    owners = {"kollegial_owner_url", "urn_owner_url"}
    assert not owners & set(services["bot"]["secrets"])
    assert owners <= set(services["migrate"]["secrets"])
    passwords = {name for name in COMPOSE["secrets"] if name.endswith("_password")}
    assert passwords <= set(services["database"]["secrets"])


def test_the_urns_log_is_neither_kept_nor_archived() -> None:
    settings = COMPOSE["services"]["database"]["command"]
    for setting in ("log_statement=none", "archive_mode=off", "ssl=on"):
        assert f"--{setting}" in settings


# Systemd


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_hands_over_the_secrets_that_it_names(unit: Path) -> None:
    text = unit.read_text("utf-8")
    handed = set(
        re.findall(r"^LoadCredential=(\w+):/etc/kollegial/secrets/\w+$", text, re.MULTILINE)
    )

    assert handed == set(re.findall(r"_FILE=%d/(\w+)$", text, re.MULTILINE))
    for hardening in ("DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict"):
        assert hardening in text


# Kubernetes


def pods() -> list[dict[str, Any]]:
    return [
        document["spec"]["template"]["spec"]
        for document in MANIFESTS
        if document["kind"] in {"Deployment", "Job"}
    ]


def test_pods_are_hardened_and_have_no_service_links() -> None:
    assert len(pods()) == 2
    for pod in pods():
        assert pod["enableServiceLinks"] is False
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        (container,) = pod["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        mounts = {mount["name"] for mount in container["volumeMounts"]}
        assert mounts == {volume["name"] for volume in pod["volumes"]}


def test_two_replicas_are_probed_where_the_bot_answers() -> None:
    (deployment,) = [each for each in MANIFESTS if each["kind"] == "Deployment"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]

    assert deployment["spec"]["replicas"] == 2
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    ports = {port["name"] for port in container["ports"]}
    for service in (each for each in MANIFESTS if each["kind"] == "Service"):
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports


def test_what_belongs_together_is_called_the_same() -> None:
    (config,) = [each for each in MANIFESTS if each["kind"] == "ConfigMap"]
    namespaces = {each["metadata"].get("namespace") for each in MANIFESTS} - {None}

    assert namespaces == {"kollegial"}
    secrets = {"app_secret", "server_key", "database_url", "urn_url"}
    files = {Path(value).name for name, value in config["data"].items() if name.endswith(FILE)}
    assert files == secrets
    page = (ROOT / "docs/operators.md").read_text("utf-8")
    assert all(f"--from-file={name}=" in page for name in secrets)


# Alarms and the dashboard


def figures() -> set[str]:
    """Every name under which Prometheus finds a figure of ours."""
    names = set()
    for metric in REGISTRY.collect():
        names.add(metric.name)
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
        names |= {metric.name + end for end in ends.get(metric.type, ())}
    return names


def named_in(expression: str) -> set[str]:
    return set(re.findall(r"\bkollegial_\w+", expression))


ALARMS = yaml.safe_load((DEPLOY / "prometheus/alerts.yaml").read_text("utf-8"))["groups"][0][
    "rules"
]
DASHBOARD = json.loads((DEPLOY / "grafana/kollegial.json").read_text("utf-8"))


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: str(alarm["alert"]))
def test_an_alarm_is_of_figures_that_there_are_and_says_what_to_do(alarm: dict[str, Any]) -> None:
    assert named_in(alarm["expr"]) <= figures()
    assert alarm["labels"]["severity"] in {"page", "ticket"}
    assert len(alarm["annotations"]["description"]) > 40


def test_every_panel_is_of_figures_that_there_are() -> None:
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            assert named_in(target["expr"]) <= figures(), panel["title"]
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


# Azure


def test_the_bicep_file_makes_a_bot_with_a_teams_channel() -> None:
    text = (ROOT / "infra/main.bicep").read_text("utf-8")
    kinds = re.findall(r"^resource \w+ '([\w./]+)@\d{4}-\d{2}-\d{2}'", text, re.MULTILINE)

    assert kinds == [
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        "Microsoft.BotService/botServices",
        "Microsoft.BotService/botServices/channels",
    ]
    plain = re.sub(r"'(?:\\.|[^'\\])*'|//.*", "", text)
    for opening, closing in ("{}", "[]", "()"):
        assert plain.count(opening) == plain.count(closing)
    assert "name: 'MsTeamsChannel'" in text
    assert "/api/messages'" in text

"""The list of what is in a bundle (CycloneDX 1.6, JSON): packages, Python, the system's libraries, weights.

cyclonedx-py reads the environment's metadata; of that only what went into the bundle stays, and what is no
Python package is added.
"""

import json
import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def write(python: Path, internal: Path, target: Path) -> int:
    """Write the list of the bundle whose files lie in ``internal``; returns how many components it names."""
    command = [str(python), "-m", "cyclonedx_py", "environment", "--output-format", "JSON"]
    more = ["--spec-version", "1.6", "--output-reproducible", "--pyproject", str(ROOT / "pyproject.toml")]
    told = subprocess.run([*command, *more, str(python)], check=True, capture_output=True, text=True)
    bom = json.loads(told.stdout)
    inside = {_plain(path.name.partition("-")[0]) for path in internal.glob("*.dist-info")}
    bom["components"] = [each for each in bom["components"] if _plain(each["name"]) in inside]
    bom["components"] += [*_carried(internal), *_weights(internal)]
    known = {each["bom-ref"] for each in bom["components"]} | {bom["metadata"]["component"]["bom-ref"]}
    bom["dependencies"] = [
        each | {"dependsOn": [ref for ref in each.get("dependsOn", ()) if ref in known]}
        for each in bom.get("dependencies", ())
        if each["ref"] in known
    ]
    missing = inside - {_plain(each["name"]) for each in bom["components"]} - {"lacuna"}
    if missing:
        raise SystemExit(f"the list of components lacks {', '.join(sorted(missing))}")
    target.write_text(json.dumps(bom, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(bom["components"])


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _carried(internal: Path) -> list[dict]:
    """Python and the system's libraries."""
    told = json.loads((internal / "resources" / "licences" / "bundled.json").read_text(encoding="utf-8"))
    components = []
    for part in told:
        kind = "pkg:generic/python" if part["name"] == "Python" else f"pkg:deb/debian/{part['name']}"
        component = {"type": "library", "name": part["name"], "version": part["version"]}
        component["bom-ref"] = component["purl"] = f"{kind}@{part['version']}"
        components.append(component | {"licenses": [{"license": {"name": part["licence"]}}]})
    return components


def _weights(internal: Path) -> list[dict]:
    catalogue = tomllib.loads((internal / "engines" / "catalog.toml").read_text(encoding="utf-8"))
    return [
        {
            "type": "machine-learning-model",
            "bom-ref": f"weights:{name}",
            "name": name,
            "description": entry["purpose"],
            "hashes": [{"alg": "SHA-256", "content": entry["sha256"]}],
            "licenses": [{"license": {"name": entry["licence"]}}],
        }
        for name, entry in catalogue.items()
        if (internal / "resources" / "models" / entry["file"]).is_file()
    ]

#!/usr/bin/env python3
"""Trains the networks of a plan and puts them where the package takes its trained twins from: src/Castalia/Twins/Shipped.

usage: ship-twins.py PLAN.yaml CASTALIA
       ship-twins.py --readme CASTALIA

PLAN.yaml becomes default.yaml, each network's last weights NAME.safetensors, and weights.sha256 lists them as sha256sum does. CASTALIA is the command that trains them.
A plan that is shipped crosses one factor, so that pairs differ in nothing else, and keeps to one language. Afterwards build, let --readme write the example of the README
anew from what the built command prints, read the sentences around it, and run the tests.
"""
import hashlib, json, pathlib, re, shutil, subprocess, sys, tempfile

SHIPPED = pathlib.Path(__file__).parent.parent / "src" / "Castalia" / "Twins" / "Shipped"


def name(network):
    cell = re.sub(r"[^a-z0-9._-]", "-", network["cell"].lower()[:100]).strip(".-")
    return f"twin-{cell}-seed{network['seed']}"


def readme(castalia):
    file = SHIPPED.parents[3] / "README.md"
    with tempfile.TemporaryDirectory(prefix="ship-twins-") as folder:
        page = subprocess.run([castalia, "measure", "--out", folder], check=True, stdout=subprocess.PIPE, text=True).stdout
    table = page[page.index("\nmodel  blocks"):page.index("\ntwin-")].strip("\n")
    twins = page[page.index("\nTrained twins: "):page.index("\nRun folder: ")].strip("\n")
    head, block, tail = re.split(r"(?<=\n)(```\n(?:…\n)?model  blocks.*?\n```\n)", file.read_text(), flags=re.S)
    file.write_text(f"{head}```\n{table}\n…\n{twins}\n```\n{tail}")


plan, castalia = sys.argv[1:]
if plan == "--readme":
    sys.exit(readme(castalia))
with tempfile.TemporaryDirectory(prefix="ship-twins-") as folder:
    study = json.loads(subprocess.run([castalia, "twins", plan, "--out", folder, "--json"], check=True, stdout=subprocess.PIPE).stdout)
    SHIPPED.mkdir(exist_ok=True)
    for old in [*SHIPPED.glob("*.safetensors"), *SHIPPED.glob("weights.sha256")]:
        old.unlink()
    lines = []
    for network in study["networks"]:
        weights = (pathlib.Path(network["checkpoint"]) / "model.safetensors").read_bytes()
        (SHIPPED / f"{name(network)}.safetensors").write_bytes(weights)
        lines.append(f"{hashlib.sha256(weights).hexdigest()}  {name(network)}.safetensors\n")
    (SHIPPED / "weights.sha256").write_text("".join(lines))
    shutil.copy(plan, SHIPPED / "default.yaml")
print("".join(lines), end="")

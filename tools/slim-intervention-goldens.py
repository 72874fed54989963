"""Takes the interventions out of the reference's mechanism.json files, figures rounded to 12 digits.

    python3 tools/slim-intervention-goldens.py FOLDER-OF-CASES tests/golden/interventions
"""
import json
import math
import pathlib
import sys


def rounded(x):
    if isinstance(x, float):
        return float(f"{x:.12g}") if math.isfinite(x) else None
    if isinstance(x, list):
        return [rounded(item) for item in x]
    if isinstance(x, dict):
        return {key: rounded(value) for key, value in x.items()}
    return x


source, target = map(pathlib.Path, sys.argv[1:])
target.mkdir(exist_ok=True)
for file in sorted(source.glob("*/*/mechanism.json")):
    document = json.loads(file.read_text())
    family, case = file.parts[-3:-1]
    slim = {key: rounded(document[key]) for key in ("reference", "prompt", "ids", "clean", "interventions")}
    (target / f"{family}-{case}.json").write_text(json.dumps(slim, separators=(",", ":")) + "\n")

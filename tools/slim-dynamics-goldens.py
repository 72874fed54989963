"""Takes singular values and four rows of each Jacobian out of the reference's mechanism files.

    python3 tools/slim-dynamics-goldens.py FOLDER-OF-CASES tests/golden/dynamics
"""
import json
import pathlib
import struct
import sys


def jacobian(file, block):
    data = file.read_bytes()
    start = 8 + struct.unpack_from("<Q", data)[0]
    entry = json.loads(data[8:start])[f"blocks.{block}.jacobian"]
    first, end = entry["data_offsets"]
    width = entry["shape"][0]
    values = struct.unpack(f"<{width * width}d", data[start + first:start + end])
    return width, values


def rounded(values, digits):
    return [float(f"{x:.{digits}g}") for x in values]


source, target = map(pathlib.Path, sys.argv[1:])
for file in sorted(source.glob("*/*/mechanism.json")):
    document = json.loads(file.read_text())
    family, case = file.parts[-3:-1]
    blocks = []
    for block, figures in document["jacobians"].items():
        width, values = jacobian(file.with_suffix(".safetensors"), block)
        rows = sorted({0, width // 3, 2 * width // 3, width - 1})
        blocks.append({
            "block": int(block), "singular_values": rounded(figures["singular_values"], 12), "log_abs_det": figures["log_abs_det"],
            "along": figures["along_stream"], "jh_minus_h": figures["J_h_minus_h"], "largest": max(abs(x) for x in values),
            "rows": {str(row): rounded(values[row * width:(row + 1) * width], 9) for row in rows},
        })
    slim = {key: document[key] for key in ("reference", "prompt", "ids")} | {"blocks": blocks}
    (target / f"{family}-{case}.json").write_text(json.dumps(slim, separators=(",", ":")) + "\n")

#!/usr/bin/env python3
"""Copies a reference case (config.json, weights, golden.json, golden.safetensors) into tests/golden/models at less than half its size.

    tools/slim-golden.py REFERENCE/models FAMILY/CASE…

Weights, config and figures are copied as they are. In golden.safetensors attention patterns, which no test reads, are left out, and
float64 arrays are rounded to float32: an error of 3e-8 where the tests allow 5e-6.
"""
import array, json, pathlib, shutil, struct, sys

def slim(source, target):
    raw = source.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + length])
    out, data = {}, bytearray()
    for name, entry in header.items():
        if name == "__metadata__" or name.endswith(".pattern"):
            continue
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        values = raw[start:end]
        if entry["dtype"] == "F64":
            values = array.array("f", array.array("d", values)).tobytes()
        out[name] = {"dtype": "F32", "shape": entry["shape"], "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(out, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    target.write_bytes(struct.pack("<Q", len(text)) + text + data)

source, cases = pathlib.Path(sys.argv[1]), sys.argv[2:]
target = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "models"
for case in cases:
    (target / case).mkdir(parents=True, exist_ok=True)
    for file in sorted((source / case).iterdir()):
        if file.name == "golden.safetensors":
            slim(file, target / case / file.name)
        else:
            shutil.copyfile(file, target / case / file.name)

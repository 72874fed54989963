"""Slims gradients of the reference to what the tests compare.

    python slim-gradient-goldens.py GOLDEN OUT

GOLDEN holds models/FAMILY/CASE/mechanism.json and mechanism.safetensors. Writes OUT/FAMILY-CASE.json: the prompt's ids, the loss, and of the gradient by every
parameter its length and three sums of its values with signs, those of value i in sum k by the low bit of a hash of 4i + k + 1 (SplitMix64's finaliser).
An error of length e moves a sum by about e.
"""
import glob
import json
import os
import struct
import sys

import numpy as np


def gradients(path):
    with open(path, "rb") as f:
        data = f.read()
    length = struct.unpack("<Q", data[:8])[0]
    for name, entry in sorted(json.loads(data[8:8 + length]).items()):
        if not name.startswith("grad."):
            continue
        start, end = entry["data_offsets"]
        yield name[5:], np.frombuffer(data[8 + length + start:8 + length + end], np.float32).astype(np.float64)


def hashed(z):
    with np.errstate(over="ignore"):
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def slim(values):
    index = np.arange(values.size, dtype=np.uint64) * np.uint64(4)
    sums = [float(np.where(hashed(index + np.uint64(k + 1)) & np.uint64(1), -values, values).sum()) for k in range(3)]
    return [float(np.linalg.norm(values)), *sums]


def main(golden, out):
    os.makedirs(out, exist_ok=True)
    for path in sorted(glob.glob(os.path.join(golden, "models", "*", "*", "mechanism.json"))):
        with open(path) as f:
            case = json.load(f)
        if "gradient" not in case:
            continue
        folder = os.path.dirname(path)
        tensors = {name: slim(values) for name, values in gradients(os.path.join(folder, "mechanism.safetensors"))}
        with open(os.path.join(out, "-".join(folder.split(os.sep)[-2:]) + ".json"), "w") as f:
            json.dump({"ids": case["ids"], "loss": case["gradient"]["loss"], "tensors": tensors}, f, separators=(",", ":"))
            f.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

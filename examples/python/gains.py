"""Gains from the activations of 'castalia trace', beside those that 'castalia measure' stored: gains.py TRACE.safetensors READINGS.csv

READINGS is what 'castalia query' writes as CSV, or readings.parquet itself where pandas can read Parquet. Needs numpy and pandas.
"""
import json
import sys
import numpy as np
import pandas as pd

def tensors(path):
    """Name → array [positions × width], mapped: what safetensors.numpy.load_file gives, for the float32 that trace writes."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    header.pop("__metadata__", None)
    return {name: np.memmap(path, "<f4", "r", 8 + length + of["data_offsets"][0], tuple(of["shape"])) for name, of in header.items()}

trace = tensors(sys.argv[1])
read = pd.read_parquet if sys.argv[2].endswith(".parquet") else pd.read_csv
rows = read(sys.argv[2]).query("position_rule == 'last'")
norm = lambda prompt, block, site: np.linalg.norm(trace[f"p{prompt}.blocks.{block}.{site}"][-1].astype(float))
rows["from_trace"] = [norm(p, b, "resid_post") / norm(p, b, "resid_pre") for p, b in zip(rows.prompt_index, rows.layer)]
print(rows.groupby("layer")[["gain", "from_trace", "cos_theta"]].mean().round(4))
np.testing.assert_allclose(rows.from_trace, rows.gain, rtol=1e-6)
print(f"{len(rows)} gains of {rows.prompt.nunique()} prompts agree to six digits.")

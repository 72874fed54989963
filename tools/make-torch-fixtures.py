"""Writes tests/golden/torch: one small state dict as torch.save writes it in every form that is read, and what torch reads back.

Usage: python3 tools/make-torch-fixtures.py tests/golden/torch     (torch and safetensors; made with torch 1.13, safetensors 0.4.5)
expected.safetensors holds every tensor made contiguous; the other files must give the same bytes by name.
"""
import collections
import pathlib
import sys

import torch
from safetensors.torch import save_file

torch.manual_seed(20260101)
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)

shared = torch.randn(6, 8)
half = torch.randn(4, 6).half()
cube = torch.randn(3, 4, 5, dtype=torch.float64)
long = torch.arange(-20, 20)
tensors = collections.OrderedDict(
    f32=torch.randn(3, 5),
    f16=half,
    f16_transposed=half.t(),
    bf16=torch.randn(17).bfloat16(),
    f64_permuted=cube.permute(2, 0, 1),
    f64_transposed=cube.transpose(0, 1),
    bool=torch.rand(5, 3) > 0.5,
    bool_tril=torch.tril(torch.ones(4, 4, dtype=torch.bool)).view(1, 1, 4, 4),
    u8=torch.arange(7, dtype=torch.uint8),
    i8=torch.arange(-3, 4, dtype=torch.int8),
    i16=torch.arange(-300, 300, 100, dtype=torch.int16),
    i32=torch.arange(-3, 3, dtype=torch.int32) * 100000,
    i64=long,
    i64_strided=long[3:30:4],
    shared=shared,
    tied=shared,
    columns=shared[:, 2:7],
    rows=shared[1:4],
    checker=shared[1::2, ::3],
    diagonal=shared.diagonal(),
    expanded=shared[2:3, :4].expand(5, 4),
    empty=torch.zeros(0, 7),
    empty_view=shared[3:3],
    scalar=torch.tensor(-2.5),
    scalar_view=shared[4, 5],
    parameter=torch.nn.Parameter(torch.randn(2, 3)),
)
expected = {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}
save_file(expected, folder / "expected.safetensors")


def write(name, value, **options):
    torch.save(value, folder / name, **options)
    read = torch.load(folder / name)
    for key, tensor in expected.items():
        assert read[key].dtype == tensor.dtype and torch.equal(read[key].detach(), tensor), (name, key)


for protocol in (2, 3, 4, 5):
    write(f"zip-protocol-{protocol}.pt", dict(tensors), pickle_protocol=protocol)
    write(f"legacy-protocol-{protocol}.pt", dict(tensors), pickle_protocol=protocol, _use_new_zipfile_serialization=False)

# What Module.state_dict() gives: an OrderedDict with the attribute _metadata.
tensors._metadata = collections.OrderedDict([("", {"version": 1}), ("norm", {"version": 2})])
write("zip-module.pt", tensors)
write("legacy-module.pt", tensors, _use_new_zipfile_serialization=False)

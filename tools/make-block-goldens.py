#!/usr/bin/env python3
"""Makes tests/golden/gguf/low-bit-blocks.safetensors: blocks of ggml's types of few bits, and what ggml makes of them.

    tools/make-block-goldens.py PATH/TO/libggml-base.so

The library is ggml's own, as the NuGet package LLamaSharp.Backend.Cpu carries it (0.30.0: ggml 0.18.0, built without fused arithmetic);
its dequantize_row_… is called on every block. Bytes are random from a fixed seed, but every entry of every codebook occurs, and scales
run through zero, the smallest and largest finite ones and random ones of either sign; none is infinite or no number.
"""
import ctypes, json, pathlib, random, struct, sys

TARGET = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "gguf" / "low-bit-blocks.safetensors"
SCALES = [0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x0400, 0x3C00, 0xBC00, 0x7BFF, 0xFBFF]  # binary16
EXPONENTS = [0, 1, 2, 3, 127, 128, 253, 254, 255]
SMALL_SCALES = [0x00, 0x01, 0x07, 0x08, 0x38, 0x7E, 0x7F, 0x80, 0xFE, 0xFF]
chance = random.Random(20)


def put(block, at, form, value):
    struct.pack_into(form, block, at, value)


def half(block, at, number):
    put(block, at, "<H", SCALES[number] if number < len(SCALES) else chance.choice([0, 0x8000]) | chance.randrange(0x7C00))


def bits(block, at, shift, mask, value):
    block[at] = block[at] & ~(mask << shift) & 255 | (value & mask) << shift


def iq2_xs(block, slot, entry):
    at = 2 + 2 * slot
    put(block, at, "<H", struct.unpack_from("<H", block, at)[0] & 0xFE00 | entry)


def iq2_s(block, slot, entry):
    block[2 + slot] = entry & 255
    bits(block, 66 + slot // 4, slot % 4 * 2, 3, entry >> 8)


def iq3_s(block, slot, entry):
    block[2 + slot] = entry & 255
    bits(block, 66 + slot // 8, slot % 8, 1, entry >> 8)


def iq1_s(block, slot, entry):
    block[2 + slot] = entry & 255
    at, shift = 34 + slot // 4 * 2, slot % 4 * 3
    put(block, at, "<H", struct.unpack_from("<H", block, at)[0] & ~(7 << shift) | entry >> 8 << shift)


def iq1_m(block, slot, entry):
    block[slot] = entry & 255
    bits(block, 32 + slot // 2, slot % 2 * 4, 7, entry >> 8)


def iq1_m_scale(block, number):
    spread = bytearray(2)
    half(spread, 0, number)
    for i in range(4):
        bits(block, 48 + 2 * i + 1, 4, 15, struct.unpack("<H", spread)[0] >> 4 * i)


def mxfp4(block, number):
    if number < len(EXPONENTS):
        block[0] = EXPONENTS[number]


def nvfp4(block, number):
    for i in range(4):
        if number * 4 + i < len(SMALL_SCALES):
            block[i] = SMALL_SCALES[number * 4 + i]


at = lambda offset: lambda block, number: half(block, offset, number)
byte_at = lambda offset, step: lambda block, slot, entry: put(block, offset + slot // 4 * step + slot % 4, "B", entry)

# values, bytes, blocks; how a scale is set; entries of the codebook, places for them in a block, how one is set
TYPES = {
    "IQ2_XXS": (256, 66, 24, at(0), 256, 32, byte_at(2, 8)),
    "IQ2_XS": (256, 74, 24, at(0), 512, 32, iq2_xs),
    "IQ2_S": (256, 82, 32, at(0), 1024, 32, iq2_s),
    "IQ3_XXS": (256, 98, 24, at(0), 256, 64, byte_at(2, 4)),
    "IQ3_S": (256, 110, 24, at(0), 512, 64, iq3_s),
    "IQ1_S": (256, 50, 64, at(0), 2048, 32, iq1_s),
    "IQ1_M": (256, 56, 64, iq1_m_scale, 2048, 32, iq1_m),
    "TQ1_0": (256, 54, 24, at(52), 0, 0, None),
    "TQ2_0": (256, 66, 24, at(64), 0, 0, None),
    "MXFP4": (32, 17, 24, mxfp4, 0, 0, None),
    "NVFP4": (64, 36, 24, nvfp4, 0, 0, None),
    "Q1_0": (128, 18, 24, at(0), 0, 0, None),
    "Q2_0": (64, 18, 24, at(0), 0, 0, None),
}


def main(library):
    ggml, header, data = ctypes.CDLL(library), {}, b""
    for name, (values, size, blocks, scale, entries, places, put_entry) in TYPES.items():
        order, stored = chance.sample(range(entries), entries), bytearray()
        for number in range(blocks):
            block = bytearray(chance.randbytes(size))
            scale(block, number)
            for slot in range(places):
                put_entry(block, slot, order[(number * places + slot) % entries])
            stored += block
        assert entries <= blocks * places
        widen, result = getattr(ggml, f"dequantize_row_{name.lower()}"), (ctypes.c_float * (blocks * values))()
        widen.argtypes, widen.restype = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int64], None
        widen(bytes(stored), result, blocks * values)
        for key, kind, shape, content in (f"{name}.values", "F32", [blocks, values], bytes(result)), (f"{name}.bytes", "U8", [blocks, size], bytes(stored)):
            header[key] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
            data += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    TARGET.write_bytes(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])

#!/usr/bin/env python3
"""Makes the goldens of variants: small checkpoints whose config asks for something unusual, and every activation in float64.

    tools/make-variant-goldens.py [FAMILY/CASE…]        (needs numpy)

The forward pass below was written from the sources of transformers 5 (modeling_<family>.py, modeling_rope_utils.py), apart from Castalia,
and computes wholly in float64 from the stored weights. Weights are random with the spread of trained ones, stored as binary16.
"""
import json, math, pathlib, struct, sys
import numpy as np

TARGET = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "models"
REFERENCE = "tools/make-variant-goldens.py, an independent float64 forward pass in numpy after the sources of transformers 5"

erf = np.vectorize(math.erf)
tanh_gelu = lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))
ACTIVATIONS = {
    "silu": lambda x: x / (1 + np.exp(-x)),
    "gelu": lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2))),
    "gelu_pytorch_tanh": tanh_gelu,
    "gelu_new": tanh_gelu,
    "gelu_fast": lambda x: 0.5 * x * (1 + np.tanh(x * 0.7978845608 * (1 + 0.044715 * x * x))),
}


def frequencies(rope, dim, context, tokens):
    """Angles per position and the factor on cosines and sines."""
    base, kind, index = rope["rope_theta"], rope.get("rope_type", "default"), np.arange(0, dim, 2) / dim
    if kind == "dynamic":
        stretch = rope["factor"] * max(tokens, context) / context - (rope["factor"] - 1)
        base *= stretch ** (dim / (dim - 2))
    inv = 1 / base ** index
    if kind == "linear":
        inv = inv / rope["factor"]
    if kind != "yarn":
        return inv, 1.0
    factor, original = rope["factor"], rope.get("original_max_position_embeddings", context)
    at = lambda turns: dim * math.log(original / (turns * 2 * math.pi)) / (2 * math.log(base))
    low, high = max(math.floor(at(rope.get("beta_fast", 32))), 0), min(math.ceil(at(rope.get("beta_slow", 1))), dim - 1)
    ramp = np.clip((np.arange(dim // 2) - low) / (high - low + (0.001 if low == high else 0)), 0, 1)
    return inv / factor * ramp + inv * (1 - ramp), 0.1 * math.log(factor) + 1


def turn(x, inv, amplitude):
    """Half-split rotary embedding of [tokens, heads, head_dim]."""
    angles = np.arange(len(x))[:, None] * inv
    cos, sin, half = (np.cos(angles) * amplitude)[:, None], (np.sin(angles) * amplitude)[:, None], len(inv)
    a, b, rest = x[..., :half], x[..., half:2 * half], x[..., 2 * half:]
    return np.concatenate([a * cos - b * sin, b * cos + a * sin, rest], -1)


def bfloat16(x):
    bits = np.asarray(x, np.float32).view(np.uint32).astype(np.uint64)
    return (((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000).astype(np.uint32)).view(np.float32)


def slopes(heads):
    """As build_alibi_tensor has them; MPT's differ only in how they are written."""
    power = 2 ** math.floor(math.log2(heads))
    first = [2.0 ** (-8 * (h + 1) / power) for h in range(power)]
    return np.array(first + [2.0 ** (-8 * (2 * h + 1) / (2 * power)) for h in range(heads - power)])


class Model:
    def __init__(self, m, seed):
        self.m, random = m, np.random.default_rng(seed)
        d, width, kv, ff = m["d"], m["heads"] * m["head_dim"], m["kv"] * m["head_dim"], m["ff"]
        self.w = {}

        def put(name, value):
            self.w[name] = value.astype(np.float16).astype(np.float64)

        def linear(name, rows, columns, bias, spread=1.3):
            put(name + ".weight", spread * random.standard_normal((rows, columns)) / math.sqrt(columns))
            if bias:
                put(name + ".bias", 0.4 * random.standard_normal(rows))

        def norm(name, size):
            put(name + ".weight", (0 if m.get("plus_one") else 1) + 0.4 * random.standard_normal(size))
            if m.get("norm_bias"):
                put(name + ".bias", 0.4 * random.standard_normal(size))

        put("embed.weight", m.get("embed_spread", 0.8) * random.standard_normal((m["vocab"], d)))
        if not m["tied"]:
            linear("head", m["vocab"], d, m.get("head_bias"))
        norm("final", d)
        for layer in range(m["layers"]):
            at = f"{layer}."
            for name in m["norms"]:
                norm(at + name, d)
            bias = m.get("bias", False)
            for name, rows in (("q", width), ("k", kv), ("v", kv)):
                linear(at + name, rows, d, m.get("qkv_bias", bias), 2.0)
            linear(at + "o", d, width, bias)
            if m.get("qk_norm"):
                whole = m["qk_norm"] == "all"
                norm(at + "q_norm", width if whole else m["head_dim"])
                norm(at + "k_norm", kv if whole else m["head_dim"])
            if m["gated"]:
                linear(at + "gate", ff, d, m.get("mlp_bias", bias))
            linear(at + "up", ff, d, m.get("mlp_bias", bias))
            linear(at + "down", d, ff, m.get("mlp_bias", bias))

    def norm(self, x, name):
        weight, bias = self.w[name + ".weight"], self.w.get(name + ".bias", 0)
        if self.m["norm"] == "layer":
            x = x - x.mean(-1, keepdims=True)
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.m["eps"]) * (weight + (1 if self.m.get("plus_one") else 0)) + bias

    def linear(self, x, name):
        return x @ self.w[name + ".weight"].T + self.w.get(name + ".bias", 0)

    def attend(self, layer, x):
        m, at, tokens = self.m, f"{layer}.", len(x)
        q, k, v = (self.linear(x, at + name) for name in "qkv")
        if m.get("clip"):
            q, k, v = (np.clip(t, -m["clip"], m["clip"]) for t in (q, k, v))
        if m.get("qk_norm") == "all":
            q, k = self.norm(q, at + "q_norm"), self.norm(k, at + "k_norm")
        q, k, v = q.reshape(tokens, m["heads"], -1), k.reshape(tokens, m["kv"], -1), v.reshape(tokens, m["kv"], -1)
        if m.get("qk_norm") == "each":
            q, k = self.norm(q, at + "q_norm"), self.norm(k, at + "k_norm")
        window = m["windows"][layer] if m.get("windows") else None
        if m.get("rope"):
            rope = m["local_rope"] if window and m.get("local_rope") else m["rope"]
            inv, amplitude = frequencies(rope, int(m["head_dim"] * m.get("partial", 1)), m["context"], tokens)
            q, k = turn(q, inv, amplitude), turn(k, inv, amplitude)
        k, v = (np.repeat(t, m["heads"] // m["kv"], 1) for t in (k, v))
        scores = np.einsum("ihd,jhd->hij", q, k) * m.get("scale", m["head_dim"] ** -0.5)
        if m.get("cap"):
            scores = m["cap"] * np.tanh(scores / m["cap"])
        if m.get("alibi") == "falcon":  # in bfloat16 by key position, times the scale, on the mask and on the scores
            grown = bfloat16(bfloat16(slopes(m["heads"]))[:, None] * bfloat16(np.arange(tokens))).astype(np.float64)
            scores += 2 * m["head_dim"] ** -0.5 * grown[:, None]
        elif m.get("alibi"):
            scores += slopes(m["heads"])[:, None, None] * np.arange(1 - tokens, 1)
        distance = np.arange(tokens)[:, None] - np.arange(tokens)
        scores = np.where((distance >= 0) & (distance < (window or tokens)), scores, -np.inf)
        p = np.exp(scores - scores.max(-1, keepdims=True))
        return np.einsum("hij,jhd->ihd", p / p.sum(-1, keepdims=True), v).reshape(tokens, -1)

    def run(self, ids):
        m, act, out = self.m, ACTIVATIONS[self.m["act"]], {}
        h = self.w["embed.weight"][ids] * m.get("embed_scale", 1)
        for layer in range(m["layers"]):
            at, r = f"{layer}.", {"resid_pre": h}
            after = m.get("placement", "before")
            r["attn_in"] = h if after == "after" else self.norm(h, at + "norm1")
            r["z"] = self.attend(layer, r["attn_in"])
            r["attn_out"] = self.linear(r["z"], at + "o")
            if after != "before":
                r["attn_out"] = self.norm(r["attn_out"], at + "post1")
            r["attn_out"] = r["attn_out"] * m.get("residual", 1)
            if m.get("parallel"):
                r["mlp_in"] = r["attn_in"]
            else:
                r["resid_mid"] = h + r["attn_out"]
                r["mlp_in"] = r["resid_mid"] if after == "after" else self.norm(r["resid_mid"], at + "norm2")
            up = self.linear(r["mlp_in"], at + "up")
            r["mlp_post"] = act(self.linear(r["mlp_in"], at + "gate")) * up if m["gated"] else act(up)
            r["mlp_out"] = self.linear(r["mlp_post"], at + "down")
            if after != "before":
                r["mlp_out"] = self.norm(r["mlp_out"], at + "post2")
            r["mlp_out"] = r["mlp_out"] * m.get("residual", 1)
            r["resid_post"] = h = h + r["attn_out"] + r["mlp_out"]
            out |= {f"blocks.{layer}.{site}": value for site, value in r.items()}
        out["final_norm_out"] = self.norm(h, "final")
        logits = self.linear(out["final_norm_out"], "embed" if m["tied"] else "head") * m.get("logit_scale", 1)
        out["logits"] = m["logit_cap"] * np.tanh(logits / m["logit_cap"]) if m.get("logit_cap") else logits
        return out

    def stored(self):
        """The weights under the names and in the layout of the hub."""
        m, renamed, layers = self.m, {}, {}
        for name, value in self.w.items():
            part, kind = name.rsplit(".", 1)
            if part[0].isdigit():
                layer, part = part.split(".")
                if m.get("fused") and part in "qkv":
                    layers.setdefault((layer, kind), {})[part] = value
                    continue
                renamed[m["prefix"].format(layer) + m["names"][part] + "." + kind] = value
            else:
                renamed[m["names"][part] + "." + kind] = value
        for (layer, kind), qkv in layers.items():
            parts = [qkv[name].reshape(-1, m["head_dim"], *qkv[name].shape[1:]) for name in "qkv"]
            if m["fused"] == "by head":
                parts = [np.stack(parts, 1).reshape(-1, *parts[0].shape[1:])]
            fused = np.concatenate(parts)
            renamed[m["prefix"].format(layer) + m["names"]["qkv"] + "." + kind] = fused.reshape(-1, *fused.shape[2:])
        return {name: value.astype(np.float16) for name, value in renamed.items()}


def figures(o, layers):
    n = lambda x: np.linalg.norm(x, axis=-1)

    def gains(after, before):
        g = {"last": after[-1] / before[-1], "first": after[0] / before[0], "mean-of-ratios": (after / before).mean(),
             "ratio-of-means": after.mean() / before.mean()}
        if len(after) > 1:
            g["mean-of-ratios-without-first"] = (after[1:] / before[1:]).mean()
            g["ratio-of-means-without-first"] = after[1:].mean() / before[1:].mean()
        return g

    blocks = []
    for layer in range(layers):
        s = {k.split(".")[-1]: v for k, v in o.items() if k.startswith(f"blocks.{layer}.")}
        h, a, mlp = s["resid_pre"][-1], s["attn_out"][-1], s["mlp_out"][-1]
        hh = h @ h
        blocks.append({
            "gain": gains(n(s["resid_post"]), n(s["resid_pre"])), "r": n(a + mlp) / n(h), "cos": (a + mlp) @ h / n(a + mlp) / n(h),
            "align_attn": a @ h / hh, "align_mlp": mlp @ h / hh, "size_attn": a @ a / hh, "size_mlp": mlp @ mlp / hh, "cross": 2 * a @ mlp / hh,
            "norms_last": {k: n(s[k][-1]) for k in ("resid_pre", "attn_in", "attn_out", "mlp_in", "mlp_out", "resid_post")},
            "submodule_gain_attn": n(s["attn_out"]).mean() / n(s["attn_in"]).mean(),
            "submodule_gain_mlp": n(s["mlp_out"]).mean() / n(s["mlp_in"]).mean()})
    last = o["logits"][-1]
    p = np.exp(last - last.max())
    p /= p.sum()
    order = np.sort(last)
    return {"blocks": blocks, "entropy": -(p[p > 0] * np.log(p[p > 0])).sum(), "top_token": int(last.argmax()), "top_probability": p.max(),
            "top_margin_nats": order[-1] - order[-2]}


def write(path, tensors):
    kinds, header, data = {"float16": "F16", "float32": "F32"}, {}, b""
    for name, value in tensors.items():
        value = np.ascontiguousarray(value)
        header[name] = {"dtype": kinds[value.dtype.name], "shape": list(value.shape), "data_offsets": [len(data), len(data) + value.nbytes]}
        data += value.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


LLAMA = {"embed": "model.embed_tokens", "head": "lm_head", "final": "model.norm", "norm1": "input_layernorm", "norm2": "post_attention_layernorm",
         "q": "self_attn.q_proj", "k": "self_attn.k_proj", "v": "self_attn.v_proj", "o": "self_attn.o_proj", "q_norm": "self_attn.q_norm",
         "k_norm": "self_attn.k_norm", "gate": "mlp.gate_proj", "up": "mlp.up_proj", "down": "mlp.down_proj"}
GEMMA = LLAMA | {"post1": "post_attention_layernorm", "norm2": "pre_feedforward_layernorm", "post2": "post_feedforward_layernorm"}
PLAIN = dict(d=32, heads=4, kv=2, head_dim=8, layers=3, ff=40, vocab=47, eps=1e-6, norm="rms", gated=True, act="silu", tied=True, context=64,
             rope={"rope_theta": 10000.0}, norms=["norm1", "norm2"], prefix="model.layers.{}.", names=LLAMA)
GEMMA2 = dict(norms=["norm1", "post1", "norm2", "post2"], names=GEMMA, placement="both", plus_one=True, act="gelu_pytorch_tanh",
              embed_scale=math.sqrt(32), embed_spread=0.2)
CASES = {}


def case(name, note, config, sizes=True, **changes):
    m = PLAIN | changes
    stated = dict(hidden_size=m["d"], num_hidden_layers=m["layers"], num_attention_heads=m["heads"], num_key_value_heads=m["kv"],
                  intermediate_size=m["ff"], max_position_embeddings=m["context"]) if sizes else {}
    CASES[name] = (note, stated | dict(vocab_size=m["vocab"], tie_word_embeddings=m["tied"], model_type=name.split("/")[0]) | config, m)


FALCON = {"embed": "transformer.word_embeddings", "final": "transformer.ln_f", "norm1": "input_layernorm", "norm2": "post_attention_layernorm",
          "qkv": "self_attention.query_key_value", "o": "self_attention.dense", "up": "mlp.dense_h_to_4h", "down": "mlp.dense_4h_to_h"}
case("falcon/twelve-heads-alibi", "slopes that bfloat16 rounds; rotary keys beside ALiBi",
     dict(hidden_size=24, num_hidden_layers=3, num_attention_heads=12, alibi=True, multi_query=False, parallel_attn=False, bias=True,
          new_decoder_architecture=False, layer_norm_epsilon=1e-5, activation="gelu", rope_theta=10000.0, rope_scaling=None, torch_dtype="float16"),
     sizes=False, d=24, heads=12, kv=12, head_dim=2, ff=96, eps=1e-5, norm="layer", norm_bias=True, gated=False, act="gelu", bias=True, rope=None,
     alibi="falcon", fused="by head", prefix="transformer.h.{}.", names=FALCON)
MPT = {"embed": "transformer.wte", "final": "transformer.norm_f", "norm1": "norm_1", "norm2": "norm_2", "qkv": "attn.Wqkv", "o": "attn.out_proj",
       "up": "ffn.up_proj", "down": "ffn.down_proj"}
case("mpt/six-heads-clipped", "six heads, softmax_scale and clip_qkv stated",
     dict(d_model=24, n_layers=3, n_heads=6, max_seq_len=64, no_bias=True, expansion_ratio=4, norm_type="low_precision_layernorm", torch_dtype="float16",
          attn_config=dict(alibi=True, alibi_bias_max=8, attn_impl="torch", clip_qkv=1.5, softmax_scale=0.9, qk_ln=False, prefix_lm=False)),
     sizes=False, d=24, heads=6, kv=6, head_dim=4, ff=96, eps=1e-5, norm="layer", gated=False, act="gelu", rope=None, alibi="mpt", clip=1.5, scale=0.9,
     fused="in turn", prefix="transformer.blocks.{}.", names=MPT)
case("llama/dynamic", "dynamic scaling, prompts twice as long as the context; heads wider than d/n; one key/value head",
     dict(head_dim=12, rope_theta=500.0, rope_scaling=dict(type="dynamic", factor=2.0), rms_norm_eps=1e-6, torch_dtype="float16"),
     kv=1, head_dim=12, context=6, rope=dict(rope_type="dynamic", factor=2.0, rope_theta=500.0))
case("mistral/yarn", "YaRN in the newer spelling, a window, gelu_fast",
     dict(head_dim=16, sliding_window=6, hidden_act="gelu_fast", rms_norm_eps=1e-6, dtype="float16",
          rope_parameters=dict(rope_type="yarn", rope_theta=100.0, factor=4.0, original_max_position_embeddings=32, beta_fast=8.0)),
     head_dim=16, layers=2, windows=[6, 6], act="gelu_fast",
     rope=dict(rope_type="yarn", rope_theta=100.0, factor=4.0, original_max_position_embeddings=32, beta_fast=8.0))
case("qwen2/late-windows", "windows from block 1 on",
     dict(use_sliding_window=True, sliding_window=4, max_window_layers=1, rms_norm_eps=1e-6, rope_theta=10000.0, torch_dtype="float16"),
     windows=[None, 4, 4], qkv_bias=True)
case("qwen3/listed-windows", "layer_types say which blocks see a window; biases; wide heads",
     dict(head_dim=12, attention_bias=True, use_sliding_window=True, sliding_window=3, max_window_layers=28, rms_norm_eps=1e-6, dtype="float16",
          layer_types=["sliding_attention", "full_attention", "sliding_attention"], rope_parameters=dict(rope_type="default", rope_theta=10000.0)),
     head_dim=12, windows=[3, None, 3], bias=True, mlp_bias=False, qk_norm="each")
case("olmo2/one-key-head", "key norm narrower than query norm, linear scaling, biases",
     dict(attention_bias=True, rms_norm_eps=1e-6, rope_theta=500.0, rope_scaling=dict(rope_type="linear", factor=3.0), torch_dtype="float16"),
     kv=1, bias=True, mlp_bias=False, qk_norm="all", placement="after", norms=["post1", "post2"],
     names=LLAMA | {"post1": "post_attention_layernorm", "post2": "post_feedforward_layernorm"},
     rope=dict(rope_type="linear", factor=3.0, rope_theta=500.0))
case("gemma2/no-caps", "caps off, layer_types of their own, a query scale of its own",
     dict(head_dim=12, query_pre_attn_scalar=10, sliding_window=3, attn_logit_softcapping=None, final_logit_softcapping=None, dtype="float16",
          layer_types=["full_attention", "sliding_attention", "sliding_attention"], rope_parameters=dict(rope_type="default", rope_theta=10000.0)),
     head_dim=12, windows=[None, 3, 3], scale=10 ** -0.5, **GEMMA2)
case("gemma3/two-rotary-bases", "newer spelling: frequencies stated for each kind of block, the global ones stretched; a cap on logits",
     dict(model_type="gemma3_text", head_dim=12, query_pre_attn_scalar=20, sliding_window=5, final_logit_softcapping=2.0, attn_logit_softcapping=None,
          layer_types=["full_attention", "sliding_attention", "full_attention"], dtype="float16",
          rope_parameters=dict(full_attention=dict(rope_type="linear", factor=4.0, rope_theta=500.0),
                               sliding_attention=dict(rope_type="default", rope_theta=77.0))),
     head_dim=12, kv=1, windows=[None, 5, None], scale=20 ** -0.5, qk_norm="each", logit_cap=2.0,
     rope=dict(rope_type="linear", factor=4.0, rope_theta=500.0), local_rope=dict(rope_theta=77.0), **GEMMA2)
case("phi/qk-norm", "normed queries and keys over one key/value head, whole heads turning",
     dict(qk_layernorm=True, partial_rotary_factor=1.0, hidden_act="gelu_new", layer_norm_eps=1e-5, rope_theta=10000.0, torch_dtype="float16"),
     kv=1, tied=False, head_bias=True, eps=1e-5, norm="layer", norm_bias=True, norms=["norm1"], parallel=True, gated=False, act="gelu_new", bias=True,
     qk_norm="each", names=LLAMA | {"final": "model.final_layernorm", "o": "self_attn.dense", "up": "mlp.fc1", "down": "mlp.fc2",
                                    "q_norm": "self_attn.q_layernorm", "k_norm": "self_attn.k_layernorm"})
case("granite/wide-heads", "every multiplier, heads wider than d/n",
     dict(head_dim=12, embedding_multiplier=3.0, residual_multiplier=0.3, attention_multiplier=0.2, logits_scaling=4.0, rms_norm_eps=1e-6,
          rope_theta=10000.0, torch_dtype="float16"),
     head_dim=12, embed_scale=3.0, residual=0.3, scale=0.2, logit_scale=0.25)

for seed, (name, (note, config, m)) in enumerate(CASES.items()):
    if len(sys.argv) > 1 and name not in sys.argv[1:]:
        continue
    folder, random = TARGET / name, np.random.default_rng(1000 + seed)
    folder.mkdir(parents=True, exist_ok=True)
    model = Model(m, seed)
    prompts = [random.integers(3, m["vocab"], n).tolist() for n in (1, 5, 12)]
    runs = [model.run(ids) for ids in prompts]
    write(folder / "model.safetensors", model.stored())
    write(folder / "golden.safetensors", {f"p{p}.{k}": v.astype(np.float32) for p, o in enumerate(runs) for k, v in o.items()})
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    golden = {"family": name.split("/")[0], "case": name.split("/")[1], "note": note, "weights": "float16", "format": "safetensors", "tied": m["tied"],
              "reference": REFERENCE, "prompts": prompts, "figures": [figures(o, m["layers"]) for o in runs]}
    (folder / "golden.json").write_text(json.dumps(golden, default=float) + "\n")
    print(name, sum(f.stat().st_size for f in folder.iterdir()) // 1000, "kB")

"""What PyTorch makes of AdamW's steps, for tests/golden/training; needs torch and transformers (made with 1.13 and 4.46.3).

usage: make-training-goldens.py OUT

adamw.json: parameters and gradients of 67 elements from SplitMix64, and torch.optim.AdamW's parameters after 1 and 5 steps under three settings.
FAMILY-CASE.json: the loss of 200 steps of training from a golden checkpoint, in float64 and in float32: AdamW (0.9, 0.95, 1e-8), decay 0.1 on matrices alone, clipping at 1,
20 steps of warm-up to 3e-3 and a cosine to a tenth, 4 texts of 24 tokens a step, with a term 1e-4·<(ln Z)^2>.
"""
import json, math, pathlib, sys
import torch
from transformers import AutoModelForCausalLM

M = (1 << 64) - 1
GOLDEN = pathlib.Path(__file__).parent.parent / "tests" / "golden"


def mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & M
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & M
    return z ^ (z >> 31)


def uniform(seed, i):
    return (mix((seed * 0x9E3779B97F4A7C15 + i + 1) & M) >> 40) / (1 << 24)


def adamw():
    n, entries = 67, []
    start = [uniform(1, i) - 0.5 for i in range(n)]
    for betas, eps, decay, rate in [((0.9, 0.95), 1e-8, 0.1, 3e-3), ((0.9, 0.999), 1e-8, 0.0, 1e-2), ((0.5, 0.9), 1e-3, 1.0, 1e-1)]:
        p = torch.nn.Parameter(torch.tensor(start, dtype=torch.float32))
        optimiser = torch.optim.AdamW([p], lr=rate, betas=betas, eps=eps, weight_decay=decay, foreach=False)
        after = {}
        for step in range(1, 6):
            p.grad = torch.tensor([(uniform(1 + step, i) - 0.5) * 2.0 ** (i % 7 - 5) for i in range(n)], dtype=torch.float32)
            optimiser.step()
            if step in (1, 5):
                after[f"after_{step}"] = [float(x) for x in p.detach()]
        entries.append({"betas": betas, "epsilon": eps, "decay": decay, "rate": rate, **after})
    return {"made_with": f"torch {torch.__version__}", "settings": entries}


def text(index, vocabulary, tokens=24):
    ids = [int(uniform(77, 1000 * index) * vocabulary)]
    for t in range(1, tokens):
        free = uniform(77, 1000 * index + 2 * t) < 0.25
        ids.append(int(uniform(77, 1000 * index + 2 * t + 1) * vocabulary) if free else (3 * ids[-1] + 7) % vocabulary)
    return ids


def train(case, dtype, steps=200, batch=4, peak=3e-3, warm=20):
    model = AutoModelForCausalLM.from_pretrained(GOLDEN / "models" / case, attn_implementation="eager").to(dtype).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() <= 1]
    optimiser = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}], lr=peak, betas=(0.9, 0.95), eps=1e-8, foreach=False)
    losses = []
    for step in range(1, steps + 1):
        rate = peak * step / warm if step <= warm else peak * (0.1 + 0.9 * (0.5 + 0.5 * math.cos(math.pi * (step - warm) / (steps - warm))))
        for group in optimiser.param_groups:
            group["lr"] = rate
        ids = torch.tensor([text((step - 1) * batch + i, model.config.vocab_size) for i in range(batch)])
        logits = model(ids).logits.to(dtype)[:, :-1]
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), ids[:, 1:].reshape(-1))
        (loss + 1e-4 * (torch.logsumexp(logits, -1) ** 2).mean()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss))
    return losses


out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
(out / "adamw.json").write_text(json.dumps(adamw()) + "\n")
for case in ["gpt_neox/pythia", "gpt2/gpt2"]:
    wide, narrow = train(case, torch.float64), train(case, torch.float32)
    print(case, wide[0], wide[-1], max(abs(a - b) for a, b in zip(wide, narrow)))
    (out / f"{case.replace('/', '-')}.json").write_text(json.dumps({"case": case, "float64": wide, "float32": narrow}) + "\n")

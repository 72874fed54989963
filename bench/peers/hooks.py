"""How long Hugging Face transformers with hooks takes for interventions on units of the last block: one pass each.

    python hooks.py CHECKPOINT.gguf PROMPTS.json [INTERVENTIONS]

PROMPTS.json is a list of lists of token ids. All prompts are one batch, padded on the left so that the last position is the last column, and logits are asked
for there alone: the fastest this way knows. Heads are zeroed where the output projection reads them, neurons where the down projection does. Gain of the last
block, entropy and KL(clean || do) are read for every prompt. Prints seconds of a clean pass, of an intervention, and of 9 heads and 1,536 neurons at that pace.
"""
import json
import os
import sys
import time

import torch
import transformers


class Reading:
    def __init__(self, model, ids, mask):
        self.model, self.ids, self.mask = model, ids, mask
        self.before = self.after = None
        last = model.model.layers[-1]
        last.register_forward_pre_hook(self.enter)
        last.register_forward_hook(self.leave)

    def enter(self, _, args):
        self.before = args[0][:, -1]

    def leave(self, _, __, out):
        self.after = out[0][:, -1]

    def run(self, clean=None):
        with torch.no_grad():
            logits = self.model(self.ids, attention_mask=self.mask, num_logits_to_keep=1, use_cache=False).logits[:, -1]
            log_p = torch.log_softmax(logits, -1)
            gain = self.after.norm(dim=-1) / self.before.norm(dim=-1)
            entropy = -(log_p.exp() * log_p).sum(-1)
            kl = None if clean is None else (clean.exp() * (clean - log_p)).sum(-1)
        return gain, entropy, kl, log_p


def zero(module, first, count):
    def hook(_, args):
        changed = args[0].clone()
        changed[..., first:first + count] = 0
        return (changed,)

    return module.register_forward_pre_hook(hook)


def main(checkpoint, prompts, count=30):
    folder, file = os.path.split(checkpoint)
    with open(prompts) as f:
        prompts = json.load(f)
    model, loaded = transformers.AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, torch_dtype=torch.float32, output_loading_info=True)
    model.eval()
    if "lm_head.weight" in loaded["missing_keys"]:
        model.lm_head.weight = model.model.embed_tokens.weight
    longest = max(map(len, prompts))
    ids = torch.tensor([[0] * (longest - len(p)) + p for p in prompts])
    mask = torch.tensor([[0] * (longest - len(p)) + [1] * len(p) for p in prompts])
    reading = Reading(model, ids, mask)
    last, heads = model.model.layers[-1], model.config.num_attention_heads
    width, neurons = model.config.hidden_size // heads, model.config.intermediate_size
    reading.run()
    started = time.perf_counter()
    clean = reading.run()[3]
    print(f"torch {torch.__version__}, transformers {transformers.__version__}, {torch.get_num_threads()} threads, {len(prompts)} prompts")
    print(f"clean pass            {time.perf_counter() - started:8.3f} s")
    units = [(last.self_attn.o_proj, head * width, width) for head in range(heads)] + [(last.mlp.down_proj, j * 61 % neurons, 1) for j in range(neurons)]
    started = time.perf_counter()
    for unit in units[:int(count)]:
        handle = zero(*unit)
        reading.run(clean)
        handle.remove()
    each = (time.perf_counter() - started) / int(count)
    print(f"an intervention       {each:8.3f} s, mean of {count}")
    print(f"{heads} heads, {neurons} neurons {each * (heads + neurons):8.1f} s at that pace")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What a bfloat16 run of Hugging Face transformers makes of the last gain, beside the same checkpoint in float32.

    python bfloat16.py CHECKPOINT.gguf PROMPTS.json OUT.json

PROMPTS.json is a list of lists of token ids. Both passes run on the CPU; hidden states are taken after each block, before the final norm, and lengths of
them in float64. A head that the file does not have is the embedding: transformers 4.46 leaves it at random values. Writes for each prompt the gain of the last block in either, the entropy of the prediction and KL(float32 || bfloat16), nats.
"""
import json
import os
import sys

import torch
import transformers


def gains_and_logits(model, ids):
    kept = []
    hooks = [layer.register_forward_hook(lambda _, __, out: kept.append(out[0][0, -1].double())) for layer in model.model.layers]
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0, -1].double()
    for hook in hooks:
        hook.remove()
    return (kept[-1].norm() / kept[-2].norm()).item(), torch.log_softmax(logits, -1)


def main(checkpoint, prompts, out):
    folder, file = os.path.split(checkpoint)
    found = []
    with open(prompts) as f:
        prompts = json.load(f)
    wide, loaded = transformers.AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, torch_dtype=torch.float32, output_loading_info=True)
    wide.eval()
    if "lm_head.weight" in loaded["missing_keys"]:
        wide.lm_head.weight = wide.model.embed_tokens.weight
    read = [gains_and_logits(wide, ids) for ids in prompts]
    half = wide.to(torch.bfloat16)
    for (gain, log_p), ids in zip(read, prompts):
        other, log_q = gains_and_logits(half, ids)
        found.append({
            "gain": gain, "gain_bfloat16": other, "entropy": -(log_p.exp() * log_p).sum().item(),
            "entropy_bfloat16": -(log_q.exp() * log_q).sum().item(), "kl": (log_p.exp() * (log_p - log_q)).sum().item(),
        })
    with open(out, "w") as f:
        json.dump({"torch": torch.__version__, "transformers": transformers.__version__, "prompts": found}, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""How many tokens per second Hugging Face transformers trains on, AdamW and clipping included.

    python training.py CHECKPOINT [BATCHxTOKENS] [THREADS] [ROUNDS]

Ids are uniform; dropout is off; parameters and gradients are float32. AdamW is torch's own over all tensors at once (foreach) where that version has it. Prints medians over the rounds after three that are
not counted: seconds and processor seconds of a step, tokens per second.
"""
import os
import statistics
import sys
import time

import torch
import transformers


def main(checkpoint, size="16x128", threads="2", rounds="15"):
    torch.set_num_threads(int(threads))
    batch, tokens = map(int, size.split("x"))
    model = transformers.AutoModelForCausalLM.from_pretrained(checkpoint, torch_dtype=torch.float32).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() <= 1]
    optimiser = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}], lr=1e-4, betas=(0.9, 0.95), eps=1e-8)
    generator = torch.Generator().manual_seed(1)
    seconds, processor = [], []
    for step in range(int(rounds) + 3):
        ids = torch.randint(model.config.vocab_size, (batch, tokens), generator=generator)
        wall, used = time.perf_counter(), time.process_time()
        logits = model(ids, use_cache=False).logits[:, :-1]
        torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), ids[:, 1:].reshape(-1)).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if step >= 3:
            seconds.append(time.perf_counter() - wall)
            processor.append(time.process_time() - used)
    median = statistics.median(seconds)
    print(f"torch {torch.__version__}, transformers {transformers.__version__}, {threads} threads, {batch} x {tokens}: step {1000 * median:.1f} ms, processor {1000 * statistics.median(processor):.1f} ms, "
          f"{batch * tokens / median:,.0f} tokens/s")


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main(*sys.argv[1:])

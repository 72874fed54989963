"""How long PyTorch takes for the gradient of a batch's mean next-token loss by every parameter, in turn with ours.

    python gradient.py FOLDER BENCHMARKS.dll [TURNS] [SEQUENCESxLENGTH]

FOLDER is a checkpoint that transformers reads too (`make twin-2x128 FOLDER F32` of the benchmarks makes one). Model by transformers, eager attention, float32,
as many threads as ours take; loss and backward pass, gradients kept and set to zero in place before each. Both take their rounds in turn, the same number of turns; medians of each turn
and their ratio are printed.
"""
import re
import statistics
import subprocess
import sys
import time

import torch
import transformers


def rounds(model, ids, count):
    seconds = []
    for turn in range(count + 2):
        for p in model.parameters():
            if p.grad is not None:
                p.grad.zero_()
        start = time.perf_counter()
        loss = model(ids, labels=ids, use_cache=False).loss
        loss.backward()
        if turn >= 2:
            seconds.append(time.perf_counter() - start)
    return 1000 * statistics.median(seconds)


def main(folder, benchmarks, turns=3, workload="16x128"):
    sequences, length = map(int, workload.split("x"))
    torch.manual_seed(1)
    ratios = []
    for turn in range(int(turns)):
        ours = subprocess.run(["dotnet", benchmarks, "gradient", folder, workload], check=True, capture_output=True, text=True).stdout
        threads = int(re.search(r"(\d+) threads", ours).group(1))
        ms = float(re.search(r"^gradient ([\d.]+) ms", ours, re.M).group(1))
        if turn == 0:
            torch.set_num_threads(threads)
            model = transformers.AutoModelForCausalLM.from_pretrained(folder, torch_dtype=torch.float32, attn_implementation="eager")
            model.train()
            ids = torch.randint(0, model.config.vocab_size, (sequences, length))
            print(ours, end="")
        theirs = rounds(model, ids, 15)
        ratios.append(theirs / ms)
        print(f"turn {turn + 1}: ours {ms:.1f} ms, PyTorch {torch.__version__} with {threads} threads {theirs:.1f} ms, {ratios[-1]:.2f} x")
    print(f"median ratio {statistics.median(ratios):.2f}")


main(*sys.argv[1:])

"""What null, false, Infinity and NaN mean to transformers 4.46.3, key by key: writes values.json.

Usage: values.py GOLDEN_MODELS OUT.json. Every golden checkpoint is read with one key of its config.json left out or set to one of the four, and its
logits for twelve fixed ids are compared, bit for bit, with those of the config as it is (base) and of the config without the key (absent).
"""
import glob, inspect, json, logging, os, shutil, sys, tempfile, warnings

warnings.filterwarnings("ignore")
import torch, transformers
from transformers import AutoConfig, AutoModelForCausalLM

torch.set_num_threads(1)
transformers.logging.set_verbosity_error()
logging.disable(logging.CRITICAL)
root, out = sys.argv[1:]
models = """bloom/bloom codegen/codegen cohere/command-r falcon/7b falcon/new-decoder falcon/rw-alibi gemma/gemma gemma2/gemma2 gpt2/gpt2
gpt2/inverse-layer-scale gpt_bigcode/starcoder gpt_neo/gpt_neo gpt_neox/pythia gptj/gptj granite/granite llama/gqa mistral/window mixtral/mixtral mpt/mpt
olmo/olmo opt/opt phi/phi phi3/phi3 qwen2/qwen2 stablelm/stablelm starcoder2/starcoder2""".split()
common = """tie_word_embeddings is_encoder_decoder add_cross_attention is_decoder use_cache torch_dtype dtype pruned_heads chunk_size_feed_forward
cross_attention_hidden_size tie_encoder_decoder rope_theta rope_scaling head_dim num_key_value_heads attention_bias mlp_bias sliding_window layer_types
rope_parameters partial_rotary_factor max_position_embeddings n_inner intermediate_size hidden_act model_max_length internal_version quantization_config
initializer_range use_sliding_window max_window_layers output_attentions return_dict torchscript architectures temperature n_head_kv num_kv_heads""".split()
sizes = ["hidden_size", "num_hidden_layers", "num_attention_heads", "vocab_size"]
wide = ["intermediate_size", "ffn_dim", "n_inner", "ffn_hidden_size"]
values = [None, False, float("inf"), float("nan")]
ids = torch.tensor([[5, 17, 3, 9, 21, 2, 11, 7, 13, 4, 6, 8]])


def run(folder, config, stated=None):
    """Logits, or why there are none; sizes other than the weights' are not loaded."""
    with tempfile.TemporaryDirectory() as at:
        for name in os.listdir(folder):
            if not name.startswith("golden") and name != "config.json":
                os.symlink(os.path.join(os.path.abspath(folder), name), os.path.join(at, name))
        with open(os.path.join(at, "config.json"), "w") as file:
            json.dump(config, file)
        try:
            c = AutoConfig.from_pretrained(at)
            got = [getattr(c, s, None) for s in sizes]
            if stated is not None and got != stated and all(type(g) is int for g in got) or any(type(getattr(c, w, 0)) is int and getattr(c, w, 0) > 1 << 15 for w in wide):
                return "fails"
            model, info = AutoModelForCausalLM.from_pretrained(at, torch_dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
            if info["mismatched_keys"] or info["missing_keys"]:
                return "fails"
            with torch.no_grad():
                return model.eval()(input_ids=ids, use_cache=False).logits, got
        except Exception:
            return "fails"


def word(got, base, absent=None):
    same = lambda other: isinstance(other, tuple) and torch.equal(torch.nan_to_num(got[0], 7.0), torch.nan_to_num(other[0], 7.0))
    if not isinstance(got, tuple):
        return got
    return "base" if same(base) else "absent" if same(absent) else "nan" if bool(torch.isnan(got[0]).any()) else "other"


table = {}
for name in models:
    folder = os.path.join(root, name)
    config = json.load(open(os.path.join(folder, "config.json")))
    base = run(folder, config)
    kind = type(AutoConfig.from_pretrained(folder))
    parameters = [p for p in inspect.signature(kind.__init__).parameters if p not in ("self", "kwargs")]
    table[name] = {}
    for key in dict.fromkeys([*config, *parameters, *kind.attribute_map, *common]):
        if key == "model_type":
            continue
        absent = run(folder, {k: v for k, v in config.items() if k != key}, base[1]) if key in config else base
        table[name][key] = " ".join([word(absent, base), *(word(run(folder, {**config, key: v}, base[1]), base, absent) for v in values)])
json.dump(table, open(out, "w"), indent=2)

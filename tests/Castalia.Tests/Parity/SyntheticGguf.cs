using System.Text;
using Castalia.Tests.Checkpoints;

namespace Castalia.Tests.Parity;

/// <summary>Small GGUF models of made-up weights, the same in every program that counts as this one does.</summary>
/// <remarks>
/// d_model 32, 2 query heads over 1 of width 16, d_ff 48, 40 tokens, float32. Element i of the k-th tensor of the file is v = ((7919·i + 104729·k + 31·⌊i/32⌋) mod
/// 1009 − 504)/504, times 1.5/√columns in a matrix, 1 + 0.2·v in a norm's weight, 0.3·v in a bias.
/// </remarks>
static class SyntheticGguf
{
    const int Width = 32, Inner = 48, Tokens = 40, Heads = 2, HeadDim = 16;

    /// <summary>The ids all of them are fed.</summary>
    public static IReadOnlyList<int> Ids => [.. Enumerable.Range(0, 40).Select(i => (37 * i + 11) % Tokens)];

    /// <summary>A model's file.</summary>
    /// <param name="architecture">llama, qwen2, falcon or gemma3.</param>
    /// <param name="keys">Keys added to the architecture's own, or in place of them, without its name.</param>
    /// <param name="further">Tensors after the architecture's own: name and length.</param>
    /// <param name="version">Of the format.</param>
    /// <param name="others">Keys of other namespaces, with their whole names.</param>
    public static byte[] File(
        string architecture, IReadOnlyDictionary<string, object>? keys = null, IEnumerable<(string Name, int Length)>? further = null, uint version = 3,
        IReadOnlyDictionary<string, object>? others = null)
    {
        bool isFalcon = architecture == "falcon", isGemma = architecture == "gemma3";
        int blocks = isGemma ? 7 : 3;
        var all = new Dictionary<string, object>
        {
            ["block_count"] = (uint)blocks,
            ["context_length"] = 128u,
            ["embedding_length"] = (uint)Width,
            ["feed_forward_length"] = (uint)Inner,
            ["attention.head_count"] = (uint)Heads,
            ["attention.head_count_kv"] = 1u,
            ["vocab_size"] = (uint)Tokens,
            [isFalcon ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon"] = 1e-5f,
        };
        if (isGemma) (all["attention.key_length"], all["attention.value_length"], all["attention.sliding_window"]) = ((uint)HeadDim, (uint)HeadDim, 4u);
        foreach (var (key, value) in keys ?? new Dictionary<string, object>()) all[key] = value;
        var tensors = new List<(string Name, int[] Axes)> { ("token_embd.weight", [Width, Tokens]), ("output_norm.weight", [Width]) };
        if (isFalcon) tensors.Add(("output_norm.bias", [Width]));
        else if (!isGemma) tensors.Add(("output.weight", [Width, Tokens]));
        for (int block = 0; block < blocks; block++)
            foreach (var (name, axes) in isFalcon ? Falcon() : Llama(isGemma))
                tensors.Add(($"blk.{block}.{name}", axes));
        tensors.AddRange((further ?? []).Select(t => (t.Name, new[] { t.Length })));
        var named = all.ToDictionary(pair => $"{architecture}.{pair.Key}", pair => pair.Value);
        foreach (var (key, value) in others ?? new Dictionary<string, object>()) named[key] = value;
        return Bytes(architecture, named, tensors, version);
    }

    static IEnumerable<(string Name, int[] Axes)> Falcon() =>
    [
        ("attn_norm.weight", [Width]), ("attn_norm.bias", [Width]), ("attn_qkv.weight", [Width, (Heads + 2) * HeadDim]), ("attn_output.weight", [Width, Width]),
        ("ffn_up.weight", [Width, Inner]), ("ffn_down.weight", [Inner, Width]),
    ];

    static IEnumerable<(string Name, int[] Axes)> Llama(bool isGemma) =>
    [
        ("attn_norm.weight", [Width]), ("ffn_norm.weight", [Width]), ("attn_q.weight", [Width, Heads * HeadDim]), ("attn_k.weight", [Width, HeadDim]),
        ("attn_v.weight", [Width, HeadDim]), ("attn_output.weight", [Heads * HeadDim, Width]), ("ffn_gate.weight", [Width, Inner]),
        ("ffn_up.weight", [Width, Inner]), ("ffn_down.weight", [Inner, Width]),
        .. isGemma
            ? new (string, int[])[]
            {
                ("post_attention_norm.weight", [Width]), ("post_ffw_norm.weight", [Width]), ("attn_q_norm.weight", [HeadDim]), ("attn_k_norm.weight", [HeadDim]),
            }
            : [],
    ];

    static byte[] Bytes(string architecture, Dictionary<string, object> keys, List<(string Name, int[] Axes)> tensors, uint version)
    {
        var data = new List<byte>();
        var offsets = new List<ulong>();
        for (int k = 0; k < tensors.Count; k++)
        {
            offsets.Add((ulong)data.Count);
            var (name, axes) = tensors[k];
            int count = axes.Aggregate(1, (n, axis) => n * axis);
            for (int i = 0; i < count; i++)
            {
                double v = ((7919 * i + 104729 * k + 31 * (i / 32)) % 1009 - 504) / 504.0;
                double value = name.EndsWith("bias", StringComparison.Ordinal) ? 0.3 * v
                    : name.Contains("norm", StringComparison.Ordinal) ? 1 + 0.2 * v
                    : 1.5 * v / Math.Sqrt(axes[0]);
                data.AddRange(BitConverter.GetBytes((float)value));
            }
            while (data.Count % 32 != 0) data.Add(0);
        }
        var file = new GgufBytes { Data = [.. data], Version = version }.Key("general.architecture", 8, Text(architecture));
        foreach (var (key, value) in keys) Add(file, key, value);
        for (int k = 0; k < tensors.Count; k++) file.Tensor(tensors[k].Name, [.. tensors[k].Axes.Select(axis => (ulong)axis)], 0, offsets[k]);
        return file.File();
    }

    /// <summary>Adds a key in the width of a value's type.</summary>
    public static GgufBytes Add(GgufBytes file, string key, object value) => value switch
    {
        uint n => file.Key(key, 4, BitConverter.GetBytes(n)),
        int n => file.Key(key, 5, BitConverter.GetBytes(n)),
        float n => file.Key(key, 6, BitConverter.GetBytes(n)),
        bool b => file.Key(key, 7, [b ? (byte)1 : (byte)0]),
        string s => file.Key(key, 8, Text(s)),
        uint[] list => file.Key(key, 9, GgufBytes.List(4, (ulong)list.Length, [.. list.SelectMany(BitConverter.GetBytes)])),
        int[] list => file.Key(key, 9, GgufBytes.List(5, (ulong)list.Length, [.. list.SelectMany(BitConverter.GetBytes)])),
        float[] list => file.Key(key, 9, GgufBytes.List(6, (ulong)list.Length, [.. list.SelectMany(BitConverter.GetBytes)])),
        string[] list => file.Key(key, 9, GgufBytes.List(8, (ulong)list.Length, [.. list.SelectMany(Text)])),
        _ => throw new ArgumentException($"{key} is a {value.GetType()}.", nameof(value)),
    };

    static byte[] Text(string text) => GgufBytes.Text(Encoding.UTF8.GetBytes(text));
}

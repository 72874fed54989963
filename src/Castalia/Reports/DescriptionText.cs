using System.Globalization;
using System.Text;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;

namespace Castalia.Reports;

/// <summary>A model's description for a person, at most 80 columns wide where names allow.</summary>
public static class DescriptionText
{
    static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    const int Width = 80, Indent = 2, LabelWidth = 15;

    /// <summary>Everything the arithmetic depends on, and what the weights are stored as; lines end in LF.</summary>
    /// <param name="a">The description.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="checkpoint">Name of the checkpoint, for the first line.</param>
    public static string Of(Architecture a, WeightMap weights, string checkpoint)
    {
        var text = new StringBuilder();
        text.Append($"{checkpoint}\n{a.Family.Title}, {N(weights.Parameters)} parameters\n");
        text.Append($"as defined by {a.Family.Reference}\n");
        Heading(text, "Sizes");
        Entry(text, "d_model", N(a.DModel));
        Entry(text, "blocks", N(a.NLayers));
        Entry(text, "heads", Heads(a));
        Entry(text, "head_dim", N(a.HeadDim));
        Entry(text, "d_ff", N(a.DFf));
        Entry(text, "d_vocab", N(a.DVocab));
        Entry(text, "n_ctx", N(a.NCtx));
        Heading(text, "Block");
        foreach ((string label, string line) in Wiring(a.Wiring)) Entry(text, label, line);
        Entry(text, "norm", Norm(a));
        Entry(text, "attention", string.Create(Invariant, $"causal, softmax({a.AttentionScale:G6} · query·key)"));
        Entry(text, "rotary", Rotary(a));
        Entry(text, "scaling", Scaling(a.Rotary));
        Entry(text, "mlp", a.Mlp == MlpKind.Gated ? "down(act(gate(x)) ⊙ up(x))" : "down(act(up(x)))");
        Entry(text, "activation", Name(a.Activation));
        Entry(text, "biases",
            $"query/key/value {YesNo(a.QkvBias)}, attention out {YesNo(a.AttnOutBias)}, MLP {YesNo(a.MlpBias)}");
        Entry(text, "unembedding", a.TiedUnembedding ? "the embedding (tied)" : "a matrix of its own");
        if (a.Defaults.Count > 0)
        {
            Heading(text, $"Absent from the config; taken from {a.Family.Reference}");
            foreach (ConfigDefault d in a.Defaults) Wrapped(text, "", $"{d.Key} = {d.Value}");
        }
        Heading(text, $"Stored weights: {N(weights.Bytes)} bytes, {N(weights.BlockBytes(0))} of them in block 0");
        foreach (var type in weights.Tensors.GroupBy(tensor => tensor.DType).OrderBy(type => type.Key))
            Entry(text, $"{type.Key}", $"{N(type.Count())} tensors, {N(type.Sum(tensor => tensor.ByteLength))} bytes");
        Tensors(text, a);
        if (weights.Notes.Count > 0) Heading(text, "Notes");
        foreach (string note in weights.Notes) Wrapped(text, "- ", note);
        return text.ToString();
    }

    static string Heads(Architecture a) => a.NKvHeads == a.NHeads
        ? $"{N(a.NHeads)}"
        : $"{N(a.NHeads)} query, {N(a.NKvHeads)} key/value: one for every {N(a.NHeads / a.NKvHeads)}";

    static IEnumerable<(string, string)> Wiring(Wiring wiring) => wiring switch
    {
        Architectures.Wiring.Sequential =>
        [
            ("sequential", "resid_mid  = resid_pre + attn(norm₁(resid_pre))"),
            ("", "resid_post = resid_mid + mlp(norm₂(resid_mid))"),
        ],
        Architectures.Wiring.ParallelTwoNorms =>
            [("parallel", "resid_post = resid_pre + attn(norm₁(resid_pre)) + mlp(norm₂(resid_pre))")],
        _ => throw new InvalidOperationException($"No words for {wiring}."),
    };

    static string Norm(Architecture a)
    {
        string epsilon = a.NormEpsilon.ToString(Invariant).Replace('E', 'e');
        return a.Norm switch
        {
            NormKind.LayerNorm => $"LayerNorm: (x − mean) / √(variance + {epsilon}) · weight" +
                                  (a.Family.Tensors.ContainsKey(WeightRole.AttnNormBias) ? " + bias" : ""),
            NormKind.RmsNorm => $"RMSNorm: x / √(mean of x² + {epsilon}) · weight",
            _ => throw new InvalidOperationException($"No words for {a.Norm}."),
        };
    }

    static string Rotary(Architecture a)
    {
        string pairs = a.Rotary.Pairing switch
        {
            RotaryPairing.HalfSplit => $"(i, i + {N(a.Rotary.Dims / 2)})",
            RotaryPairing.Interleaved => "(2i, 2i + 1)",
            _ => throw new InvalidOperationException($"No words for {a.Rotary.Pairing}."),
        };
        return string.Create(Invariant,
            $"{N(a.Rotary.Dims)} of {N(a.HeadDim)} dimensions of a head, pairs {pairs}, base {a.Rotary.Base}");
    }

    static string Scaling(Rotary rotary) => rotary switch
    {
        { StoredDivisors: { } divisors } => $"frequencies divided by the {N(divisors.Count)} numbers stored in the file",
        { Llama3: { } s } => string.Create(Invariant,
            $"llama3: factor {s.Factor}, low {s.LowFrequencyFactor}, high {s.HighFrequencyFactor}, " +
            $"made for {s.OriginalContext} tokens"),
        _ => "none",
    };

    static string Name(Activation activation) => activation switch
    {
        Activation.GeluErf => "GELU, with the error function",
        Activation.GeluTanh => "GELU, by its tanh approximation",
        Activation.Silu => "SiLU",
        Activation.Relu => "ReLU",
        _ => throw new InvalidOperationException($"No words for {activation}."),
    };

    static void Tensors(StringBuilder text, Architecture a)
    {
        foreach (bool perLayer in new[] { false, true })
        {
            var stored = WeightShapes.Needed(a).Where(role => WeightShapes.IsPerLayer(role) == perLayer)
                .GroupBy(role => a.Family.Tensors[role].Name).ToList();
            string prefix = perLayer ? CommonPrefix([.. stored.Select(tensor => tensor.Key)]) : "";
            Heading(text, perLayer ? $"Tensors of a block, each under {prefix}" : "Tensors of no block");
            int nameWidth = stored.Max(tensor => tensor.Key.Length - prefix.Length);
            foreach (var tensor in stored)
            {
                string name = tensor.Key[prefix.Length..].PadRight(nameWidth);
                text.Append($"  {name}  {StoredShape(a, [.. tensor]),-15} {Roles(a, [.. tensor])}\n");
            }
        }
    }

    static string StoredShape(Architecture a, IReadOnlyList<WeightRole> roles)
    {
        long rows = roles.Sum(role => (long)WeightShapes.Of(a, role).Out);
        return WeightErrors.Shape(WeightShapes.IsVector(roles[0]) ? [rows] : [rows, WeightShapes.Of(a, roles[0]).In]);
    }

    static string Roles(Architecture a, IReadOnlyList<WeightRole> roles) => a.Family.Tensors[roles[0]].Rows switch
    {
        RowOrder.AsStored => $"{roles[0]}",
        RowOrder.InterleavedPairs => $"{roles[0]}, pairs interleaved",
        RowOrder.FusedByHeadQuery => WeightShapes.IsVector(roles[0]) ? "[head][q|k|v] biases" : "[head][q|k|v] rows",
        var order => throw new InvalidOperationException($"No words for {order}."),
    };

    static string CommonPrefix(IReadOnlyList<string> names)
    {
        int n = names.Min(name => name.Length);
        while (names.Any(name => !name.StartsWith(names[0][..n], StringComparison.Ordinal))) n--;
        return names[0][..(names[0][..n].LastIndexOf('.') + 1)];
    }

    static void Heading(StringBuilder text, string heading) => text.Append($"\n{heading}\n");

    static void Entry(StringBuilder text, string label, string value) =>
        Wrapped(text, label.PadRight(LabelWidth - Indent), value);

    /// <summary>Words broken over lines, later lines under the first word.</summary>
    static void Wrapped(StringBuilder text, string label, string value)
    {
        string start = new string(' ', Indent) + label;
        int column = start.Length;
        text.Append(start);
        bool first = true;
        foreach (string word in value.Split(' '))
        {
            if (!first && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', start.Length);
                column = start.Length;
                first = true;
            }
            text.Append(first ? "" : " ").Append(word);
            column += word.Length + (first ? 0 : 1);
            first = false;
        }
        text.Append('\n');
    }

    static string YesNo(bool value) => value ? "yes" : "no";

    static string N(long n) => n.ToString("N0", Invariant);
}

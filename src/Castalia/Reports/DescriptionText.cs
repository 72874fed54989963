using System.Globalization;
using System.Text;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Wording;

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
        text.Append($"{Printable.Of(checkpoint)}\n{a.Family.Title}, {N(weights.Parameters)} parameters\n");
        text.Append($"as defined by {a.Family.Reference}\n");
        Heading(text, "Sizes");
        Entry(text, "d_model", N(a.DModel));
        Entry(text, "blocks", N(a.NLayers));
        Entry(text, "heads", Heads(a));
        Entry(text, "head_dim", N(a.HeadDim));
        Entry(text, "d_ff", N(a.DFf));
        Entry(text, "d_vocab", N(a.DVocab));
        Entry(text, "n_ctx", a.NCtx == int.MaxValue ? "no limit" : N(a.NCtx));
        Heading(text, "Block");
        foreach ((string label, string line) in Wiring(a)) Entry(text, label, line);
        Entry(text, "norm", Norm(a));
        foreach ((string label, string line) in AttentionText.Of(a)) Entry(text, label, line);
        foreach ((string label, string line) in PositionsText.Of(a)) Entry(text, label, line);
        Entry(text, "mlp", Mlp(a));
        Entry(text, "activation", Activation(a));
        Entry(text, "biases",
            $"query/key/value {YesNo(a.QkvBias)}, attention out {YesNo(a.AttnOutBias)}, MLP {YesNo(a.MlpBias)}");
        if (Embedding(a) is { } embedding) Entry(text, "embedding", embedding);
        Entry(text, "unembedding", Unembedding(a));
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

    static IEnumerable<(string, string)> Wiring(Architecture a)
    {
        (string attn, string mlp) = a.NormPlacement switch
        {
            NormPlacement.Before => ("attn(norm₁({0}))", "mlp(norm₂({0}))"),
            NormPlacement.After => ("norm₁(attn({0}))", "norm₂(mlp({0}))"),
            NormPlacement.BeforeAndAfter => ("norm₂(attn(norm₁({0})))", "norm₄(mlp(norm₃({0})))"),
            _ => throw new InvalidOperationException($"No words for {a.NormPlacement}."),
        };
        string factor = a.ResidualScale == 1 ? "" : string.Create(Invariant, $"{a.ResidualScale:G6} · ");
        string Attn(string x) => factor + attn.Replace("{0}", x, StringComparison.Ordinal);
        string Mlp(string x) => factor + mlp.Replace("{0}", x, StringComparison.Ordinal);
        return a.Wiring switch
        {
            Architectures.Wiring.Sequential =>
            [
                ("sequential", $"resid_mid  = resid_pre + {Attn("resid_pre")}"),
                ("", $"resid_post = resid_mid + {Mlp("resid_mid")}"),
            ],
            Architectures.Wiring.ParallelTwoNorms =>
                [("parallel", $"resid_post = resid_pre + {Attn("resid_pre")} + {Mlp("resid_pre")}")],
            Architectures.Wiring.ParallelOneNorm =>
                [("parallel", $"resid_post = resid_pre + {factor}attn(x) + {factor}mlp(x), x = norm(resid_pre): one norm for both")],
            _ => throw new InvalidOperationException($"No words for {a.Wiring}."),
        };
    }

    static string Norm(Architecture a)
    {
        string epsilon = a.NormEpsilon.ToString(Invariant).Replace('E', 'e');
        bool hasWeight = a.Tensors.ContainsKey(WeightRole.FinalNorm);
        string weight = !hasWeight ? ", no weight" : a.NormWeightPlusOne ? " · (1 + weight)" : " · weight";
        return a.Norm switch
        {
            NormKind.LayerNorm => $"LayerNorm: (x − mean) / √(variance + {epsilon}){weight}" +
                                  (a.Tensors.ContainsKey(WeightRole.FinalNormBias) ? " + bias" : ""),
            NormKind.RmsNorm => $"RMSNorm: x / √(mean of x² + {epsilon}){weight}",
            _ => throw new InvalidOperationException($"No words for {a.Norm}."),
        };
    }

    static string Mlp(Architecture a) => a.Mlp switch
    {
        MlpKind.Plain => "down(act(up(x)))",
        MlpKind.Gated => "down(act(gate(x)) ⊙ up(x))",
        MlpKind.Mixture => $"{N(a.Mixture!.PerToken)} of {N(a.Mixture.Experts)} experts, those that softmax(router(x)) rates highest, each " +
                           "down(act(gate(x)) ⊙ up(x)), weighted by their rates, made to sum to 1",
        _ => throw new InvalidOperationException($"No words for {a.Mlp}."),
    };

    static string? Embedding(Architecture a)
    {
        var parts = new List<string>();
        if (a.EmbeddingScale != 1)
            parts.Add(a.EmbeddingScale == Math.Sqrt(a.DModel) ? "times √d_model" : string.Create(Invariant, $"times {a.EmbeddingScale:G6}"));
        if (a.Tensors.ContainsKey(WeightRole.EmbeddingNorm)) parts.Add($"through a {(a.Norm == NormKind.LayerNorm ? "LayerNorm" : "RMSNorm")} of its own");
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    static string Unembedding(Architecture a)
    {
        string text = a.TiedUnembedding ? "the embedding (tied)" : "a matrix of its own";
        if (a.UnembeddingBias) text += ", with a bias";
        if (a.LogitScale != 1) text += string.Create(Invariant, $"; logits times {a.LogitScale:G6}");
        if (a.LogitSoftcap is { } cap) text += string.Create(Invariant, $"; logits capped: {cap:G6}·tanh(x/{cap:G6})");
        return text;
    }

    static string Activation(Architecture a) => ActivationNames.Spoken(a.Activation) +
        (a.StatedActivation is { } stated && stated != a.Activation ? $" in place of {ActivationNames.Spoken(stated)}" : "");

    static void Tensors(StringBuilder text, Architecture a)
    {
        foreach (bool perLayer in new[] { false, true })
        {
            var stored = WeightShapes.Needed(a).Where(role => WeightShapes.IsPerLayer(role) == perLayer)
                .GroupBy(role => a.Tensors[role].Name).ToList();
            string prefix = perLayer ? TensorPrefix.Of([.. stored.Select(tensor => tensor.Key)]) : "";
            Heading(text, perLayer ? $"Tensors of a block, each under {prefix}{Part(a, stored.SelectMany(roles => roles))}" : "Tensors of no block");
            int nameWidth = stored.Max(tensor => tensor.Key.Length - prefix.Length);
            int shapeWidth = stored.Max(tensor => StoredShape(a, [.. tensor]).Length);
            foreach (var tensor in stored)
            {
                string name = tensor.Key[prefix.Length..].PadRight(nameWidth);
                text.Append($"  {name}  {StoredShape(a, [.. tensor]).PadRight(shapeWidth)}  {Roles(a, [.. tensor])}\n");
            }
        }
    }

    static string Part(Architecture a, IEnumerable<WeightRole> roles) =>
        roles.Where(role => a.Tensors[role].InParts).Select(role => WeightShapes.IsPerExpert(a, role) ? " ({part}: an expert)" : " ({part}: a head)")
            .FirstOrDefault("");

    static string StoredShape(Architecture a, IReadOnlyList<WeightRole> roles) => WeightErrors.Shape(WeightShapes.Stored(a, roles));

    static string Roles(Architecture a, IReadOnlyList<WeightRole> roles)
    {
        TensorSlot slot = a.Tensors[roles[0]];
        string kind = WeightShapes.IsVector(roles[0]) ? "biases" : slot.Transposed ? "columns" : "rows";
        string text = slot.Rows switch
        {
            RowOrder.AsStored => $"{roles[0]}",
            RowOrder.InterleavedPairs => $"{roles[0]}, pairs interleaved",
            RowOrder.FusedByGroupQuery => (a.NHeads == a.NKvHeads ? "[head][q|k|v] " : "[group][q…|k|v] ") + kind,
            RowOrder.FusedInTurnQuery => $"[q|k|v] {kind}",
            RowOrder.FusedInQuartersQuery => $"[quarter][q|v|k] {kind}",
            RowOrder.FusedGate => $"[gate|up] {kind}",
            var order => throw new InvalidOperationException($"No words for {order}."),
        };
        return slot.Transposed && slot.Rows == RowOrder.AsStored ? text + ", [in × out]" : text;
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
        foreach (string word in Printable.Of(value).Split(' '))
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

using static System.FormattableString;
using static Castalia.Architectures.FamilyWords;

namespace Castalia.Architectures;

/// <summary>What a block of a model computes, in words and formulae; what it lacks is left out.</summary>
static class BlockFormulae
{
    /// <summary>Label and line; a line without a label goes on with the one before.</summary>
    public static IEnumerable<(string, string)> Of(Architecture a) =>
    [
        .. Wiring(a), ("norm", Norm(a)), .. Attention(a), .. PositionFormulae.Of(a), ("mlp", Mlp(a)), ("activation", Activation(a)),
        ("biases", $"query/key/value {YesNo(a.QkvBias)}, attention out {YesNo(a.AttnOutBias)}, MLP {YesNo(a.MlpBias)}"),
        .. Embedding(a).ToArray() is { Length: > 0 } embedding ? [("embedding", string.Join(", ", embedding))] : Array.Empty<(string, string)>(),
        ("unembedding", Unembedding(a)),
    ];

    static IEnumerable<(string, string)> Wiring(Architecture a)
    {
        string factor = a.ResidualScale == 1 ? "" : Invariant($"{a.ResidualScale:G6} · ");
        return a.Wiring switch
        {
            Architectures.Wiring.Sequential => [("sequential", $"resid_mid  = resid_pre + {Attn("resid_pre")}"), ("", $"resid_post = resid_mid + {Mlp("resid_mid")}")],
            Architectures.Wiring.ParallelTwoNorms => [("parallel", $"resid_post = resid_pre + {Attn("resid_pre")} + {Mlp("resid_pre")}")],
            Architectures.Wiring.ParallelOneNorm => [("parallel", $"resid_post = resid_pre + {factor}attn(x) + {factor}mlp(x), x = norm(resid_pre): one norm for both")],
            _ => throw NoWords(a.Wiring),
        };

        string Attn(string x) => factor + a.NormPlacement switch
        {
            NormPlacement.Before => $"attn(norm₁({x}))",
            NormPlacement.After => $"norm₁(attn({x}))",
            NormPlacement.BeforeAndAfter => $"norm₂(attn(norm₁({x})))",
            _ => throw NoWords(a.NormPlacement),
        };

        string Mlp(string x) => factor + a.NormPlacement switch
        {
            NormPlacement.Before => $"mlp(norm₂({x}))",
            NormPlacement.After => $"norm₂(mlp({x}))",
            NormPlacement.BeforeAndAfter => $"norm₄(mlp(norm₃({x})))",
            _ => throw NoWords(a.NormPlacement),
        };
    }

    static string Norm(Architecture a)
    {
        string weight = !a.Tensors.ContainsKey(WeightRole.FinalNorm) ? ", no weight" : a.NormWeightPlusOne ? " · (1 + weight)" : " · weight";
        return a.Norm switch
        {
            NormKind.LayerNorm => $"LayerNorm: (x − mean) / √(variance + {Number(a.NormEpsilon)}){weight}{(a.Tensors.ContainsKey(WeightRole.FinalNormBias) ? " + bias" : "")}",
            NormKind.RmsNorm => $"RMSNorm: x / √(mean of x² + {Number(a.NormEpsilon)}){weight}",
            _ => throw NoWords(a.Norm),
        };
    }

    static IEnumerable<(string, string)> Attention(Architecture a)
    {
        string scale = Invariant($"{a.AttentionScale:G6}") + (a.AttentionScaleByBlock ? "/(ℓ + 1)" : "");
        string scores = a.AttentionScale == 1 && !a.AttentionScaleByBlock ? "query·key" : $"{scale} · query·key";
        if (a.AttentionSoftcap is { } cap) scores = Invariant($"{cap:G6}·tanh({scores}/{cap:G6})");
        yield return ("attention", $"causal, softmax({scores})" + (a.AttentionScaleByBlock ? " in block ℓ, from 0" : ""));
        if (a.Windows is not null) yield return ("window", Windows(a.Windows));
        if (a.ClipQkv is { } bound) yield return ("bound", Invariant($"query, key, value held to [−{bound:G6}, {bound:G6}]"));
        if (a.QkNorm != QkNorm.None)
            yield return ("q/k norm", a.QkNorm switch
            {
                QkNorm.EachHead => "each head of query and key by itself, one weight for all",
                QkNorm.EachHeadOwnWeight => "each head of query and key by itself, a weight for each",
                QkNorm.AllHeads => "all heads of query, and all of key, as one vector",
                _ => throw NoWords(a.QkNorm),
            });
    }

    /// <summary>All alike, or the blocks that have one, as in "0–4, 6–10".</summary>
    static string Windows(IReadOnlyList<int?> windows)
    {
        int[] blocks = [.. Enumerable.Range(0, windows.Count).Where(layer => windows[layer] is not null)];
        string size = $"the last {windows[blocks[0]]!.Value:N0} positions, its own included, in";
        // Blocks in a row have the same distance to their place in the list.
        var runs = blocks.Index().GroupBy(block => block.Item - block.Index, block => block.Item).Select(run => run.Count() == 1 ? $"{run.First()}" : $"{run.First()}–{run.Last()}");
        return blocks.Length == windows.Count ? $"{size} every block" : $"{size} blocks {string.Join(", ", runs)} (from 0)";
    }

    static string Mlp(Architecture a) => a.Mlp switch
    {
        MlpKind.Plain => "down(act(up(x)))",
        MlpKind.Gated => "down(act(gate(x)) ⊙ up(x))",
        MlpKind.Mixture => $"{a.Mixture!.PerToken:N0} of {a.Mixture.Experts:N0} experts, those that softmax(router(x)) rates highest, each " +
            "down(act(gate(x)) ⊙ up(x)), weighted by their rates, made to sum to 1",
        _ => throw NoWords(a.Mlp),
    };

    static string Activation(Architecture a) => ActivationNames.Spoken(a.Activation) +
        (a.StatedActivation is { } stated && stated != a.Activation ? $" in place of {ActivationNames.Spoken(stated)}" : "");

    static IEnumerable<string> Embedding(Architecture a)
    {
        if (a.EmbeddingScale != 1) yield return a.EmbeddingScale == Math.Sqrt(a.DModel) ? "times √d_model" : Invariant($"times {a.EmbeddingScale:G6}");
        if (a.Tensors.ContainsKey(WeightRole.EmbeddingNorm)) yield return $"through a {Word(a.Norm)} of its own";
    }

    static string Unembedding(Architecture a) =>
        (a.TiedUnembedding ? "the embedding (tied)" : "a matrix of its own") + (a.UnembeddingBias ? ", with a bias" : "") +
        (a.LogitScale != 1 ? Invariant($"; logits times {a.LogitScale:G6}") : "") +
        (a.LogitSoftcap is { } cap ? Invariant($"; logits capped: {cap:G6}·tanh(x/{cap:G6})") : "");

    static string YesNo(bool value) => value ? "yes" : "no";
}

using System.Globalization;
using Castalia.Architectures;

namespace Castalia.Reports;

/// <summary>Attention in words.</summary>
static class AttentionText
{
    static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Label and line; what a model lacks is left out.</summary>
    public static IEnumerable<(string, string)> Of(Architecture a)
    {
        string scale = string.Create(Invariant, $"{a.AttentionScale:G6}") + (a.AttentionScaleByBlock ? "/(ℓ + 1)" : "");
        string scores = a.AttentionScale == 1 && !a.AttentionScaleByBlock ? "query·key" : $"{scale} · query·key";
        if (a.AttentionSoftcap is { } cap) scores = string.Create(Invariant, $"{cap:G6}·tanh({scores}/{cap:G6})");
        yield return ("attention", $"causal, softmax({scores})" + (a.AttentionScaleByBlock ? " in block ℓ, from 0" : ""));
        if (a.Windows is not null) yield return ("window", Windows(a.Windows));
        if (a.ClipQkv is { } bound) yield return ("bound", string.Create(Invariant, $"query, key, value held to [−{bound:G6}, {bound:G6}]"));
        if (a.QkNorm != QkNorm.None) yield return ("q/k norm", Norm(a.QkNorm));
    }

    static string Norm(QkNorm norm) => norm switch
    {
        QkNorm.EachHead => "each head of query and key by itself, one weight for all",
        QkNorm.EachHeadOwnWeight => "each head of query and key by itself, a weight for each",
        QkNorm.AllHeads => "all heads of query, and all of key, as one vector",
        _ => throw new InvalidOperationException($"No words for {norm}."),
    };

    /// <summary>All alike, or the blocks that have one.</summary>
    static string Windows(IReadOnlyList<int?> windows)
    {
        int[] blocks = [.. Enumerable.Range(0, windows.Count).Where(layer => windows[layer] is not null)];
        string size = $"the last {windows[blocks[0]]!.Value.ToString("N0", Invariant)} positions, its own included, in";
        return blocks.Length == windows.Count ? $"{size} every block" : $"{size} blocks {Runs(blocks)} (from 0)";
    }

    static string Runs(int[] blocks)
    {
        var runs = new List<string>();
        for (int i = 0; i < blocks.Length;)
        {
            int end = i;
            while (end + 1 < blocks.Length && blocks[end + 1] == blocks[end] + 1) end++;
            runs.Add(end == i ? $"{blocks[i]}" : $"{blocks[i]}–{blocks[end]}");
            i = end + 1;
        }
        return string.Join(", ", runs);
    }
}

/// <summary>How positions enter, in words.</summary>
static class PositionsText
{
    static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Label and line.</summary>
    public static IEnumerable<(string, string)> Of(Architecture a)
    {
        if (a.LearnedPositions is { Offset: var offset })
            yield return ("positions", "a learned vector of each is added to the embedding" + (offset == 0 ? "" : $", the first from row {offset}"));
        if (a.Alibi is { } alibi)
            yield return ("positions", $"a penalty on distance (ALiBi): slope {Slopes(alibi, a.NHeads)}" +
                (alibi.InBFloat16 ? ", rounded to bfloat16" : "") + (alibi.Scaled ? ", scaled as the scores" : "") + (alibi.Times == 1 ? "" : $", counted {alibi.Times} times"));
        if (a.Rotary is not { } rotary) yield break;
        yield return ("rotary", Rotary(rotary, a));
        yield return ("scaling", Scaling(rotary));
        if (a.WindowedRotary is not { } windowed) yield break;
        yield return ("in windows", Rotary(windowed, a));
        if (windowed.Scaling is not null) yield return ("", Scaling(windowed));
    }

    /// <summary>One formula where the heads are a power of two in number, else two (<see cref="Alibi"/>).</summary>
    static string Slopes(Alibi alibi, int nHeads)
    {
        int power = 1;
        while (power * 2 <= nHeads) power *= 2;
        string of = string.Create(Invariant, $"2^(−{alibi.MaxBias:G6}·(h + 1)/{power})");
        return power == nHeads
            ? $"{of} of head h"
            : $"{of} of head h below {power}, " + string.Create(Invariant, $"2^(−{alibi.MaxBias:G6}·(2(h − {power}) + 1)/{2 * power}) from there");
    }

    static string Rotary(Rotary rotary, Architecture a)
    {
        string pairs = rotary.Pairing switch
        {
            RotaryPairing.HalfSplit => string.Create(Invariant, $"(i, i + {rotary.Dims / 2:N0})"),
            RotaryPairing.Interleaved => "(2i, 2i + 1)",
            _ => throw new InvalidOperationException($"No words for {rotary.Pairing}."),
        };
        return string.Create(Invariant, $"{rotary.Dims:N0} of {a.HeadDim:N0} dimensions of a head, pairs {pairs}, base {rotary.Base}");
    }

    static string Scaling(Rotary rotary)
    {
        if (rotary.StoredDivisors is { } divisors) return $"frequencies divided by the {divisors.Count} numbers stored in the file";
        return rotary.Scaling switch
        {
            null => "none",
            RotaryScaling.Linear s => string.Create(Invariant, $"linear: frequencies divided by {s.Factor}"),
            RotaryScaling.Dynamic s => string.Create(Invariant,
                $"dynamic: factor {s.Factor}; the base grows with prompts above {s.OriginalContext} tokens"),
            RotaryScaling.Yarn s => string.Create(Invariant,
                $"yarn: factor {s.Factor}, beta {s.BetaFast} to {s.BetaSlow}, cosines and sines times {s.AttentionFactor:G6}, ") +
                string.Create(Invariant, $"made for {s.OriginalContext} tokens"),
            RotaryScaling.Llama3 s => string.Create(Invariant,
                $"llama3: factor {s.Factor}, low {s.LowFrequencyFactor}, high {s.HighFrequencyFactor}, made for {s.OriginalContext} tokens"),
            var other => throw new InvalidOperationException($"No words for {other}."),
        };
    }
}

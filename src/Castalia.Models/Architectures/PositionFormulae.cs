using static System.FormattableString;
using static Castalia.Architectures.FamilyWords;

namespace Castalia.Architectures;

/// <summary>How positions enter a model, in words and formulae.</summary>
static class PositionFormulae
{
    /// <summary>Label and line; a line without a label goes on with the one before.</summary>
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
        string of = Invariant($"2^(−{alibi.MaxBias:G6}·(h + 1)/{power})");
        return power == nHeads
            ? $"{of} of head h"
            : $"{of} of head h below {power}, " + Invariant($"2^(−{alibi.MaxBias:G6}·(2(h − {power}) + 1)/{2 * power}) from there");
    }

    static string Rotary(Rotary rotary, Architecture a)
    {
        string pairs = rotary.Pairing switch
        {
            RotaryPairing.HalfSplit => Invariant($"(i, i + {rotary.Dims / 2:N0})"),
            RotaryPairing.Interleaved => "(2i, 2i + 1)",
            _ => throw NoWords(rotary.Pairing),
        };
        return Invariant($"{rotary.Dims:N0} of {a.HeadDim:N0} dimensions of a head, pairs {pairs}, base {rotary.Base}");
    }

    static string Scaling(Rotary rotary) => rotary switch
    {
        { StoredDivisors: { } divisors } => $"frequencies divided by the {divisors.Count} numbers stored in the file",
        { Scaling: null } => "none",
        { Scaling: RotaryScaling.Linear s } => Invariant($"linear: frequencies divided by {s.Factor}"),
        { Scaling: RotaryScaling.Dynamic s } => Invariant($"dynamic: factor {s.Factor}; the base grows with prompts above {s.OriginalContext} tokens"),
        { Scaling: RotaryScaling.Yarn s } => Invariant(
            $"yarn: factor {s.Factor}, beta {s.BetaFast} to {s.BetaSlow}, cosines and sines times {s.AttentionFactor:G6}, made for {s.OriginalContext} tokens"),
        { Scaling: RotaryScaling.Llama3 s } => Invariant(
            $"llama3: factor {s.Factor}, low {s.LowFrequencyFactor}, high {s.HighFrequencyFactor}, made for {s.OriginalContext} tokens"),
        _ => throw NoWords(rotary.Scaling),
    };
}

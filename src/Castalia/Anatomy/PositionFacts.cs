using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using Castalia.Architectures;
using static Castalia.Anatomy.DescriptionFacts;

namespace Castalia.Anatomy;

/// <summary>How positions enter: rotary embedding with all that changes it, a penalty on distance, a learned table.</summary>
static class PositionFacts
{
    const string Kind = "positions";

    public static IEnumerable<Fact> Of(Architecture a)
    {
        string[] kinds = [.. new[] { a.Rotary is null ? null : "rotary", a.Alibi is null ? null : "penalty on distance", a.LearnedPositions is null ? null : "learned" }.OfType<string>()];
        return
        [
            Fact(Kind, "how positions enter", FactGroup.Positions, kinds.Length == 0 ? null : string.Join(" and ", kinds)),
            Fact("position_offset", "row of the learned table that position 0 takes", FactGroup.Positions, (long?)a.LearnedPositions?.Offset) with { Within = Kind },
            Fact("alibi_max_bias", "exponent of the last slope", FactGroup.Positions, a.Alibi?.MaxBias) with { Within = Kind },
            Fact("alibi_scaled", "the penalty is scaled as scores are", FactGroup.Positions, a.Alibi?.Scaled) with { Within = Kind },
            Fact("alibi_times", "how often the penalty is added", FactGroup.Positions, (long?)a.Alibi?.Times) with { Within = Kind },
            Fact("alibi_bfloat16", "the penalty is rounded to bfloat16", FactGroup.Positions, a.Alibi?.InBFloat16) with { Within = Kind },
            .. Rotary("rotary", "", a.Rotary, a.Family.Rotary, a.HeadDim, Kind),
            Fact("windowed_rotary", "windowed blocks turn otherwise", FactGroup.Positions, a.WindowedRotary is not null),
            .. Rotary("windowed_rotary", ", windowed blocks", a.WindowedRotary, a.Family.WindowedRotary, a.HeadDim, "windowed_rotary"),
        ];
    }

    static IEnumerable<Fact> Rotary(string key, string where, Rotary? rotary, RotaryRule? rule, int headDim, string within)
    {
        bool statesDims = rule?.Dims is not null;
        return
        [
            Fact($"{key}_fraction", $"share of a head that turns{where}", FactGroup.Positions, rotary is null ? null : rotary.Dims / (double)headDim) with
            {
                Within = within, Follows = When(statesDims, $"{key}_dims / head_dim", $"{key}_dims", "head_dim"),
            },
            Fact($"{key}_dims", $"dimensions of a head that turn{where}", FactGroup.Positions, (long?)rotary?.Dims) with
            {
                Within = within, Follows = When(rotary is not null, $"{key}_fraction · head_dim", $"{key}_fraction", "head_dim"),
            },
            Fact($"{key}_pairing", $"which dimensions turn together{where}", FactGroup.Positions, rotary is null ? null : Word(rotary.Pairing)) with { Within = within },
            Fact($"{key}_base", $"base of the angles{where}", FactGroup.Positions, rotary?.Base) with { Within = within },
            Fact($"{key}_divisors", $"stored divisors of the frequencies{where}", FactGroup.Positions, rotary?.StoredDivisors is { } d ? string.Join(' ', d.Select(Number)) : null) with
            {
                Within = within,
            },
            Fact($"{key}_scaling", $"how frequencies are stretched{where}", FactGroup.Positions, rotary is null ? null : Type(rotary.Scaling)) with { Within = within },
            .. Scaling(key, where, rotary?.Scaling),
        ];
    }

    /// <summary>Every number of every kind of scaling, those that a kind lacks as null: a further number of a kind is here by itself.</summary>
    static IEnumerable<Fact> Scaling(string key, string where, RotaryScaling? scaling)
    {
        foreach (var numbers in Numbers)
        {
            object? value = numbers.FirstOrDefault(property => property.DeclaringType == scaling?.GetType())?.GetValue(scaling);
            string name = Snake(numbers.Key);
            yield return Fact($"{key}_scaling_{name}", $"{name.Replace('_', ' ')} of the stretching{where}", FactGroup.Positions, value is int n ? (long)n : value) with
            {
                Within = $"{key}_scaling",
                Follows = When(
                    scaling is RotaryScaling.Yarn yarn && numbers.Key == nameof(yarn.AttentionFactor) &&
                    yarn.AttentionFactor == RotaryScalingReader.Amplitude(yarn.Factor, 1), "0.1·ln(factor) + 1", $"{key}_scaling_factor"),
            };
        }
    }

    /// <summary>Numbers of every kind of scaling. The kinds are named one by one: what a native command finds by reflection must be known when it is made.</summary>
    internal static IReadOnlyList<PropertyInfo> ScalingNumbers { get; } = [.. Own<RotaryScaling.Linear>(), .. Own<RotaryScaling.Dynamic>(), .. Own<RotaryScaling.Yarn>(), .. Own<RotaryScaling.Llama3>()];

    static readonly IGrouping<string, PropertyInfo>[] Numbers = [.. ScalingNumbers.GroupBy(property => property.Name).OrderBy(group => group.Key, StringComparer.Ordinal)];

    static PropertyInfo[] Own<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>() where T : RotaryScaling =>
        typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    static string Type(RotaryScaling? scaling) => scaling is null ? "none" : Snake(scaling.GetType().Name);

    /// <summary>OriginalContext → original_context.</summary>
    static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }

    static string Number(float value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    static string Word(RotaryPairing pairing) => pairing switch
    {
        RotaryPairing.HalfSplit => "halves",
        RotaryPairing.Interleaved => "interleaved",
        _ => throw new ArgumentOutOfRangeException(nameof(pairing), pairing, null),
    };
}

using System.Globalization;

namespace Castalia.Architectures;

/// <summary>What a family's description holds, in words.</summary>
static class FamilyWords
{
    /// <summary>What a family does not have.</summary>
    public const string Absent = "–";

    static readonly Dictionary<Enum, string> Words = new()
    {
        [Wiring.Sequential] = "sequential",
        [Wiring.ParallelTwoNorms] = "parallel with two norms",
        [Wiring.ParallelOneNorm] = "parallel with one norm",
        [NormKind.LayerNorm] = "LayerNorm",
        [NormKind.RmsNorm] = "RMSNorm",
        [NormPlacement.Before] = "before attention, MLP",
        [NormPlacement.After] = "after attention, MLP",
        [NormPlacement.BeforeAndAfter] = "before and after them",
        [RotaryPairing.HalfSplit] = "(i, i + R/2)",
        [RotaryPairing.Interleaved] = "(2i, 2i + 1)",
        [QkNorm.None] = Absent,
        [QkNorm.EachHead] = "each head, one weight",
        [QkNorm.EachHeadOwnWeight] = "each head, own weight",
        [QkNorm.AllHeads] = "all heads as one",
        [MlpKind.Plain] = "plain",
        [MlpKind.Gated] = "gated",
        [MlpKind.Mixture] = "gated experts",
        [ConfigKind.HuggingFace] = "config.json",
        [ConfigKind.Gguf] = "GGUF metadata",
        // Of queries, keys and values.
        [RowOrder.AsStored] = "three tensors",
        [RowOrder.InterleavedPairs] = "three, rotary pairs interleaved",
        [RowOrder.FusedByGroupQuery] = "one, [group][q…|k|v]",
        [RowOrder.FusedInTurnQuery] = "one, [q|k|v]",
        [RowOrder.FusedInQuartersQuery] = "one, [quarter][q|v|k]",
    };

    /// <summary>The words of a value.</summary>
    public static string Word(Enum value) => Words.TryGetValue(value, out string? words) ? words : throw NoWords(value);

    /// <summary>yes, no, or what decides.</summary>
    public static string Answer(Flag flag) => flag is Flag.Always { Value: var always } ? always ? "yes" : "no" : $"if {Condition(flag)}";

    /// <summary>When a flag holds.</summary>
    public static string Condition(Flag flag) => flag switch
    {
        Flag.Always { Value: var always } => always ? "always" : "never",
        Flag.ByKey key => $"{key.Name} (default {(key.Default ? "true" : "false")})",
        Flag.ByTensor tensor => $"the {Role(tensor.Role)} is {(tensor.WhenStored ? "" : "not ")}stored",
        Flag.ByAnyTensor any => $"{string.Join(" or ", any.Roles.Select(Role))} is stored in any block",
        Flag.ByName named => $"{named.Name} is stored",
        Flag.Unless unless => $"not {Condition(unless.Other)}",
        Flag.All all => string.Join(" and ", all.Each.Select(Condition)),
        _ => throw NoWords(flag),
    };

    /// <summary>The value, or which of them and when.</summary>
    public static string Of<T>(Choice<T> choice) where T : struct, Enum => choice switch
    {
        Choice<T>.Always always => Word(always.Value),
        Choice<T>.By by => $"{Part(by.IfTrue)} if {Condition(by.Flag)}, else {Part(by.IfFalse)}",
        _ => throw NoWords(choice),
    };

    static string Part<T>(Choice<T> choice) where T : struct, Enum => choice is Choice<T>.By ? $"({Of(choice)})" : Of(choice);

    /// <summary>A number that a model has: a constant, stated, or what it is where it is not stated.</summary>
    public static string Number(NumberKey key, string missing = "as stated") =>
        key.Default is not { } value ? missing : key.Names.Count == 0 ? Number(value) : $"{Number(value)} unless stated";

    /// <summary>A number that a model may lack.</summary>
    public static string Optional(NumberKey? key) => key is null ? Absent : Number(key, "if stated");

    /// <summary>As config files write it: 0.0625, 1e-05, 10000.</summary>
    public static string Number(double value) => value.ToString(CultureInfo.InvariantCulture).Replace('E', 'e');

    /// <summary>A value that nobody has put into words.</summary>
    public static InvalidOperationException NoWords(object value) => new($"No words for {value}.");

    /// <summary>A role as two or three small words: MlpNorm is MLP norm.</summary>
    static string Role(WeightRole role)
    {
        string spaced = string.Concat($"{role}".Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
        return spaced.StartsWith("Mlp", StringComparison.Ordinal) ? "MLP" + spaced[3..]
            : spaced.StartsWith("Attn", StringComparison.Ordinal) ? "attention" + spaced[4..]
            : char.ToLowerInvariant(spaced[0]) + spaced[1..];
    }
}

using System.Globalization;
using Castalia.Architectures;

namespace Castalia.Reports;

/// <summary>Flags, choices and keys of a family's description in words.</summary>
static class FamilyWords
{
    static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>What a family does not have.</summary>
    public const string Absent = "–";

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
        _ => throw new InvalidOperationException($"No words for {flag}."),
    };

    /// <summary>The value, or which of them and when.</summary>
    public static string Of<T>(Choice<T> choice, Func<T, string> word) => choice switch
    {
        Choice<T>.Always always => word(always.Value),
        Choice<T>.By by => $"{Part(by.IfTrue, word)} if {Condition(by.Flag)}, else {Part(by.IfFalse, word)}",
        _ => throw new InvalidOperationException($"No words for {choice}."),
    };

    static string Part<T>(Choice<T> choice, Func<T, string> word) => choice is Choice<T>.By ? $"({Of(choice, word)})" : Of(choice, word);

    /// <summary>A number that a model has: a constant, stated, or what it is where it is not stated.</summary>
    public static string Number(NumberKey key, string unit = "", string missing = "as stated") => (key.Default, key.Names.Count) switch
    {
        (null, _) => missing,
        ({ } value, 0) => Number(value) + unit,
        ({ } value, _) => $"{Number(value)}{unit} unless stated",
    };

    /// <summary>A number that a model may lack.</summary>
    public static string Optional(NumberKey? key, string unit = "") => key is null ? Absent : Number(key, unit, "if stated");

    /// <summary>As config files write it: 0.0625, 1e-05, 10000.</summary>
    public static string Number(double value) => value.ToString(Invariant).Replace('E', 'e');

    /// <summary>A role as two or three small words: MlpNorm is MLP norm.</summary>
    public static string Role(WeightRole role)
    {
        string spaced = string.Concat($"{role}".Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
        return spaced.StartsWith("Mlp", StringComparison.Ordinal) ? "MLP" + spaced[3..]
            : spaced.StartsWith("Attn", StringComparison.Ordinal) ? "attention" + spaced[4..]
            : char.ToLowerInvariant(spaced[0]) + spaced[1..];
    }
}

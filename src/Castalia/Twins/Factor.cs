using System.Globalization;
using Castalia.Errors;
using Castalia.YamlFiles;

namespace Castalia.Twins;

/// <summary>Something that two networks can differ in.</summary>
/// <param name="Name">Its key in a plan.</param>
/// <param name="Values">What it can be, for people.</param>
/// <param name="What">What it is, for people.</param>
/// <param name="Type">SQL type of its values: VARCHAR where a word can stand for none.</param>
/// <param name="Set">A recipe with a value of it.</param>
/// <param name="Of">What it is in a network: text, truth, whole or real number, of one form whatever the plan writes, and as things are where the plan says nothing.</param>
sealed record Factor(string Name, string Values, string What, string Type, Func<TwinRecipe, ScalarText, TwinRecipe> Set, Func<Twin, object> Of)
{
    /// <summary>A whole number of a range.</summary>
    public static Factor Whole(string name, int least, int most, string what, Func<TwinRecipe, int, TwinRecipe> set, Func<Twin, long> of) => new(
        name, FormattableString.Invariant($"{least} to {most}"), what, "BIGINT", (recipe, text) => set(recipe, WholeOf(name, text, least, most)), twin => of(twin));

    /// <summary>A number of a range.</summary>
    public static Factor Number(string name, double least, double most, string what, Func<TwinRecipe, double, TwinRecipe> set, Func<Twin, double> of) => new(
        name, Range(least, most), what, "DOUBLE", (recipe, text) => set(recipe, NumberOf(name, text, least, most)), twin => of(twin));

    /// <summary>A number of a range, or a word for none.</summary>
    public static Factor NumberOr(string name, string none, double least, double most, string what, Func<TwinRecipe, double?, TwinRecipe> set, Func<Twin, double?> of) => new(
        name, $"{none}, or {Range(least, most)}", what, "VARCHAR", (recipe, text) => set(recipe, text.Value == none ? null : NumberOf(name, text, least, most)),
        twin => of(twin) is { } number ? TwinColumn.Text(number) : none);

    /// <summary>One of a few words.</summary>
    public static Factor Word<T>(string name, string what, Func<TwinRecipe, T, TwinRecipe> set, Func<Twin, T> of, params (string Word, T Value)[] words) where T : notnull => new(
        name, string.Join(", ", words.Select(word => word.Word)), what, "VARCHAR", (recipe, text) =>
        {
            foreach (var (word, value) in words)
                if (word == text.Value) return set(recipe, value);
            throw YamlErrors.NotAmong(text.Place, name, text.Value, words.Select(word => word.Word));
        },
        twin => words.First(word => word.Value.Equals(of(twin))).Word);

    /// <summary>Yes or no.</summary>
    public static Factor Flag(string name, string what, Func<TwinRecipe, bool, TwinRecipe> set, Func<Twin, bool> of) =>
        Word(name, what, set, of, ("true", true), ("false", false)) with { Type = "BOOLEAN", Of = twin => of(twin) };

    /// <summary>A seed.</summary>
    public static Factor Seed(string name, string what, Func<TwinRecipe, ulong, TwinRecipe> set, Func<Twin, ulong> of) => new(
        name, "a whole number", what, "HUGEINT", (recipe, text) => set(recipe, ulong.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw YamlErrors.NotANumber(text.Place, name, text.Value, "a whole number of at least 0")),
        twin => of(twin));

    static int WholeOf(string name, ScalarText text, int least, int most) =>
        int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw Not(name, text, FormattableString.Invariant($"a whole number from {least} to {most}"));

    static double NumberOf(string name, ScalarText text, double least, double most) =>
        double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
            ? value
            : throw Not(name, text, $"a number from {Range(least, most)}");

    static string Range(double least, double most) => FormattableString.Invariant($"{least} to {most}");

    static InputException Not(string name, ScalarText text, string expected) => YamlErrors.NotANumber(text.Place, name, text.Value, expected);
}

using System.Globalization;
using Castalia.Errors;
using Castalia.YamlFiles;

namespace Castalia.Twins;

/// <summary>Something that two networks can differ in.</summary>
/// <param name="Name">Its key in a plan.</param>
/// <param name="Values">What it can be, for people.</param>
/// <param name="What">What it is, for people.</param>
/// <param name="Set">A recipe with a value of it.</param>
sealed record Factor(string Name, string Values, string What, Func<TwinRecipe, ScalarText, TwinRecipe> Set)
{
    /// <summary>A whole number of a range.</summary>
    public static Factor Whole(string name, int least, int most, string what, Func<TwinRecipe, int, TwinRecipe> set) => new(
        name, FormattableString.Invariant($"{least} to {most}"), what, (recipe, text) => set(recipe, WholeOf(name, text, least, most)));

    /// <summary>A number of a range.</summary>
    public static Factor Number(string name, double least, double most, string what, Func<TwinRecipe, double, TwinRecipe> set) => new(
        name, Range(least, most), what, (recipe, text) => set(recipe, NumberOf(name, text, least, most)));

    /// <summary>A number of a range, or a word for none.</summary>
    public static Factor NumberOr(string name, string none, double least, double most, string what, Func<TwinRecipe, double?, TwinRecipe> set) => new(
        name, $"{none}, or {Range(least, most)}", what, (recipe, text) => set(recipe, text.Value == none ? null : NumberOf(name, text, least, most)));

    /// <summary>One of a few words.</summary>
    public static Factor Word<T>(string name, string what, Func<TwinRecipe, T, TwinRecipe> set, params (string Word, T Value)[] words) => new(
        name, string.Join(", ", words.Select(word => word.Word)), what, (recipe, text) =>
        {
            foreach (var (word, value) in words)
                if (word == text.Value) return set(recipe, value);
            throw YamlErrors.NotAmong(text.Place, name, text.Value, words.Select(word => word.Word));
        });

    /// <summary>Yes or no.</summary>
    public static Factor Flag(string name, string what, Func<TwinRecipe, bool, TwinRecipe> set) => Word(name, what, set, ("true", true), ("false", false));

    /// <summary>A seed.</summary>
    public static Factor Seed(string name, string what, Func<TwinRecipe, ulong, TwinRecipe> set) => new(
        name, "a whole number", what, (recipe, text) => set(recipe, ulong.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw YamlErrors.NotANumber(text.Place, name, text.Value, "a whole number of at least 0")));

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

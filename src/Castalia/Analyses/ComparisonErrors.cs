using Castalia.Errors;

namespace Castalia.Analyses;

/// <summary>What can stand against comparing two models.</summary>
static class ComparisonErrors
{
    /// <summary>Both sides are the same readings.</summary>
    public static InputException WithItself(MeasuredModel model) => new(
        "Both sides are the same model of the same run: every difference is 0.", Place(model),
        "Name two runs, or two models of one run by --model twice.");

    /// <summary>Nothing can be paired.</summary>
    public static InputException NoPromptInBoth(MeasuredModel first, MeasuredModel second, int otherContent) => new(
        otherContent == 0
            ? $"None of the {first.Prompts.Count} and {second.Prompts.Count} prompts has the same name in both."
            : $"No prompt is the same in both: {otherContent} share a name, but not text or ids.",
        $"{Place(first)}; {Place(second)}",
        "Measure both on the same prompt file: prompts are paired by name and text, or ids where there is no text.");

    /// <summary>A model's name stands for every run that measured it.</summary>
    public static InputException SeveralRuns(IReadOnlyList<string> runs, string folder) => new(
        $"The names mean {runs.Count} runs: {string.Join(", ", runs)}.", folder, "Two are compared: give their own names, or their beginnings.");

    /// <summary>A run has several models and nobody said which.</summary>
    public static InputException WhichModel(string run, IReadOnlyList<string> models) => new(
        $"The run has {models.Count} models: {string.Join(", ", models)}.", run,
        "Say which by --model; given twice, the first is for the first run and the second for the second.");

    /// <summary>One run was named, and not two of its models.</summary>
    /// <param name="run">The run.</param>
    /// <param name="models">What its models are called.</param>
    /// <param name="distinct">How many they are.</param>
    public static InputException TwoModelsOfOneRun(string run, IReadOnlyList<string> models, int distinct) => new(
        $"One run was named, with {(distinct > 1 ? $"{distinct} models" : "one model")}{(distinct < models.Count ? $" under {models.Count} names" : "")}: {string.Join(", ", models)}.", run,
        distinct == 1 ? "Name a second run." : "Name a second run, or two of these models by --model, given twice.");

    /// <summary>A run lacks the model that was asked for.</summary>
    public static InputException NoSuchModel(string model, string run, IReadOnlyList<string> models) => new(
        $"There is no model '{model}' in the run.", run, $"It has {string.Join(", ", models)}.");

    static string Place(MeasuredModel model) => $"{model.Settings.Run}, model {model.Name}";
}

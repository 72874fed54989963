using Castalia.Errors;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Curves;

/// <summary>What can stand against a curve over training steps.</summary>
static class CurveErrors
{
    /// <summary>Nothing has two steps.</summary>
    public static InputException NoCurve(StoredSteps found, CurveReading reading, string folder) => found.WithoutReading.Count > 0
        ? new($"No runs hold '{reading.Key}' of two steps of one training; {Figures.Of(found.WithoutReading.Count, "model")} with a step lack it.", folder, $"'{reading.Verb}' of each step reads it.")
        : new(
            $"No training has two measured steps in these runs: {Figures.Of(found.OneStep.Count, "training")} with one, {Figures.Of(found.WithoutStep.Count, "model")} without a step.", folder,
            "The revision (owner/name@step1000) or a folder or file that ends with stepN says the step: 'castalia measure DIR/step*' measures several into one run.");

    /// <summary>Revisions of a curve hold the same weights.</summary>
    public static InputException SameWeights(IReadOnlyList<(string Label, IReadOnlyList<long> Steps)> groups) => new(
        $"Different steps hold the same weights, byte for byte: {string.Join("; ", groups.Select(group => $"{group.Label}: steps {string.Join(", ", group.Steps.Select(step => Figures.Count(step)))}"))}.",
        "weights of the revisions named",
        "At most one of each group is what it says: measure the genuine ones only, which 'castalia audit' helps to find, or draw them all the same by --duplicates keep.");

    /// <summary>One step was measured with two sets of weights.</summary>
    public static InputException TwoWeights(TrainingSource source, string one, string other) => new(
        $"Step {Figures.Count(source.Step!.Value)} of {source.Training} was measured with two sets of weights.", $"{one}; {other}",
        "Name the runs of one of them.");
}

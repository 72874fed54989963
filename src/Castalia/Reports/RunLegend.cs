using Castalia.Analyses;
using Castalia.Machine;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>The runs that a table was made from, numbered where there are several.</summary>
sealed class RunLegend
{
    const int HashDigits = 8; // enough to tell prompt sets apart by eye; JSON has all

    readonly IReadOnlyList<MeasuredModel> _models;
    readonly IReadOnlyList<string> _runs;

    public RunLegend(IReadOnlyList<MeasuredModel> models)
    {
        _models = models;
        _runs = [.. models.Select(m => m.Settings.Run).Distinct()];
    }

    /// <summary>"pythia-160m", or "pythia-160m [2]" where the table has several runs.</summary>
    public string Label(MeasuredModel model) => _runs.Count == 1 ? model.Label : $"{model.Label} [{Number(model.Settings.Run)}]";

    /// <summary>One entry for each run: its prompts, BOS policy, activation and software.</summary>
    public Remarks Runs => new([.. _runs.Select(run =>
    {
        var models = _models.Where(m => m.Settings.Run == run).ToList();
        var settings = models[0].Settings;
        string prompts = string.Join(", ", models.Select(m => $"{Figures.Of(m.Prompts.Count, "prompt")} ({m.PromptsSha256[..Math.Min(HashDigits, m.PromptsSha256.Length)]})").Distinct());
        string number = _runs.Count == 1 ? "" : $"[{Number(run)}] ";
        return $"{number}{run}: {settings.PromptSet}, {prompts}, --bos {settings.Bos}, --activation {settings.Activation}, bootstrap seed {settings.Seed}, {settings.ShortSoftware}";
    })]);

    /// <summary>In what rows cannot be compared, and which are of the same weights; none where all can be.</summary>
    public Remarks Warnings => new([.. Sentences()], Hang: 0);

    IEnumerable<string> Sentences()
    {
        var respects = Comparability.Differences(_models);
        if (respects.Count > 0)
            yield return $"Not comparable: these rows were not all measured with the same {string.Join(", nor the same ", respects)}. A difference between such rows is not one between the models alone.";
        foreach (var one in _models.GroupBy(m => m.Identity.Weights, StringComparer.Ordinal).Where(one => one.Count() > 1))
            yield return $"{string.Join(", ", one.Select(Label))}: the same weights ({one.First().Identity.ShortName}) on other prompts or under other settings. Such rows are not independent.";
        if (_models.Count > 1 && _models.Any(m => m.Settings.Bos == "default"))
            yield return "--bos default: what each tokenizer's own rules add, which is a BOS token for some models and nothing for others.";
    }

    int Number(string run) => _runs.Index().First(r => r.Item == run).Index + 1;
}

using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Hypotheses.OverTwins;

/// <summary>How many rules over twins were asked, and their p-values adjusted by Holm over all hypotheses in whose rules of support one stands.</summary>
/// <remarks>Verdicts are by the p-values as they are; what is adjusted is stated beside them.</remarks>
sealed class TwinMultiplicity
{
    readonly Dictionary<(string Id, string Name), Figure<double>> _adjusted = [];

    /// <param name="verdicts">Of every hypothesis that has rules over twins.</param>
    public TwinMultiplicity(IReadOnlyList<TwinVerdict> verdicts)
    {
        Rules = verdicts.Sum(v => (v.Rules.Supported is null ? 0 : 1) + (v.Rules.Falsified is null ? 0 : 1));
        Hypotheses = verdicts.Count;
        var all = verdicts.SelectMany(v => v.Outcomes.Count == 0 ? [] : v.Rules.Deciding.Select(name => (v.Id, Name: name, P: Of(v, name)))).ToList();
        var holm = Multiplicity.OfDefined([.. all.Select(p => p.P)], Multiplicity.Holm);
        foreach (var (p, adjusted) in all.Zip(holm)) _adjusted[(p.Id, p.Name)] = adjusted;
    }

    /// <summary>Hypotheses that have rules over twins.</summary>
    public int Hypotheses { get; }

    /// <summary>Their rules.</summary>
    public int Rules { get; }

    /// <summary>How many p-values their rules of support turn on.</summary>
    public int Tests => _adjusted.Count;

    /// <summary>A hypothesis' p-values by name, adjusted.</summary>
    public IReadOnlyDictionary<string, Figure<double>> Adjusted(TwinVerdict verdict) =>
        new OrderedDictionary<string, Figure<double>>(verdict.Rules.Deciding.Where(name => _adjusted.ContainsKey((verdict.Id, name))).Select(name => KeyValuePair.Create(name, _adjusted[(verdict.Id, name)])));

    /// <summary>How many were asked, in a sentence.</summary>
    public string InWords => $"{Figures.Of(Rules, "rule")} over twins of {(Hypotheses == 1 ? "1 hypothesis" : $"{Hypotheses} hypotheses")}, {Figures.Of(Tests, "p-value")} that a rule of support turns on";

    /// <summary>What holds of one hypothesis, in a sentence; null where no p decides it.</summary>
    public string? Sentence(TwinVerdict verdict)
    {
        var adjusted = Adjusted(verdict);
        return adjusted.Count == 0 ? null
            : $"By Holm over {(Tests == 1 ? "the one p-value" : $"all {Tests} p-values")} of {Hypotheses} hypotheses: {string.Join(", ", adjusted.Select(p => $"{p.Key} {(p.Value.Value is { } value ? TestFigures.P(value) : Figures.Missing)}"))}.";
    }

    static Figure<double> Of(TwinVerdict verdict, string name)
    {
        string[] parts = name.Split('.');
        return verdict.Outcomes.Single(outcome => outcome.Test.Name == parts[0]).Results[0].Result.Fields[parts[1]];
    }
}

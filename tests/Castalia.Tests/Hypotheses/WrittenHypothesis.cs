using Castalia.Hypotheses;
using Castalia.Hypotheses.Reading;
using Castalia.Store;
using Xunit;

namespace Castalia.Tests.Hypotheses;

/// <summary>Small hypotheses over rows that stand in their own queries, evaluated by the real store.</summary>
static class WrittenHypothesis
{
    /// <summary>A hypothesis that every one of some rows (model, prompt, gain) has a gain above 1.</summary>
    public static string Yaml(string rows, string requires = "{ models: 1, prompts: 1 }", string supported = "above.share = 1", string falsified = "above.share < 0.5", string more = "", string tests = "") => $$"""
        id: own-1
        title: Gains lie above 1
        claim: They do.
        mechanism: None.
        prediction: All do.
        sources: [nowhere]
        requires: {{requires}}
        evidence:
          rows: |
            SELECT 'r' AS run, model, prompt, gain, gain > 1 AS expands
            FROM (VALUES {{rows}}) t(model, prompt, gain)
        tests:
          above: { statistic: proportion, from: rows, where: gain > 1 }
        {{tests}}
        supported: {{supported}}
        falsified: {{falsified}}
        strength: "{above.count} of {above.n}"
        {{more}}
        """;

    public static Hypothesis Read(string yaml) => HypothesisReader.Read(new("own.yaml", yaml, HypothesisReader.Format));

    public static Verdict Verdict(string yaml) => Verdict(Read(yaml));

    public static Verdict Verdict(Hypothesis hypothesis)
    {
        using var folder = new TemporaryFolder();
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        var source = new StoredEvidence(store);
        Binding.Check([hypothesis], source, TestContext.Current.CancellationToken);
        return HypothesisEvaluation.Of(hypothesis, source, TestContext.Current.CancellationToken);
    }
}

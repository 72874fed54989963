using Castalia.Architectures;
using Castalia.Errors;
using Castalia.Prompts;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Statistics;
using Castalia.Store;
using Castalia.Tokens;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia measure</c> prints for people.</summary>
static class MeasureReport
{
    const int MostTexts = 30;

    /// <summary>What the figures are, in words that need no other document; stands on the first page.</summary>
    const string Convention =
        "Gain of the last block: the length of the residual stream leaving it over the length entering it, ‖h_L‖/‖h_{L−1}‖. Above 1 the block " +
        "expands the stream, below 1 it dampens it; status: which of the two the interval supports, neutral where it contains 1. " +
        "Entropy: of the model's prediction of the next token, in nats; 0 is certainty. Both at the last token of a prompt. " +
        "Float32 stream, norms in float64; mean ± standard deviation over n prompts, 95 % BCa bootstrap interval of the mean; " +
        "below 1: share of prompts that dampen.";

    const string ConventionAgain = "Gain of the last block and entropy of the next token, both at the last token, as above.";

    /// <summary>The page: each model, and where there are several a table of all.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Page Of(Run run, CancellationToken cancellation = default) => new(
    [
        .. run.Models.SelectMany(model => OfModel(model, run, cancellation).Blocks.Append(new Gap())),
        .. run.Models.Count > 1 ? OfComparison(run, cancellation).Blocks.Append(new Gap()) : [],
    ]);

    /// <summary>One model's part of it.</summary>
    public static Page OfModel(ModelRun model, Run run, CancellationToken cancellation = default) => new(Blocks(model, run, ModelEstimates.Of(model, run.Options.Seed, cancellation)));

    static IEnumerable<PageBlock> Blocks(ModelRun model, Run run, ModelEstimates estimates)
    {
        yield return new Heading(model.Name);
        yield return new Remarks([.. MeasuredWords.Of(model, run)]);
        yield return new Gap();
        yield return new Paragraph(model == run.Models[0] ? Convention : ConventionAgain);
        yield return new Gap();
        yield return new Table(
            ["", "n", "gain ± sd", "95 % interval", "below 1", "status", "entropy ± sd"], [.. estimates.Categories.Append(new("all", estimates.All)).Select(Row)])
        {
            Caption = $"{model.Name}: gain of the last block and entropy, nats, at the last token of {run.PromptSet}",
        };
        int left = estimates.All.Prompts - estimates.All.Gain.N;
        if (left > 0) yield return new Paragraph($"{Figures.Of(left, "prompt")} left out: the gain is undefined where a norm is 0.");
        yield return new Gap();
        yield return new Paragraph(
            estimates.GainEntropy.Value is { } r
                ? $"r(gain, entropy) = {Figures.Correlation(r)}, Pearson, n = {estimates.GainEntropyPairs} prompts"
                : $"r(gain, entropy) is undefined, because {estimates.GainEntropy.UndefinedBecause}.");
        if (estimates.GainTrueEntropy is { } known) yield return new Paragraph(TrueEntropy(estimates, known));
        if (PositionEstimates.Of(model, run.Options) is { } positions) yield return new Paragraph(Positions(positions));
        foreach (var block in Losses(model, run)) yield return block;
        if (model.TheoreticalGain is { } theory && estimates.All.Gain.Mean.Value is { } mean)
            yield return new Paragraph(
                $"Theory for an untrained network of {model.Measurement.Architecture.NLayers} blocks, √(L/(L−1)): {Figures.Real(theory)}; measured {Figures.Real(mean)}. " +
                "An interval over prompts is this network's alone; networks of other seeds scatter more.");
        yield return new Gap();
        yield return new DepthProfile("Gain of every block, last token, mean over prompts", estimates.GainProfile);
        if (estimates.Peak is { } peak) yield return new Paragraph(Peak(peak));
    }

    static IReadOnlyList<Cell> Row(NamedEstimate group) =>
    [
        group.Name, Cell.Count(group.Estimate.Gain.N), .. Gain(group.Estimate, group.Name), Cells.MeanAndSd(group.Estimate.EntropyNats, $"the entropy of {group.Name}"),
    ];

    /// <summary>Mean and sd, interval, share below 1, status.</summary>
    static IEnumerable<Cell> Gain(GroupEstimate g, string whose) =>
    [
        Cells.MeanAndSd(g.Gain, whose), Cell.Of(g.Gain.Interval95, Cells.Span, "interval", whose), Cells.Share(g.BelowOne, g.Gain.N), Cells.Status(g.Status),
    ];

    /// <summary>A table of all models, one line each.</summary>
    public static Page OfComparison(Run run, CancellationToken cancellation = default)
    {
        bool hasTheory = run.Models.Any(m => m.TheoreticalGain is not null);
        return new(
        [
            new Table(["model", "blocks", "gain ± sd", "95 % interval", "below 1", "status", hasTheory ? "untrained" : "r(G, H)"], [.. run.Models.Select(IReadOnlyList<Cell> (model) =>
            {
                var estimates = ModelEstimates.Of(model, run.Options.Seed, cancellation);
                return
                [
                    model.Name, Cell.Count(model.Measurement.Architecture.NLayers), .. Gain(estimates.All, model.Name),
                    hasTheory ? model.TheoreticalGain is { } theory ? Cell.Number(theory, Figures.Real) : Figures.Missing : Cell.Of(estimates.GainEntropy, Figures.Correlation, $"r of {model.Name}"),
                ];
            })])
            {
                Indent = 0,
                Caption = "Every model: gain of the last block at the last token, all prompts",
            },
            .. hasTheory ? new PageBlock[] { new Line("untrained: the gain theory predicts for an untrained network, √(L/(L−1))") } : [],
        ]);
    }

    /// <summary>What is known of the true entropies.</summary>
    static string TrueEntropy(ModelEstimates estimates, Figure<double> r) =>
        (r.Value is { } value
            ? $"r(gain, true entropy) = {Figures.Correlation(value)}, n = {estimates.GainTrueEntropyPairs} prompts whose next token's true distribution is known"
            : $"r(gain, true entropy) is undefined, because {r.UndefinedBecause}") +
        $"; mean true entropy {string.Join(", ", estimates.Categories.Append(new("all", estimates.All)).Where(group => group.Estimate.TrueEntropyNats is not null)
            .Select(group => $"{group.Name} {Figures.Real(group.Estimate.TrueEntropyNats!.Value)}"))} nats.";

    static string Peak(ProfilePeak p) =>
        $"largest mean: block {p.Block + 1}, {Figures.Real(p.Mean)}; median {Figures.Real(p.Median)}, range {Figures.Real(p.Low)} to {Figures.Real(p.High)} over {Figures.Of(p.N, "prompt")}" +
        (p.IsOnePrompts ? $"; one prompt makes it, {p.Prompt} ({Figures.Real(p.High)}): without it the mean is {Figures.Real(p.Without)}" : "");

    static string Positions(PositionEstimates p) => p.N == 0
        ? "Every position: there is none but the first of each prompt."
        : $"Every position but the first of each prompt: n = {Figures.Count(p.N)}, gain {Text(p.GainMean, Figures.Real)} ± {Text(p.GainSd, Figures.Real)}, " +
          $"{SignedFigures.Share(p.BelowOne, p.N)} below 1, entropy {Text(p.EntropyMean, Figures.Real)}, r(gain, entropy) = {Text(p.GainEntropy, Figures.Correlation)}. " +
          "Positions of one prompt depend on each other, so no interval is given.";

    static string Text(Figure<double> figure, Func<double, string> text) => figure.Value is { } value ? text(value) : Figures.Missing;

    /// <summary>Loss and perplexity of the tokens fed, and of each text; of many texts only the range.</summary>
    static IEnumerable<PageBlock> Losses(ModelRun model, Run run)
    {
        if (NextTokenLoss.Of(model, run.Options) is not { MeanNats.Value: { } mean } all) yield break;
        var texts = model.Measurement.Prompts.Zip(model.Measurement.Readings, (prompt, readings) => (prompt.Prompt.Name, Loss: NextTokenLoss.Of(readings, run.Options)!))
            .Where(text => text.Loss.Tokens > 0).ToList();
        yield return new Paragraph(
            $"Next tokens that are known: n = {Figures.Count(all.Tokens)}, mean loss {Figures.Real(mean)} nats, perplexity {Figures.Real(all.Perplexity!.Value)}" +
            (texts.Count < 2 ? "." : texts.Count > MostTexts
                ? $"; of single texts from {Extreme(texts.MinBy(t => t.Loss.Perplexity))} to {Extreme(texts.MaxBy(t => t.Loss.Perplexity))}; summary.json has each."
                : "; of each text:"));
        if (texts.Count is >= 2 and <= MostTexts)
            yield return new Table(["text", "next tokens", new("loss", "nats"), "perplexity"],
                [.. texts.Select(IReadOnlyList<Cell> (t) => [t.Name, Cell.Count(t.Loss.Tokens), Cell.Number(t.Loss.MeanNats.Value!.Value, Figures.Real), Cell.Number(t.Loss.Perplexity!.Value, Figures.Real)])]);

        static string Extreme((string Name, NextTokenLoss Loss) text) => $"{Figures.Real(text.Loss.Perplexity!.Value)} ({text.Name})";
    }
}

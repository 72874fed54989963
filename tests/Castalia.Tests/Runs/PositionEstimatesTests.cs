using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Runs;

public sealed class PositionEstimatesTests
{
    /// <summary>Ten prompts of 3 or 4 tokens, read at every position: 25 positions besides the first ones.</summary>
    static Run Everywhere()
    {
        var model = HandBuilt.TenPrompts();
        foreach (var (p, reading) in model.Measurement.Readings.Index())
            for (int t = 0; t < reading.Tokens; t++) reading.Outputs[t] = new(EntropyNats: p + t * t, TopToken: 1, TopProbability: 0.5, TopMarginNats: 1, LossNats: t < reading.Tokens - 1 ? p + 0.5 * t : double.NaN);
        var run = HandBuilt.Run(model);
        return run with { Options = run.Options with { AllPositions = true } };
    }

    [Fact]
    public void They_are_the_statistics_of_all_positions_but_the_first_of_each_prompt()
    {
        var run = Everywhere();
        var positions = run.Models[0].Measurement.Readings
            .SelectMany(r => Enumerable.Range(1, r.Tokens - 1).Select(t => (r.Blocks[^1][t].Gain, r.Outputs[t]!.Value.EntropyNats))).ToList();
        double[] gains = [.. positions.Select(p => p.Gain)], entropies = [.. positions.Select(p => p.EntropyNats)];
        var estimates = PositionEstimates.Of(run.Models[0], run.Options)!;
        Assert.Equal(25, estimates.N);
        Assert.Equal(gains.Average(), estimates.GainMean.Value!.Value, 1e-14);
        Assert.Equal(Math.Sqrt(gains.Sum(g => Math.Pow(g - gains.Average(), 2)) / 24), estimates.GainSd.Value!.Value, 1e-14);
        Assert.Equal(entropies.Average(), estimates.EntropyMean.Value!.Value, 1e-14);
        Assert.Equal(Pearson.Of(gains, entropies), estimates.GainEntropy);
        Assert.Equal(gains.Count(g => g < 1), estimates.BelowOne);
    }

    [Fact]
    public void A_gain_that_is_undefined_is_left_out()
    {
        var run = Everywhere();
        var block = run.Models[0].Measurement.Readings[0].Blocks[^1];
        block[1] = block[1] with { NormPre = 0 };
        Assert.Equal(24, PositionEstimates.Of(run.Models[0], run.Options)!.N);
    }

    [Fact]
    public void They_are_there_only_where_every_position_was_asked_for()
    {
        var run = Everywhere();
        Assert.Null(PositionEstimates.Of(run.Models[0], run.Options with { AllPositions = false }));
        var statistics = Summary.Of(run)["models"]![0]!["statistics"]!["positions_without_first"]!;
        Assert.Equal(25, (int)statistics["n"]!);
        Assert.Null(Summary.Of(run with { Options = run.Options with { AllPositions = false } })["models"]![0]!["statistics"]!["positions_without_first"]);
        string page = string.Join(' ', TerminalPrinter.Of(MeasureReport.OfModel(run.Models[0], run), 80).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Every position but the first of each prompt: n = 25, gain ", page);
        Assert.Contains("Positions of one prompt depend on each other", page);
    }

    [Fact]
    public void Prompts_of_one_token_have_none()
    {
        var run = HandBuilt.Run(HandBuilt.Model("m", [(null, HandBuilt.Readings(1, 2, 1))], 2));
        run = run with { Options = run.Options with { AllPositions = true } };
        Assert.Equal(0, PositionEstimates.Of(run.Models[0], run.Options)!.N);
        Assert.Contains("there is none but the first of each prompt", TerminalPrinter.Of(MeasureReport.OfModel(run.Models[0], run), 80));
        Assert.Null(Summary.Of(run)["models"]![0]!["statistics"]!["positions_without_first"]!["gain_mean"]);
    }

    /// <summary>Prompt p of 3 or 4 tokens has losses p, p + 0.5 and, of 4, p + 1: two or three next tokens each.</summary>
    [Fact]
    public void Loss_counts_every_known_next_token_once_and_perplexity_is_its_exponential()
    {
        var run = Everywhere();
        var model = run.Models[0];
        double[] losses = [.. model.Measurement.Readings.SelectMany((r, p) => Enumerable.Range(0, r.Tokens - 1).Select(t => p + 0.5 * t))];
        var all = NextTokenLoss.Of(model, run.Options)!;
        Assert.Equal((losses.Length, losses.Average()), (all.Tokens, Math.Round(all.MeanNats.Value!.Value, 12)));
        Assert.Equal(Math.Exp(losses.Average()), all.Perplexity!.Value, 1e-9 * Math.Exp(losses.Average()));
        var first = NextTokenLoss.Of(model.Measurement.Readings[0], run.Options)!;
        Assert.Equal(model.Measurement.Readings[0].Tokens - 1, first.Tokens);
        Assert.Null(NextTokenLoss.Of(model, run.Options with { AllPositions = false }));
        var summary = Summary.Of(run)["models"]![0]!;
        Assert.Equal(all.Perplexity, (double?)summary["statistics"]!["next_tokens"]!["perplexity"]);
        Assert.Equal(first.MeanNats.Value, (double?)summary["prompts"]![0]!["next_tokens"]!["loss_nats_mean"]);
    }
}

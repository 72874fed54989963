using System.Text;
using Castalia.Errors;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Store;
using Castalia.Tokens;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia measure</c> prints for people.</summary>
public static class MeasureReport
{
    const int MostTexts = 30;

    static readonly string[] Columns = ["", "n", "gain ± sd", "95 % interval", "below 1", "status", "entropy ± sd"];

    /// <summary>What the figures are, in words that need no other document; stands on the first page.</summary>
    const string Convention =
        "Gain of the last block: the length of the residual stream leaving it over the length entering it, ‖h_L‖/‖h_{L−1}‖. Above 1 the block " +
        "expands the stream, below 1 it dampens it; status: which of the two the interval supports, neutral where it contains 1. " +
        "Entropy: of the model's prediction of the next token, in nats; 0 is certainty. Both at the last token of a prompt. " +
        "Float32 stream, norms in float64; mean ± standard deviation over n prompts, 95 % BCa bootstrap interval of the mean; " +
        "below 1: share of prompts that dampen.";

    const string ConventionAgain = "Gain of the last block and entropy of the next token, both at the last token, as above.";

    /// <summary>One model's page, lines ended by LF.</summary>
    /// <param name="model">The model.</param>
    /// <param name="run">The run it belongs to.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static string OfModel(ModelRun model, Run run, int width, CancellationToken cancellation = default)
    {
        var estimates = ModelEstimates.Of(model, run.Options.Seed, cancellation);
        var text = new StringBuilder();
        Header(text, model, run, width);
        text.Append('\n').Append(Wrapped.Of(model == run.Models[0] ? Convention : ConventionAgain, width)).Append('\n');
        List<NamedEstimate> groups = [.. estimates.Categories, new("all", estimates.All)];
        text.Append(TextTable.Of(Columns, [.. groups.Select(g => Row(g.Name, g.Estimate))], width));
        foreach (var reason in groups.Where(g => g.Estimate.Gain.Interval95.UndefinedBecause is not null)
            .GroupBy(g => g.Estimate.Gain.Interval95.UndefinedBecause!, g => g.Name))
            text.Append(Wrapped.Of($"{Figures.Missing} no interval for {string.Join(", ", reason)}, because {reason.Key}.", width));
        int left = estimates.All.Prompts - estimates.All.Gain.N;
        if (left > 0) text.Append(Wrapped.Of($"{Figures.Of(left, "prompt")} left out: the gain is undefined where a norm is 0.", width));
        text.Append('\n');
        text.Append(Wrapped.Of(
            estimates.GainEntropy.Value is { } r
                ? $"r(gain, entropy) = {Figures.Correlation(r)}, Pearson, n = {estimates.GainEntropyPairs} prompts"
                : $"r(gain, entropy) is undefined, because {estimates.GainEntropy.UndefinedBecause}.", width));
        if (PositionEstimates.Of(model, run.Options) is { } positions) text.Append(Wrapped.Of(Positions(positions), width));
        if (NextTokenLoss.Of(model, run.Options) is { } loss) Losses(text, loss, model, run, width);
        if (model.TheoreticalGain is { } theory && estimates.All.Gain.Mean.Value is { } mean)
            text.Append(Wrapped.Of(
                $"Theory for an untrained network of {model.Measurement.Architecture.NLayers} blocks, √(L/(L−1)): {Figures.Real(theory)}; measured {Figures.Real(mean)}. " +
                "An interval over prompts is this network's alone; networks of other seeds scatter more.", width));
        text.Append("\n  Gain of every block, last token, mean over prompts\n").Append(DepthChart.Of(estimates.GainProfile, width));
        if (estimates.Peak is { } peak) text.Append(Wrapped.Of(Peak(peak), width));
        return text.ToString();
    }

    /// <summary>Which models of a run are one model under several names, a sentence for each.</summary>
    /// <param name="run">The run.</param>
    /// <param name="weights">Hashes of the models' weights, by name.</param>
    public static IEnumerable<string> SameWeights(Run run, IReadOnlyDictionary<string, string> weights) => run.Models.Where(model => weights.ContainsKey(model.Name))
        .GroupBy(model => (Weights: weights[model.Name], Arithmetic: ArithmeticHash.Of(model.Description))).Where(same => same.Count() > 1)
        .Select(same => $"{string.Join(", ", same.Skip(1).Select(model => model.Name))}: the same weights ({ModelIdentity.Digits(same.Key.Weights)}) and arithmetic as " +
            $"{same.First().Name}; verbs over stored runs count them once.");

    /// <summary>A table of all models, one line each.</summary>
    public static string OfComparison(Run run, int width, CancellationToken cancellation = default)
    {
        bool hasTheory = run.Models.Any(m => m.TheoreticalGain is not null);
        List<string> header = ["model", "blocks", "gain ± sd", "95 % interval", "below 1", "status", .. hasTheory ? ["untrained"] : new[] { "r(G, H)" }];
        return TextTable.Of(header, [.. run.Models.Select(IReadOnlyList<string> (model) =>
        {
            var estimates = ModelEstimates.Of(model, run.Options.Seed, cancellation);
            var all = estimates.All;
            string? last = hasTheory
                ? model.TheoreticalGain is { } theory ? Figures.Real(theory) : null
                : estimates.GainEntropy.Value is { } r ? Figures.Correlation(r) : null;
            return
            [
                model.Name, Figures.Count(model.Measurement.Architecture.NLayers), Figures.MeanAndSd(all.Gain), Figures.Interval(all.Gain.Interval95),
                Below(all), Status(all), last ?? Figures.Missing,
            ];
        })], width, indent: "") + (hasTheory ? "untrained: the gain theory predicts for an untrained network, √(L/(L−1))\n" : "");
    }

    static void Header(StringBuilder text, ModelRun model, Run run, int width)
    {
        var m = model.Measurement;
        int tokens = m.Prompts.Sum(p => p.Ids.Count), dropped = m.Prompts.Sum(p => p.DroppedBytes);
        text.Append(Printable.Of(model.Name)).Append('\n');
        Line($"{m.Architecture.Family.ModelType}: {Figures.Of(m.Architecture.NLayers, "block")}, d_model {m.Architecture.DModel}, {Figures.Of(m.Parameters, "parameter")}");
        Line($"{Figures.Of(m.Prompts.Count, "prompt")} ({run.PromptSet}), {Figures.Of(tokens, "token")} fed");
        Line(ActivationText.Of(m.Architecture, run.Options.Activation));
        Line(model.Tokenizer is { } tokenizer
            ? $"tokenizer: {tokenizer.Source}"
            : $"{(model.TokenizerUnreadBecause is { } why ? $"tokenizer not read: {why} Prompts" : "no tokenizer: prompts")} are token ids, " +
              "no vocabulary row counts as padding");
        Line(Added(model, run));
        if (m.PaddedVocabularyRows > 0)
            Line($"{Figures.Of(m.PaddedVocabularyRows, "vocabulary row")} of padding left out of softmax and entropy");
        if (dropped > 0) Line($"{Figures.Of(dropped, "byte")} of the texts dropped: the vocabulary has no token for them");
        int again = m.Prompts.Count - m.Prompts.Select(p => string.Join(' ', p.Ids)).Distinct().Count();
        if (again > 0)
            Line($"note: {Figures.Of(again, "prompt")} feed{(again == 1 ? "s" : "")} the same tokens as one before; each counts, though it says nothing new, so intervals are too narrow");
        if (model.TheoreticalGain is not null) Line("untrained: random weights, no language; its gain can be foretold");
        foreach (string note in m.Notes.Concat(model.Tokenizer?.Notes ?? [])) Line($"note: {note}");

        void Line(string line) => text.Append(Wrapped.Of(line, width, hang: 2));
    }

    static string Peak(ProfilePeak p) =>
        $"largest mean: block {p.Block + 1}, {Figures.Real(p.Mean)}; median {Figures.Real(p.Median)}, range {Figures.Real(p.Low)} to {Figures.Real(p.High)} over {Figures.Of(p.N, "prompt")}" +
        (p.IsOnePrompts ? $"; one prompt makes it, {p.Prompt} ({Figures.Real(p.High)}): without it the mean is {Figures.Real(p.Without)}" : "");

    static string Positions(PositionEstimates p) => p.N == 0
        ? "Every position: there is none but the first of each prompt."
        : $"Every position but the first of each prompt: n = {Figures.Count(p.N)}, gain {(p.GainMean.Value is { } mean ? Figures.Real(mean) : Figures.Missing)} ± " +
          $"{(p.GainSd.Value is { } sd ? Figures.Real(sd) : Figures.Missing)}, {Share(p.BelowOne, p.N)} below 1, entropy {(p.EntropyMean.Value is { } entropy ? Figures.Real(entropy) : Figures.Missing)}, " +
          $"r(gain, entropy) = {(p.GainEntropy.Value is { } r ? Figures.Correlation(r) : Figures.Missing)}. " +
          "Positions of one prompt depend on each other, so no interval is given.";

    /// <summary>Loss and perplexity of the tokens fed, and of each text; of many texts only the range.</summary>
    static void Losses(StringBuilder text, NextTokenLoss all, ModelRun model, Run run, int width)
    {
        if (all.MeanNats.Value is not { } mean) return;
        List<(string Name, NextTokenLoss Loss)> texts =
        [
            .. model.Measurement.Prompts.Zip(model.Measurement.Readings, (prompt, readings) => (prompt.Prompt.Name, NextTokenLoss.Of(readings, run.Options)!)).Where(t => t.Item2.Tokens > 0),
        ];
        text.Append(Wrapped.Of(
            $"Next tokens that are known: n = {Figures.Count(all.Tokens)}, mean loss {Figures.Real(mean)} nats, perplexity {Figures.Real(all.Perplexity!.Value)}" +
            (texts.Count < 2 ? "." : texts.Count > MostTexts
                ? $"; of single texts from {Extreme(texts.MinBy(t => t.Loss.Perplexity))} to {Extreme(texts.MaxBy(t => t.Loss.Perplexity))}; summary.json has each."
                : "; of each text:"), width));
        if (texts.Count is >= 2 and <= MostTexts)
            text.Append(TextTable.Of(["text", "next tokens", "loss, nats", "perplexity"],
                [.. texts.Select(t => (IReadOnlyList<string>)[t.Name, Figures.Count(t.Loss.Tokens), Figures.Real(t.Loss.MeanNats.Value!.Value), Figures.Real(t.Loss.Perplexity!.Value)])], width));

        static string Extreme((string Name, NextTokenLoss Loss) text) => $"{Figures.Real(text.Loss.Perplexity!.Value)} ({text.Name})";
    }

    /// <summary>The BOS policy and what it did.</summary>
    static string Added(ModelRun model, Run run)
    {
        string policy = $"--bos {run.Options.Bos.ToString().ToLowerInvariant()}";
        List<TokenizedPrompt> texts = [.. model.Measurement.Prompts.Where(p => p.Prompt.Text is not null)];
        if (texts.Count == 0) return "ids are fed as given, nothing added";
        var after = run.Options.Bos == BosPolicy.Default ? model.Tokenizer!.DefaultSuffix : [];
        var first = texts.Find(p => p.Added > 0);
        if (first is null && after.Count == 0) return $"{policy}: nothing added to a text";
        string begun = texts.Any(p => p.Added == 0) ? " that does not begin with it" : "";
        string[] added =
        [
            .. first is null ? [] : new[] { $"{Pieces(first.Ids.Take(first.Added))} before each text{begun}" },
            .. after.Count == 0 ? [] : new[] { $"{Pieces(after)} after each text" },
        ];
        return $"{policy}: {string.Join(", ", added)}";

        string Pieces(IEnumerable<int> ids) => string.Join(" ", ids.Select(id => $"{Printable.Of(model.Tokenizer!.Piece(id))} ({id})"));
    }

    static string[] Row(string name, GroupEstimate g) =>
        [name, Figures.Count(g.Gain.N), Figures.MeanAndSd(g.Gain), Figures.Interval(g.Gain.Interval95), Below(g), Status(g), Figures.MeanAndSd(g.EntropyNats)];

    static string Below(GroupEstimate g) =>
        g.Gain.N == 0 ? Figures.Missing : Share(g.BelowOne, g.Gain.N);

    static string Share(int part, int whole) => (part / (double)whole).ToString("0 %", System.Globalization.CultureInfo.InvariantCulture);

    static string Status(GroupEstimate g) => g.Status == GainStatus.Undefined ? Figures.Missing : g.Status.ToString().ToLowerInvariant();
}

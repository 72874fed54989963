using Castalia.Analyses;
using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>Gain against the entropy of the next token, and what taking |G − 1| in its place does.</summary>
static class EntropySection
{
    const int Across = 40, Up = 32; // cells of a density, at most

    /// <summary>The chart of prompts, and one of running text for each model that has it.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        yield return new Heading("Gain and certainty", 2);
        var notes = new Noted();
        var models = e.Models.Select(model => (Model: model, Prompts: model.Prompts.Where(prompt => prompt is { Gain: not null, Entropy: not null }).ToList())).Where(model => model.Prompts.Count > 0).ToList();
        if (models.Count == 0)
        {
            yield return new Paragraph("Not measured: prompts with a gain and an entropy. 'castalia measure CHECKPOINT' reads them.");
            yield break;
        }
        var fits = models.Select(model =>
        {
            double[] h = [.. model.Prompts.Select(prompt => prompt.Entropy!.Value)], g = [.. model.Prompts.Select(prompt => prompt.Gain!.Value)], d = [.. g.Select(x => Math.Abs(x - 1))];
            return (model.Model, H: h, G: g, D: d, OfGain: FittedLine.Of(h, g), OfDistance: FittedLine.Of(h, d), R: Correlation.Pearson(g, h), RDistance: Correlation.Pearson(d, h));
        }).ToList();
        yield return new Chart(
            "entropy", "Gain against entropy",
            "Each point is a prompt: across the entropy of the predicted next token, nats; up the gain of the last block, or by choice |G − 1|. Lines are least squares over the prompts of a model. " +
            "Where all gains of a model lie below 1, |G − 1| is 1 − G and its correlation is that of G turned round by arithmetic: a sign that changes there says nothing of the model.",
            [new("entropy of the next token", "nats") { Low = 0 }], [new("gain") { Reference = 1 }, new("|G − 1|") { Reference = 0 }],
            [
                .. models.Zip(fits, (model, fit) => new Series(model.Model.Label, Mark.Points, [[.. fit.H.Select(h => (double?)h)]], [[.. fit.G.Select(g => (double?)g)], [.. fit.D.Select(d => (double?)d)]]) with
                {
                    Colour = model.Model.Index,
                    Notes = [.. model.Prompts.Select(notes.Of)],
                    Size = models.Count > 6 ? 5 : 8,
                }),
                .. fits.Where(fit => fit.OfGain.Value is not null && fit.OfDistance.Value is not null).Select(fit =>
                {
                    double[] ends = [fit.H.Min(), fit.H.Max()];
                    return new Series(fit.Model.Label, Mark.Dashes, [[.. ends.Select(h => (double?)h)]],
                        [[.. ends.Select(h => (double?)(fit.OfGain.Value!.Value.Intercept + fit.OfGain.Value!.Value.Slope * h))], [.. ends.Select(h => (double?)(fit.OfDistance.Value!.Value.Intercept + fit.OfDistance.Value!.Value.Slope * h))]])
                    { Colour = fit.Model.Index, IsNamed = false };
                }),
            ],
            new(["model", "n", "r(G, H)", "low", "high", "slope of G", "low", "high", "r(|G−1|, H)", "all on one side of 1"], [.. fits.Select(IReadOnlyList<Cell> (fit) =>
            [
                fit.Model.Label, Cell.Count(fit.H.Length), Cell.Of(fit.R.Then(r => Figure<double>.Of(r.Coefficient)), SignedFigures.Of, "r", fit.Model.Label),
                Cell.Of(fit.R.Then(r => r.Interval95.Then(i => Figure<double>.Of(i.Low))), SignedFigures.Of), Cell.Of(fit.R.Then(r => r.Interval95.Then(i => Figure<double>.Of(i.High))), SignedFigures.Of),
                Cell.Of(fit.OfGain.Then(line => Figure<double>.Of(line.Slope)), SignedFigures.Of), Cell.Of(fit.OfGain.Then(line => Figure<double>.Of(line.SlopeInterval95.Low)), SignedFigures.Of),
                Cell.Of(fit.OfGain.Then(line => Figure<double>.Of(line.SlopeInterval95.High)), SignedFigures.Of), Cell.Of(fit.RDistance.Then(r => Figure<double>.Of(r.Coefficient)), SignedFigures.Of),
                SignIdentity.Of(fit.G).Sign is null ? "no" : "yes",
            ])]))
        {
            Notes = notes.All,
            Height = 420,
        };
        if (models.Count > 1) yield return SignsChart.Of([.. fits.Select(fit => (fit.Model, fit.R))]);
        foreach (var block in RunningText(e)) yield return block;
    }

    /// <summary>Positions counted in cells: there are thousands.</summary>
    static IEnumerable<PageBlock> RunningText(ReportEvidence e)
    {
        var all = e.Rows("SELECT run, model, entropy, gain, prompt_index FROM positions WHERE position > 0 AND entropy IS NOT NULL AND gain IS NOT NULL");
        if (all.Count == 0)
        {
            yield return new Paragraph("Not measured: running text. 'castalia measure CHECKPOINT --prompts running-24 --positions all' reads every position.");
            yield break;
        }
        foreach (var model in e.StoredModels.Where(model => all.Contains(model)))
        {
            (double H, double G)[] at = [.. all[model].Select(row => ((double)row[2]!, (double)row[3]!))];
            int texts = all[model].Select(row => row[4]).Distinct().Count();
            double highest = at.Max(point => point.H), low = Quantile(at, 0.005), high = Quantile(at, 0.995);
            double wide = RoundStep(highest / Across), tall = RoundStep((high - low) / Up), lowest = Math.Floor(low / tall);
            int rows = (int)(Math.Floor(high / tall) - lowest) + 1, columns = (int)Math.Floor(highest / wide) + 1;
            var cells = at.Where(point => point.G >= low && point.G <= high)
                .GroupBy(point => (X: (int)Math.Floor(point.H / wide), Y: (int)(Math.Floor(point.G / tall) - lowest)))
                .Select(cell => (cell.Key.X, cell.Key.Y, N: cell.Count())).OrderBy(cell => cell.X).ThenBy(cell => cell.Y).ToList();
            string[] across = [.. Enumerable.Range(0, columns).Select(i => Middle((i + 0.5) * wide, wide))], up = [.. Enumerable.Range(0, rows).Select(i => Middle((lowest + rows - 1 - i + 0.5) * tall, tall))];
            yield return new Chart(
                FormattableString.Invariant($"running-{model.Index}"), $"Running text, {model.Label}",
                $"Every position but the first of {Figures.Of(texts, "text")}, {Figures.Count(at.Length)} in all, counted in cells; colour is the number of positions, on a scale of powers of ten. The lowest and highest 0.5 % of gains are left out. Positions of one text depend on each other.",
                [Axis.Of("entropy of the next token, nats", across)], [Axis.Of("gain", up)],
                [new("positions", Mark.Cells, [[.. cells.Select(cell => (double?)cell.X)]], [[.. cells.Select(cell => (double?)(rows - 1 - cell.Y))]]) { Values = [.. cells.Select(cell => (double?)Math.Log10(cell.N))], IsNamed = false }],
                new([new Column("entropy", "nats"), "gain", "positions"], [.. cells.Select(IReadOnlyList<Cell> (cell) => [across[cell.X], up[rows - 1 - cell.Y], Cell.Count(cell.N)])]))
            {
                Colours = new("log10 of positions", 0, Math.Max(1, cells.Max(cell => Math.Log10(cell.N))), null),
                Height = 420,
            };
        }
    }

    static double Quantile((double H, double G)[] at, double p) => Describe.Quantile([.. at.Select(point => point.G).Order()], p);

    /// <summary>The least of 1, 2, 5, 10, … times a power of ten that is as large.</summary>
    static double RoundStep(double least)
    {
        if (!(least > 0)) return 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * s_digits.First(digit => digit * power >= least);
    }

    static readonly double[] s_digits = [1, 2, 5, 10];

    /// <summary>Middle of a cell, as many decimals as it needs.</summary>
    static string Middle(double value, double step) =>
        value.ToString($"F{((decimal)step / 2).Scale}", System.Globalization.CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>The page of <c>castalia bentov --positions</c> for one model and run.</summary>
static class BentovPositionsText
{
    /// <summary>The page.</summary>
    public static string Of(BentovPositions b, int width)
    {
        var text = new StringBuilder(BentovText.Head(b.Sample, "every position but the first of each", width));
        text.Append(Wrapped.Of(
            $"Positions of one text depend on each other. Slopes have errors clustered by text (CR1, t with {Figures.Of(b.Sample.Texts - 1, "degree")} of freedom); other intervals are " +
            $"percentiles over {Figures.Count(TextBootstrap.Resamples)} draws of whole texts." +
            (b.Sample.Texts < TextBootstrap.FewTexts ? $" With {Figures.Of(b.Sample.Texts, "text")} such intervals are too narrow: about {TextBootstrap.FewTexts} are wanted." : ""), width));
        text.Append(Wrapped.Of(BentovTables.Sides(b.Sides, "gain"), width)).Append('\n');
        text.Append(Correlations(b, width)).Append('\n');
        text.Append(BentovTables.Lines(b.GainLine, b.DistanceLine, b.Proportionality, b.Crossing, width)).Append('\n');
        text.Append(Bins(b.Bins, width)).Append('\n');
        return text.Append(BentovText.Confounders(b.Adjustments, b.NotHeldFixed, b.Sublayers, width)).ToString();
    }

    static string Correlations(BentovPositions b, int width)
    {
        var reasons = new Reasons();
        return TextTable.Of(["", "value", "95 % interval by text"],
        [
            Row("r(G, H)", b.OfGain.Pearson), Row("ρ(G, H)", b.OfGain.Spearman), Row("r(|G−1|, H)", b.OfDistance.Pearson), Row("ρ(|G−1|, H)", b.OfDistance.Spearman),
            Row("share below 1", b.ShareBelow),
        ], width) + reasons.Text(width);

        IReadOnlyList<string> Row(string name, Figure<ClusteredFigure> figure) =>
        [
            name, reasons.Cell(figure, f => SignedFigures.Of(f.Value), name),
            figure.Value is { } f ? reasons.Cell(f.Interval95, SignedFigures.Span, $"interval of {name}") : Figures.Missing,
        ];
    }

    static string Bins(IReadOnlyList<EntropyBin> bins, int width)
    {
        var reasons = new Reasons();
        return TextTable.Of(["H, nats", "n", "texts", "mean G", "95 % interval", "below 1", "MLP align.", "attn align."], [.. bins.Select(IReadOnlyList<string> (bin) =>
        {
            string name = Name(bin);
            return
            [
                name, Figures.Count(bin.N), Figures.Count(bin.Texts), reasons.Cell(bin.MeanGain, Figures.Real, name),
                bin.N == 0 ? Figures.Missing : reasons.Cell(bin.Interval95, i => $"{Figures.Real(i.Low)}–{Figures.Real(i.High)}", $"interval of {name}"),
                SignedFigures.Share(bin.Below, bin.N), Mean(bin.MeanAlignMlp), Mean(bin.MeanAlignAttn),
            ];
        })], width) + reasons.Text(width) + Wrapped.Of(
            "Alignment: ⟨what the sublayer adds, h⟩/‖h‖², mean over the bin; negative where it writes against the stream.", width);

        static string Mean(Figure<double> figure) => figure.Value is { } value ? SignedFigures.Of(value) : Figures.Missing;
    }

    /// <summary>"0.1–0.5", "over 7".</summary>
    internal static string Name(EntropyBin bin) =>
        bin.To is { } to ? string.Create(CultureInfo.InvariantCulture, $"{bin.From:0.#}–{to:0.#}") : string.Create(CultureInfo.InvariantCulture, $"over {bin.From:0.#}");
}

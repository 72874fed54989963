using Castalia.Hypotheses;
using Castalia.Hypotheses.OverTwins;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Tests.Twins;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Reports;

public sealed class TwinResultsReportTests
{
    [Fact]
    public void A_study_is_shown_with_cells_verdicts_and_what_it_cannot_say()
    {
        var table = MadeUpStudy.Of(ShippedStudy.Of("heads")!.Plan, twin => new Dictionary<string, double> { ["gain"] = 1.5 - 0.1 * Math.Log2(MadeUpStudy.Number(twin, "heads")) + MadeUpStudy.Noise(twin) });
        var hypothesis = HypothesisFiles.BuiltIn().Single(h => h.Id == "h11-head-crowding");
        var verdict = TwinEvaluation.Of(hypothesis, new(new Dictionary<string, TwinTable> { ["heads"] = table }, []), TestContext.Current.CancellationToken)!;
        var result = new StudyResult(new("heads", table.Text()), [(hypothesis, verdict)]);
        string list = Words(TwinResultsReport.List([result], new([verdict]))), one = Words(TwinResultsReport.One(result, 1));
        foreach (string page in new[] { list, one })
        {
            Assert.Contains("heads: Do more heads of one width lower the gain?", page, StringComparison.Ordinal);
            Assert.Contains("20 networks, 5 seeds in each of 4 cells, 9,664 parameters and 1,920 tokens each.", page, StringComparison.Ordinal);
            Assert.Contains("Pythia-6.9B has 710,000 times the parameters", page, StringComparison.Ordinal);
            Assert.Contains("Crowded heads lower the gain at equal depth and width: supported", page, StringComparison.Ordinal);
            Assert.Contains("It cannot say: heads of 4 to 32 dimensions", page, StringComparison.Ordinal);
            Assert.Contains("castalia twins heads --out DIR", page, StringComparison.Ordinal);
        }
        Assert.Contains("heads=8 5 0.500 1.", one, StringComparison.Ordinal);
        var document = StudiesDocument.Of([result], new([verdict]), withNetworks: true).Studies[0];
        Assert.Equal((20, 20, "supported"), (document.Planned, document.Networks!.Count, document.Hypotheses[0].Twins.Verdict));
        Assert.Equal(["1", "2", "4", "8"], document.Crossed["heads"]);
    }

    static string Words(Page page) => string.Join(' ', TerminalPrinter.Of(page, 200).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

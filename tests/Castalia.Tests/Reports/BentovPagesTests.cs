using Castalia.Analyses;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Tests.Analyses;
using Xunit;
using static Castalia.Tests.Reports.Snapshots;

namespace Castalia.Tests.Reports;

public sealed class BentovPagesTests
{
    [Fact]
    public void A_page_of_a_dampener_says_that_the_changed_sign_is_arithmetic()
    {
        var bentov = Bentov.Of([Samples.Published("Pythia-6.9B"), Samples.Published("GPT2-Large")], null, seed: 1);
        Snapshot("bentov-published.txt", TerminalPrinter.Of(BentovReport.Of(bentov, "runs"), 80));
    }

    [Fact]
    public void Pages_of_positions_and_of_two_samples_read_as_committed()
    {
        var bentov = Bentov.Of([Prompts(), Last()], [Text()], seed: 1);
        Snapshot("bentov-positions.txt", TerminalPrinter.Of(BentovReport.Of(bentov, "runs"), 120));
    }

    [Fact]
    public void A_page_of_categories_reads_as_committed() =>
        Snapshot("categories.txt", TerminalPrinter.Of(CategoriesReport.Of([Categories.Of(Prompts(), seed: 1), Categories.Of(Last(), seed: 1)], "runs", seed: 1), 80));

    [Fact]
    public void A_page_of_sizes_reads_as_committed() =>
        Snapshot("scaling.txt", TerminalPrinter.Of(ScalingReport.Of(Scaling.Of([Size("tiny", 70_000_000, 0, 1.5), Size("small", 410_000_000, 1, 1.8), Size("large", 6_900_000_000, 1, 6.3)]), "runs", seed: 1), 80));

    static ScaledModel Size(string name, long parameters, int contracting, double mlp) => new(
        "run", name, "gpt_neox", parameters, [new(0, contracting > 0 ? 0.5 : 1.5, 1), new(1, 1.2, mlp)], Describe.Of([1.1, 1.2, 0.9 + Math.Log10(parameters) / 20], 1));

    static GainSample Prompts() => Samples.Of(
        Enumerable.Range(0, 24).Select(i => Samples.Point(i, 0.9 + 0.03 * (i % 7) + 0.1 * (i % 3), 0.5 + i * 7 % 11 * 0.4, i % 3 == 0 ? "factual" : i % 3 == 1 ? "novel" : "a category of long name", 4 + i % 5, 0.9 - 0.07 * (i * 7 % 11) + 0.01 * (i % 4))),
        run: "prompts");

    static IEnumerable<GainPoint> Points() =>
        Enumerable.Range(0, 240).Select(i => Samples.Point(i / 30, 0.97 + 0.04 * (i * 5 % 13) + 0.01 * (i / 30), i * 11 % 17 * 0.45, length: 2 + i % 30, probability: 0.95 - 0.05 * (i * 11 % 17) + 0.01 * (i % 5)));

    static GainSample Text() => Samples.Of(Points(), Sampling.EveryPosition, run: "text", hasPositions: true);

    static GainSample Last() => Samples.Of(Points().Where((_, i) => i % 30 == 29), run: "text", hasPositions: true);
}

using Castalia.Errors;
using Castalia.Hub;
using Castalia.Sweeps;
using Xunit;

namespace Castalia.Tests.Sweeps;

public sealed class NamePatternTests
{
    static IReadOnlyList<string> Names(string models) => [.. SweepPlanReader.Of(
        new("p.yaml", $"checkpoints:\n  - models: {models}\ntasks:\n  - verb: measure\n", SweepPlanReader.Format), () => new HubCache("/nowhere")).Cells.Select(cell => cell.Named)];

    [Theory]
    [InlineData("o/m", "o/m")]
    [InlineData("o/m-{a,b}", "o/m-a o/m-b")]
    [InlineData("o/m{1..8}", "o/m1 o/m2 o/m4 o/m8")]
    [InlineData("o/m{0,1,2,4..16,20..40..10}x", "o/m0x o/m1x o/m2x o/m4x o/m8x o/m16x o/m20x o/m30x o/m40x")]
    [InlineData("o/{a,b}-{1..3..1}", "o/a-1 o/a-2 o/a-3 o/b-1 o/b-2 o/b-3")]
    [InlineData("[o/a, \"o/{b,c}\"]", "o/a o/b o/c")]
    [InlineData("o/{a,a}", "o/a")]
    public void Braces_stand_for_names(string pattern, string names) => Assert.Equal(names.Split(' '), Names(pattern.StartsWith('[') ? pattern : $"\"{pattern}\""));

    [Fact]
    public void Pythia_has_154_steps()
    {
        var plan = SweepPlanReader.Read(Path.Combine(Shared.Repository, "plans", "pythia-steps.yaml"), () => new HubCache("/nowhere"));
        var steps = plan.Cells.Select(cell => cell.Named).Where(name => name.StartsWith("EleutherAI/pythia-70m@", StringComparison.Ordinal)).Distinct().ToList();
        Assert.Equal(154, steps.Count);
        Assert.Equal(["EleutherAI/pythia-70m@step256", "EleutherAI/pythia-70m@step512", "EleutherAI/pythia-70m@step1000", "EleutherAI/pythia-70m@step2000"], steps[9..13]);
        Assert.Equal("EleutherAI/pythia-70m@step143000", steps[^1]);
        Assert.Equal(5 * 154 * 2, plan.Cells.Count);
    }

    [Theory]
    [InlineData("study", 30)]
    [InlineData("polypythias", 45 * 24)]
    public void Other_plans_that_ship_are_read(string plan, int cells) =>
        Assert.Equal(cells, SweepPlanReader.Read(Path.Combine(Shared.Repository, "plans", $"{plan}.yaml"), () => new HubCache("/nowhere")).Cells.Count);

    [Theory]
    [InlineData("o/m{4..500}", "has '4..500', which does not meet 500: from 4 it doubles; for every number write 4..500..1")]
    [InlineData("o/m{1..10..4}", "has '1..10..4', which does not meet 10")]
    [InlineData("o/m{0..8}", "has '0..8', which does not meet 8: from 0 it doubles; for every number write 0..8..1")]
    [InlineData("o/m{5..1..1}", "has '5..1..1', which does not meet 1")]
    [InlineData("o/m{1..9..0}", "has '1..9..0', which does not meet 9")]
    [InlineData("o/m{a..b}", "has 'a..b', which is no series of whole numbers")]
    [InlineData("o/m{1..2..3..4}", "has '1..2..3..4', which is no series of whole numbers")]
    [InlineData("o/m{1,}", "has an empty alternative")]
    [InlineData("o/m{1", "opens a brace that is not closed, or closes one that is not open")]
    [InlineData("o/m1}", "closes a brace that is not open")]
    [InlineData("o/{a{b}}", "has braces within braces")]
    public void Others_are_refused_at_their_place(string pattern, string why)
    {
        var fault = Assert.Throws<InputException>(() => Names($"\"{pattern}\""));
        Assert.Equal($"'{pattern}' {why}.", fault.Cause);
        Assert.Equal("p.yaml, line 2, column 13", fault.Place);
    }

    [Theory]
    [InlineData("o/m{1..2000000000..1}")]
    [InlineData("o/m{1..1000..1}{1..1000..1}")]
    public void Too_many_are_refused(string pattern) => Assert.Contains("at most 20000 are planned", Assert.Throws<InputException>(() => Names($"\"{pattern}\"")).Cause, StringComparison.Ordinal);

    public static TheoryData<string> Large => new()
    {
        $"[{string.Join(", ", Enumerable.Repeat("\"o/m{1..20000..1}\"", 128))}]", // names that are equal
        $"\"o/m{{{string.Join(",", Enumerable.Repeat("1..20000..1", 128))}}}\"",
        $"\"o/{string.Concat(Enumerable.Repeat("{a}", 20_000))}\"", // every brace writes the name anew
        $"\"o/{new string('m', 5_000)}{{1..2000..1}}\"",
    };

    [Theory]
    [MemberData(nameof(Large))]
    public void A_few_lines_that_stand_for_more_than_a_memory_holds_are_refused_before_they_are_written_out(string models)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InputException>(() => Names(models));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32L << 20);
    }

    [Fact]
    public void Revisions_and_tasks_that_are_named_again_and_again_are_counted()
    {
        string many = string.Join("", Enumerable.Repeat("  - models: \"o/m{1..150..1}\"\n    revisions: \"r{1..150..1}\"\n", 100)), tasks = string.Concat(Enumerable.Range(1, 1_100).Select(i => $"  - {{ verb: explain, blocks: \"{i}\" }}\n"));
        Assert.Contains("at most 20000 are planned", Assert.Throws<InputException>(() => Of(many + "tasks:\n  - verb: measure\n")).Cause, StringComparison.Ordinal);
        Assert.Contains("at most 1000 are planned", Assert.Throws<InputException>(() => Of("  - models: o/m\ntasks:\n" + tasks)).Cause, StringComparison.Ordinal);
    }

    static SweepPlan Of(string text) => SweepPlanReader.Of(new("p.yaml", $"checkpoints:\n{text}", SweepPlanReader.Format), () => new HubCache("/nowhere"));
}

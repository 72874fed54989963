using Castalia.Cli.Progress;
using Castalia.Forward;
using Castalia.Reports;
using Castalia.Wording;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>A terminal of 60 columns: no line is wider, no word is broken, and nothing of the progress stays.</summary>
public sealed class NarrowTerminalTests
{
    const int Columns = 60;

    static readonly string Llama = Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", "gqa");

    [Fact]
    public void Progress_is_one_line_that_is_gone_at_the_end()
    {
        var written = new StringWriter();
        TerminalBars.Run(written, () => Columns, () => 24, TimeProvider.System, progress =>
        {
            progress.Message(string.Join(' ', Enumerable.Repeat("message", 30)));
            var model = progress.Model(new string('m', 50));
            for (int block = 0; block <= 30; block++)
            {
                model.Report(new(block, 30, block * 1_000_000L, 30_000_000));
                if (block == 15) progress.Message("another message");
                Thread.Sleep(10);
            }
        });
        string[] screen = Screen(written.ToString());
        Assert.Equal(
            ["castalia: message message message message message message", .. Enumerable.Repeat("  message message message message message message message", 3), "  message message message", "another message"],
            screen.Select(line => line.Replace("castalia: another", "another", StringComparison.Ordinal)));
        Assert.All(screen, line => Assert.True(line.Length <= Columns, line));
    }

    [Theory]
    [InlineData(59)]
    [InlineData(30)]
    [InlineData(8)]
    public void Its_line_is_never_wider_than_its_room(int room)
    {
        foreach (string text in new[] { "", "m", new string('m', 200) })
            foreach (double share in new[] { 0, 0.5, 1 })
            {
                string line = TerminalLine.Line(text, share, TimeSpan.FromSeconds(10), room);
                Assert.True(line.Length <= room, line);
            }
        Assert.Equal("wiring=se…-3 seed 1: 120 of 600, loss 2.310  20 %, 0:40 left", TerminalLine.Line("wiring=sequential,learning_rate=1e-3 seed 1: 120 of 600, loss 2.310", 0.2, TimeSpan.FromSeconds(10), 60, name: 43));
        Assert.Equal("wiri…ed 1: 120 of…  20 %", TerminalLine.Line("wiring=sequential,learning_rate=1e-3 seed 1: 120 of 600, loss 2.310", 0.2, TimeSpan.FromSeconds(1), 24, name: 43));
        Assert.EndsWith(" 80 %, 0:20 left", TerminalLine.Line("gone on with: 480 of 600", 0.8, TimeSpan.FromSeconds(20.5), 59, from: 0.6), StringComparison.Ordinal);
        Assert.EndsWith(" 60 %", TerminalLine.Line("gone on with: 360 of 600", 0.6, TimeSpan.FromSeconds(20), 59, from: 0.6), StringComparison.Ordinal);
        Assert.Equal("model: block 3 of 6 ━━━━━━━━━━──────────  50 %, 0:10 left", TerminalLine.Line("model: block 3 of 6", 0.5, TimeSpan.FromSeconds(10), 59));
    }

    [Fact]
    public void Lines_are_broken_at_spaces_and_hang()
    {
        Assert.Equal("  where: a\n    b c", Wrapped.Lines("  where: a b c", 10));
        Assert.Equal("short\n/a/path/that/is/longer", Wrapped.Lines("short\n/a/path/that/is/longer", 10));
    }

    [Fact]
    public void Every_page_keeps_within_its_columns()
    {
        using var folder = new TemporaryFolder();
        string prompts = folder.Write("p.jsonl", string.Concat(Enumerable.Range(1, 12).Select(i =>
            $"{{\"ids\": [{i}, {i + 1}, {i + 2}], \"category\": \"{(i % 2 == 0 ? "even" : "odd")}\"}}\n"))), runs = Path.Combine(folder.Path, "runs");
        Narrow(["measure", Llama, "--prompts", prompts, "--positions", "all", "--out", runs]);
        foreach (string verb in new[] { "runs", "gains", "categories", "bentov", "scaling", "conventions", "hypotheses" }) Narrow([verb, "--runs", runs]);
        Narrow(["bentov", "--positions", "--runs", runs]);
        Narrow(["hypotheses", "h13", "--runs", runs]);
        Narrow(["hypotheses", "h13", "--claim"]);
        Narrow(["plan", Llama, "--prompts", prompts]);
        Narrow(["describe", Llama]);
        Narrow(["families"]);
        Narrow(["families", "Llama", "GPT-J"]);
        Narrow(["published"]);
        foreach (string verb in Castalia.Cli.CommandLine.VerbNames) Narrow([verb, "--help"]);
        Narrow(["--help"]);
    }

    static void Narrow(string[] args)
    {
        string[] screen = WideTerminal.Castalia(Columns, args).Replace("\r", "", StringComparison.Ordinal).Split('\n');
        // A word that is wider than a line cannot be broken: a path, a list of choices.
        Assert.All(screen, line => Assert.True(
            line.Length <= Columns || line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries).Max(word => word.Length) > Columns / 2,
            $"castalia {string.Join(' ', args)}: {line}"));
    }

    /// <summary>What is seen in the end of a text that moves the cursor by CR, LF and "erase to the end of the line" alone.</summary>
    static string[] Screen(string written)
    {
        List<string> lines = [""];
        for (int i = 0, column = 0; i < written.Length; i++)
        {
            if (written[i] == '\n') (lines, column) = ([.. lines, ""], 0);
            else if (written[i] == '\r') column = 0;
            else if (written.AsSpan(i).StartsWith("\e[K"))
            {
                lines[^1] = lines[^1][..column];
                i += 2;
            }
            else
            {
                Assert.False(char.IsControl(written[i]));
                lines[^1] = lines[^1][..Math.Min(column, lines[^1].Length)] + written[i] + (column + 1 < lines[^1].Length ? lines[^1][(column + 1)..] : "");
                column++;
            }
        }
        Assert.Equal("", lines[^1]);
        return [.. lines.SkipLast(1)];
    }
}

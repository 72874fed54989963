using Castalia.Analyses;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Reports.Sections;
using Castalia.Statistics;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Browser;

/// <summary>Makes the reports that are opened.</summary>
static class ReportsToOpen
{
    /// <summary>What a page must show and never obey; the last has ten thousand characters.</summary>
    public static readonly string[] Names =
    [
        "<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "{{x}} ${x} {b}", "=1+1 \u202ethgir\u202c \u200f", "+1\"'`&amp;<b>", "@sum|'\t", new('W', 10_000),
    ];

    /// <summary>From the command's own runs; the checkpoint's folder and its prompts have awkward names.</summary>
    public static string Measured(TemporaryFolder folder)
    {
        string own = Path.Combine(folder.Path, "runs"), file = Path.Combine(folder.Path, "measured.html"), checkpoint = Path.Combine(folder.Path, Names[0]);
        string models = Path.Combine(Shared.Repository, "tests", "golden", "models");
        Directory.CreateDirectory(checkpoint);
        foreach (string one in Directory.GetFiles(Path.Combine(models, "llama", "gqa"))) File.Copy(one, Path.Combine(checkpoint, Path.GetFileName(one)));
        string prompts = folder.Write("p.jsonl", string.Concat(Enumerable.Range(0, 6).Select(i =>
            $"{{\"name\":\"</script> {i}\",\"ids\":[{string.Join(',', Enumerable.Range(1, 4 + i).Select(t => (7 * t + i) % 40))}],\"category\":\"{(i % 2 == 0 ? "=a" : "<b>")}\"}}\n")));
        string changes = folder.Write("do.yaml", "- do: zero\n  each: head\n  blocks: last\n- do: zero\n  each: neuron\n  random: { count: 5, seed: 3 }\n  blocks: last\n");
        Castalia("explain", checkpoint, "--prompts", prompts, "--blocks", "all", "--weights", "--out", own);
        Castalia("intervene", checkpoint, "--prompts", prompts, "--do", changes, "--out", own);
        Castalia("dynamics", checkpoint, "--prompts", prompts, "--blocks", "all", "--out", own);
        foreach (string neox in new[] { "pythia", "fp16-sharded" }) Castalia("measure", Path.Combine(models, "gpt_neox", neox), "--prompts", prompts, "--positions", "all", "--out", own);
        Castalia("report", "--runs", own, "--out", file);
        return file;
    }

    static void Castalia(params string[] arguments)
    {
        var (code, _, error) = CommandLineTests.Castalia(arguments);
        Assert.True(code == 0, error);
    }

    /// <summary>From made-up figures, every name of which is hostile.</summary>
    public static string Hostile(TemporaryFolder folder) => folder.Write("hostile.html", HtmlPrinter.Of(HostilePage, ReportPage.Title));

    /// <summary>That report as a page.</summary>
    public static Page HostilePage => s_hostile.Value;

    static readonly Lazy<Page> s_hostile = new(() => ReportPage.Of(new() { Models = [.. Names.Select(Model)], Store = null, Study = null }, null));

    static ReportedModel Model(string name, int index)
    {
        ReportedPrompt[] prompts =
        [
            .. Names.Select((prompt, i) => new ReportedPrompt(prompt, Names[(i + 1) % Names.Length], Names[(i + 2) % Names.Length], [i, 2, 3], 0.9 + 0.05 * i + 0.1 * index, 1 + i * 0.7 % 3)
            {
                StepRatio = 0.2 + 0.1 * i, CosTheta = -0.4 + 0.1 * i, TopPiece = Names[(i + 3) % Names.Length],
            }),
        ];
        var gain = Describe.Of([.. prompts.Select(prompt => prompt.Gain!.Value)], 1);
        return new(name, name, 4, gain, GainStatuses.Of(gain.Interval95), prompts) { Index = index };
    }
}

using Castalia.Errors;
using Castalia.Tests.Verbs;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Twins;

/// <summary>A study of several networks side by side.</summary>
public sealed class TwinStudyTests : IDisposable
{
    const string Base = "blocks: 2, width: 16, heads: 2, steps: 4, warm_up: 1, batch: 2, tokens: 24, vocabulary: 96";

    readonly TemporaryFolder _folder = new();

    static TwinPlan Read(string text) => TwinPlanReader.Of(new("p.yaml", text, TwinPlanReader.Format));

    [Fact]
    public void Nothing_depends_on_how_many_are_trained_at_once()
    {
        string plan = _folder.Write("p.yaml", $"base: {{ {Base} }}\ncross: {{ blocks: [1, 2] }}\nseeds: 2\nkeep: last\n".Replace("blocks: 2, ", "", StringComparison.Ordinal));
        string one = Path.Combine(_folder.Path, "one"), three = Path.Combine(_folder.Path, "three");
        foreach (var (folder, threads) in new[] { (one, "1"), (three, "3") })
            Assert.Equal(0, InProcess.Run(["twins", plan, "--out", folder, "--threads", threads]).Code);
        string curves = File.ReadAllText(Path.Combine(one, "curves.csv"));
        Assert.Equal(curves, File.ReadAllText(Path.Combine(three, "curves.csv")));
        foreach (string weights in Directory.GetFiles(one, "model.safetensors", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(weights), File.ReadAllBytes(Path.Combine(three, Path.GetRelativePath(one, weights))));
        string[] lines = curves.Split('\n');
        Assert.Equal("plan,cell,seed,step,loss_nats,gain_0,gain_1,settled,open,long_range,below_one_share", lines[0]);
        Assert.Equal(1 + 4 * 4 + 1, lines.Length);
        Assert.StartsWith("p,blocks=1,1,0,,", lines[1], StringComparison.Ordinal);
        Assert.Equal("", lines[1].Split(',')[6]);
        Assert.Equal(
            ["blocks-1-seed-1", "blocks-1-seed-2", "blocks-2-seed-1", "blocks-2-seed-2"],
            Directory.GetDirectories(Path.Combine(three, "runs")).Select(run => Path.GetFileName(run)).Order(StringComparer.Ordinal).Select(name => name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..]));
    }

    [Fact]
    public void One_that_diverges_is_reported_beside_the_rest()
    {
        string plan = _folder.Write("p.yaml", $"base: {{ {Base}, clip: none }}\ncross: {{ learning_rate: [1000, 1e-3] }}\nseeds: 1\n".Replace("steps: 4", "steps: 40", StringComparison.Ordinal));
        plan = _folder.Write("p.yaml", File.ReadAllText(plan).Replace("clip: none", "clip: none, initial_scale: 1000", StringComparison.Ordinal));
        string folder = Path.Combine(_folder.Path, "out");
        var run = InProcess.Run(["twins", plan, "--out", folder, "--threads", "2"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("of 2 networks could not be trained and measured. learning_rate=1000 seed 1: ", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "curves.csv")));
    }

    [Fact]
    public void Memory_says_how_many_are_trained_at_once_and_refuses_what_cannot_fit()
    {
        var plan = Read("base: { blocks: 4, width: 64, heads: 4 }\ncross: { width: [64, 128] }\nseeds: 3\n".Replace("width: 64, ", "", StringComparison.Ordinal));
        var all = StudyForecast.Of(plan, 4, long.MaxValue);
        Assert.Equal(4, all.AtOnce);
        List<StudyForecast> fewer = [all];
        while (fewer[^1].AtOnce > 1) fewer.Add(StudyForecast.Of(plan, 4, fewer[^1].Bytes - 1));
        Assert.Equal([4, 3, 2, 1], fewer.Select(forecast => forecast.AtOnce));
        var one = fewer[^1];
        var refused = Assert.Throws<InputException>(() => StudyForecast.Of(plan, 4, one.Bytes - 1));
        Assert.StartsWith("The largest network of the plan needs about ", refused.Cause, StringComparison.Ordinal);
        Assert.StartsWith("Write a smaller batch, fewer tokens, or smaller networks", refused.Remedy, StringComparison.Ordinal);
        Assert.Matches("^needs about [0-9]+ MiB of memory, 4 of 6 networks at once; [0-9.]+ GiB are available$", all.Said);
    }

    [Fact]
    public void A_plan_that_does_not_fit_trains_nothing()
    {
        string plan = _folder.Write("p.yaml", $"base: {{ {Base} }}\n"), folder = Path.Combine(_folder.Path, "out");
        var run = InProcess.Run(["twins", plan, "--out", folder, "--memory", "1MB"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("The largest network of the plan needs about", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    /// <summary>Against the largest resident set as the kernel counted it; as of measurements, within 1.6.</summary>
    [Fact]
    public async Task What_is_foretold_is_what_is_taken()
    {
        Assert.SkipUnless(File.Exists("/proc/self/status"), "needs Linux's /proc");
        string text = "base: { blocks: 3, width: 128, heads: 4, steps: 1, warm_up: 1, batch: 32, tokens: 96, vocabulary: 512 }\nseeds: 2\nkeep: last\n";
        string plan = _folder.Write("p.yaml", text);
        using var process = CommandLineTests.Start(["twins", plan, "--out", Path.Combine(_folder.Path, "out"), "--threads", "2"]);
        long peak = 0;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (!process.HasExited)
        {
            peak = Math.Max(peak, Peak(process.Id));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        Assert.Contains("2 networks", await output, StringComparison.Ordinal);
        Assert.InRange((double)StudyForecast.Of(Read(text), 2, long.MaxValue).Bytes / peak, 1 / 1.6, 1.6);
    }

    static long Peak(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    public void Dispose() => _folder.Dispose();
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Castalia.Twins;
using Castalia.Untrained;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>The shipped twins by their names, and trained again.</summary>
public sealed class ShippedTwinsVerbTests
{
    [Theory]
    [InlineData("describe")]
    [InlineData("tokens")]
    public void A_twin_is_named_like_a_checkpoint(string verb)
    {
        using var folder = new TemporaryFolder();
        string[] more = verb == "tokens" ? ["--prompt", "."] : [];
        var (code, output, error) = CommandLineTests.Castalia([verb, ShippedTwins.Names[^1], .. more, "--json"], ("XDG_CACHE_HOME", folder.Path));
        Assert.True(code == 0, error);
        Assert.NotNull(JsonNode.Parse(output));
        Assert.Equal([ShippedTwins.Names[^1]], Directory.GetDirectories(Path.Combine(folder.Path, "castalia")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_plan_of_a_sweep_names_a_twin_and_an_untrained_network()
    {
        using var folder = new TemporaryFolder();
        string plan = Path.Combine(folder.Path, "plan.yaml");
        File.WriteAllText(plan, $"name: by-name\ncheckpoints:\n  - models: [{ShippedTwins.Names[^1]}, {UntrainedNetworks.Names[0]}]\ntasks:\n  - verb: measure\n    prompts: standard-25\nseed: 1\n");
        var (code, output, error) = CommandLineTests.Castalia(["sweep", plan, "--out", Path.Combine(folder.Path, "out"), "--dry-run"], ("XDG_CACHE_HOME", folder.Path));
        Assert.True(code == 0, error);
        Assert.Contains(Path.Combine(folder.Path, "castalia", ShippedTwins.Names[^1]), output, StringComparison.Ordinal);
        Assert.DoesNotContain("hub", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_twin_that_is_not_shipped_is_a_path()
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = CommandLineTests.Castalia(["describe", "twin-of-nobody"], ("XDG_CACHE_HOME", folder.Path));
        Assert.Equal(2, code);
        Assert.Contains("twin-of-nobody", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("twins plan.yaml --verify")]
    [InlineData("twins --verify --out x")]
    public void A_verification_takes_no_plan_and_no_folder(string line)
    {
        var (code, output, error) = CommandLineTests.Castalia(line.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("castalia: --verify trains the shipped twins, in a temporary folder, and goes with no PLAN and no --out.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_verification_removes_its_folder()
    {
        using var folder = new TemporaryFolder();
        var (code, error) = Interrupted(["twins", "--verify", "--threads", "2"], folder.Path, "training");
        Assert.Equal(143, code);
        Assert.EndsWith("castalia: interrupted; nothing was compared, and the temporary folder is removed.\n", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(folder.Path), path => path.Contains("castalia-twins", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_plan_the_shipped_one_is_carried_out()
    {
        using var folder = new TemporaryFolder();
        var (code, error) = Interrupted(["twins", "--out", Path.Combine(folder.Path, "study")], folder.Path, "network 1 of");
        Assert.Equal(143, code);
        Assert.Contains($"no PLAN: the shipped one, {ShippedTwins.All.Count} networks", error, StringComparison.Ordinal);
        Assert.Contains($"network 1 of {ShippedTwins.All.Count}: {ShippedTwins.Plan.Twins[0].Name}", error, StringComparison.Ordinal);
    }

    /// <summary>Runs a command until it says something, and then ends it by SIGTERM.</summary>
    static (int Code, string Error) Interrupted(string[] args, string scratch, string until)
    {
        using var process = CommandLineTests.Start(args, ("TMPDIR", scratch));
        string error = "";
        while (process.StandardError.ReadLine() is { } line)
        {
            error += line + "\n";
            if (line.Contains(until, StringComparison.Ordinal)) break;
        }
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) kill.WaitForExit();
        error += process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        return (process.ExitCode, error);
    }
}

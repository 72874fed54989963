using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Tests.Verbs;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Checkpoints;

public sealed class MalformedCheckpointTests
{
    public static TheoryData<string> Names => [.. MalformedCheckpoints.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_refused_with_cause_place_and_remedy_and_let_go(string name)
    {
        var @case = MalformedCheckpoints.All.Single(c => c.Name == name);
        using var folder = new TemporaryFolder();
        @case.Build(folder);
        var error = Assert.Throws<InputException>(() => Checkpoint.Open(Path.Combine(folder.Path, @case.Open)));
        Assert.All(@case.Expected, fragment => Assert.Contains(fragment, error.Message, StringComparison.Ordinal));
        Assert.All([error.Cause, error.Place, error.Remedy], part => Assert.False(string.IsNullOrWhiteSpace(part)));
        Assert.Contains(folder.Path, error.Place, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux()) Assert.DoesNotContain(folder.Path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Measuring_it_ends_with_2_and_one_message_and_no_run_folder(string name)
    {
        var @case = MalformedCheckpoints.All.Single(c => c.Name == name);
        using var folder = new TemporaryFolder();
        @case.Build(folder);
        string runs = Path.Combine(folder.Path, "runs");
        var (code, output, error) = CommandLineTests.Castalia(["measure", Path.Combine(folder.Path, @case.Open), "--out", runs]);
        Assert.Equal((2, ""), (code, output));
        Assert.All(@case.Expected, fragment => Assert.Contains(fragment, error, StringComparison.Ordinal));
        Assert.Single(error.Split('\n'), line => line.StartsWith("  where: ", StringComparison.Ordinal));
        Assert.Single(error.Split('\n'), line => line.StartsWith("  to do: ", StringComparison.Ordinal));
        Assert.False(Directory.Exists(runs) && Directory.GetFileSystemEntries(runs).Length > 0);
    }

    [Fact]
    public void There_are_at_least_forty_of_either_kind_together() => Assert.InRange(MalformedCheckpoints.All.Count, 80, int.MaxValue);

    /// <summary>Flipped, cut and doubled bytes: opened or refused, never anything else.</summary>
    [Fact]
    public void Damaged_files_are_opened_or_refused() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 2], Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 400]).Sample((gguf, how, at, value, other) =>
        {
            byte[] bytes = gguf ? GgufBytes.Correct().File() : SafetensorsBytes.File();
            at %= bytes.Length;
            other %= bytes.Length;
            bytes = how switch
            {
                0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
                1 => bytes[..at],
                _ => [.. bytes[..at], .. bytes[other..]],
            };
            using var folder = new TemporaryFolder();
            folder.Write("config.json", "{}");
            string file = folder.Write(gguf ? "m.gguf" : "model.safetensors", bytes);
            try
            {
                using var checkpoint = Checkpoint.Open(gguf ? file : folder.Path);
                Assert.All(checkpoint.Tensors.Values, t => Assert.InRange(t.ByteLength, 0, bytes.Length));
            }
            catch (InputException e)
            {
                Assert.NotEmpty(e.Remedy);
            }
        }, iter: 3000);
}

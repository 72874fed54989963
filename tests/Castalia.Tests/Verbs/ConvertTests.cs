using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class ConvertTests
{
    static readonly string Gpt2 = Golden.Load("gpt2/as-shipped").Checkpoint;

    [Fact]
    public void Convert_writes_the_folder_and_says_what_rounding_cost()
    {
        using var folder = new TemporaryFolder();
        string to = Path.Combine(folder.Path, "out");
        var (code, output, error) = CommandLineTests.Castalia(["convert", Gpt2, to, "--dtype", "f16", "--shard-size", "100KB"]);
        Assert.True(code == 0, error);
        Assert.StartsWith($"{Gpt2}\n→ {to}\n  GPT-2: 52 tensors (52 F16), 0.4 MB in ", output);
        string words = string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("; read back and found equal; ", words);
        Assert.Matches(@"Rounding: 218,\d{3} of 218,432 values changed \(99\.\d+%\); relative error at most \d\.\de-3 \(in h\.\d\.[\w.]+\), root mean square 2\.\de-4; 0 became 0, \d+ subnormal\.", words);
        Assert.Contains("Left out, as nothing reads them or they are stored twice: 4 tensors (see the notes).", words);
        Assert.Contains("Note: 4 × h.{layer}.attn.bias: known to be unused, not read", words);
        Assert.Equal("castalia: as-shipped: converting\n", error);
        Assert.True(File.Exists(Path.Combine(to, "model.safetensors.index.json")));
        Assert.Equal([to], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Nothing_rounded_is_said_too()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = CommandLineTests.Castalia(["convert", Gpt2, Path.Combine(folder.Path, "out")]);
        Assert.True(code == 0, error);
        Assert.Contains("  Rounding: none. All 218,432 values are exactly those of the checkpoint.\n", output);
    }

    [Theory]
    [InlineData("--dtype q8_0", "castalia: --dtype takes keep, f32, f16, bf16, not 'q8_0'.\nSee 'castalia convert --help'.\n")]
    [InlineData("--shard-size 5TB", "castalia: --shard-size takes a whole number with KB, MB or GB after it, not '5TB'.\nSee 'castalia convert --help'.\n")]
    [InlineData("--shard-size 0", "castalia: --shard-size takes a whole number with KB, MB or GB after it, not '0'.\nSee 'castalia convert --help'.\n")]
    [InlineData("--shard-size 9999999999999GB", "castalia: --shard-size takes a whole number with KB, MB or GB after it, not '9999999999999GB'.\nSee 'castalia convert --help'.\n")]
    public void Misspelt_options_are_usage_errors(string options, string message)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal((2, "", message), CommandLineTests.Castalia(["convert", Gpt2, Path.Combine(folder.Path, "out"), .. options.Split(' ')]));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_cannot_be_read_is_bad_input_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        string to = Path.Combine(folder.Path, "out");
        var (code, output, error) = CommandLineTests.Castalia(["convert", Path.Combine(folder.Path, "nothing-here"), to]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("  to do: ", error);
        (code, output, error) = CommandLineTests.Castalia(["convert", Gpt2, Gpt2]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("is not empty.", error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}

using Xunit;

namespace Castalia.Tests.Parity;

/// <summary>A golden that no test reads looks like evidence and is none.</summary>
public sealed class GoldenFolderTests
{
    static readonly string Folder = Path.Combine(Shared.Repository, "tests", "golden");

    static readonly string Sources = string.Join('\n', Directory
        .EnumerateFiles(Path.Combine(Shared.Repository, "tests", "Castalia.Tests"), "*.cs", SearchOption.AllDirectories)
        .Select(File.ReadAllText));

    [Fact]
    public void Every_model_in_the_folder_is_a_case_of_the_parity_tests() => Assert.Equal(
        Golden.Cases.Order(StringComparer.Ordinal),
        Directory.GetFiles(Path.Combine(Folder, "models"), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.Combine(Folder, "models"), Path.GetDirectoryName(file)!).Replace('\\', '/'))
            .Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void A_case_holds_its_golden_and_one_checkpoint_and_nothing_else(string @case)
    {
        string folder = Path.Combine([Folder, "models", .. @case.Split('/')]);
        string[] files = [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        string[] weights = [.. files.Where(name => name.StartsWith("model", StringComparison.Ordinal) || name.StartsWith("pytorch_model", StringComparison.Ordinal))];
        Assert.Equal(["config.json", "golden.json", "golden.safetensors"], files.Except(weights));
        if (weights is ["model.safetensors" or "pytorch_model.bin"]) return;
        Assert.EndsWith(".index.json", weights[^1], StringComparison.Ordinal);
        string index = File.ReadAllText(Path.Combine(folder, weights[^1]));
        Assert.All(weights[..^1], shard => Assert.Contains($"\"{shard}\"", index, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_other_golden_is_named_by_a_test()
    {
        var orphans = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
            .Where(file => file != "README.md" && !file.StartsWith("models/", StringComparison.Ordinal))
            .Where(file => !IsNamed(file));
        Assert.Empty(orphans);
    }

    /// <summary>A source names its file, the file without its ending, or the folder it is in.</summary>
    static bool IsNamed(string file)
    {
        string name = Path.GetFileName(file), stem = Path.GetFileNameWithoutExtension(file);
        string? folder = Path.GetFileName(Path.GetDirectoryName(file));
        return new[] { name, stem, folder }.Any(word => !string.IsNullOrEmpty(word) && Sources.Contains($"{word}\"", StringComparison.Ordinal));
    }
}

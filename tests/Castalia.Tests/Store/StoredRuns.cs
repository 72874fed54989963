using System.Security.Cryptography;
using Castalia.Errors;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Runs;
using Xunit;

namespace Castalia.Tests.Store;

/// <summary>Folders of runs for the tests of the store.</summary>
static class StoredRuns
{
    /// <summary>Writes one run of two models with all positions and ten prompts each; returns its folder.</summary>
    public static string Write(string parent)
    {
        var run = HandBuilt.Run(HandBuilt.TenPrompts(), HandBuilt.TenPrompts("other"));
        return RunFolder.Write(run with { Options = run.Options with { AllPositions = true } }, parent, CancellationToken.None);
    }

    /// <summary>Everything that can be seen of a folder's files: path, time of last change and hash of the bytes.</summary>
    public static string[] State(string folder) =>
    [
        .. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path =>
            $"{path} {File.GetLastWriteTimeUtc(path):O} {(File.Exists(path) && Castalia.Checkpoints.InputFile.KindOf(path) is null ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))) : "folder")}"),
    ];

    /// <summary>The error of a query.</summary>
    public static InputException Refusal(RunStore store, string sql) =>
        Assert.Throws<InputException>(() => store.Query(sql, TestContext.Current.CancellationToken));
}

using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Xunit;

namespace Castalia.Tests.Parity;

/// <summary>Activations as the project writes them, read back by the tests' own reader.</summary>
static class Traced
{
    static readonly IReadOnlySet<ResidualSite> EverySite = Enum.GetValues<ResidualSite>().ToHashSet();

    public static IReadOnlyDictionary<string, GoldenArray> Run(
        string checkpoint, IReadOnlyList<TokenizedPrompt> prompts, bool allPositions, int threads = 2)
    {
        string folder = Directory.CreateTempSubdirectory("castalia-").FullName;
        try
        {
            string file = Path.Combine(folder, "trace.safetensors");
            var options = new TraceOptions
            {
                Threads = threads,
                Sites = EverySite,
                FinalNorm = true,
                Logits = true,
                AllPositions = allPositions,
            };
            using (var opened = Checkpoint.Open(checkpoint))
                Trace.Write(opened, prompts, options, file, null, TestContext.Current.CancellationToken);
            Assert.Equal([file], Directory.GetFileSystemEntries(folder));
            return GoldenArrays.Load(file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

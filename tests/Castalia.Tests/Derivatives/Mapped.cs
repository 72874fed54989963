using Castalia.Anatomy.Spectra;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Prompts;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Derivatives;

/// <summary>Blocks as maps, as tests ask for them.</summary>
static class Mapped
{
    /// <summary>Every block, with its Jacobians by prompt and block.</summary>
    public static (IReadOnlyList<IReadOnlyList<BlockDynamics>> Prompts, Dictionary<(int Prompt, int Block), double[]> Jacobians) Of(
        Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> prompts, BlockChoice blocks, int threads = 1)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "j.safetensors");
        var options = new DynamicsOptions { Blocks = blocks, Spectrum = JacobianSpectrum.Of, Seed = 1, JacobianFile = path };
        var found = DynamicMeasurement.Take(checkpoint, ArchitectureReader.Read(checkpoint), prompts, null, new() { Threads = threads }, options, null, null, TestContext.Current.CancellationToken);
        var arrays = GoldenArrays.Load(path);
        return (found.Prompts, found.Prompts.SelectMany((of, p) => of.Select(block => (Prompt: p, block.Block)))
            .ToDictionary(at => at, at => arrays[FormattableString.Invariant($"p{at.Prompt}.blocks.{at.Block}.jacobian")].Values));
    }
}

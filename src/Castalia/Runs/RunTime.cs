using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>How long a measurement takes, foretold from its arithmetic and its bytes; seconds.</summary>
/// <remarks>
/// Arithmetic at a share of the peak that is constant here and in truth goes from 0.4 (70 million parameters) to 0.8 (7 billion), less where prompts
/// have few tokens in all. The disk is taken for one that reads half a gigabyte a second; what the system still holds of the files needs none of it.
/// What a run takes besides is by prompt and block, and by row of the readings.
/// </remarks>
/// <param name="Operations">Floating-point operations of the pass.</param>
/// <param name="Peak">The machine's peak, operations per second.</param>
/// <param name="Bytes">Bytes of weights that are read, and read again to be hashed.</param>
/// <param name="Arithmetic">Seconds of the operations at <see cref="ShareOfPeak"/>.</param>
/// <param name="Reading">Seconds of the bytes at <see cref="DiskBytesPerSecond"/>; the arithmetic goes on meanwhile.</param>
/// <param name="Rest">Start, statistics, hashing and writing.</param>
sealed record RunTime(double Operations, double Peak, long Bytes, double Arithmetic, double Reading, double Rest)
{
    /// <summary>The share of the peak that is taken for granted.</summary>
    public const double ShareOfPeak = 0.6;

    /// <summary>The speed of a disk that is taken for granted.</summary>
    public const double DiskBytesPerSecond = 0.5e9;

    const double Start = 0.5, HashedBytesPerSecond = 1e9, OfPromptAndBlock = 300e-6, OfRow = 20e-6;

    /// <summary>All of it.</summary>
    public double Total => Math.Max(Arithmetic, Reading) + Rest;

    /// <summary>Of a run of one model.</summary>
    public static RunTime Of(Architecture architecture, long bytes, IReadOnlyList<TokenizedPrompt> prompts, bool allPositions, bool logitLens, double peak)
    {
        double operations = PassOperations.Of(architecture, prompts, allPositions, logitLens).Total;
        double rest = Start + bytes / HashedBytesPerSecond + (double)architecture.NLayers * prompts.Count * OfPromptAndBlock
            + RunBytes.Rows(architecture, prompts, allPositions) * OfRow;
        return new(operations, peak, bytes, operations / (ShareOfPeak * peak), bytes / DiskBytesPerSecond, rest);
    }
}

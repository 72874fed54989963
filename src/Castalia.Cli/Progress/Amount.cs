using Castalia.Conversion;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Runs;

namespace Castalia.Cli.Progress;

/// <summary>How far a model has come, in words; megabytes are of 10⁶ bytes.</summary>
static class Amount
{
    /// <summary>"block 12 of 30, 40.0 of 95.5 MB".</summary>
    public static string Of(MeasureProgress p) => FormattableString.Invariant(
        $"block {p.Block} of {p.Blocks}, {p.Bytes / 1e6:0.0} of {p.TotalBytes / 1e6:0.0} MB");

    /// <summary>"file 3 of 7, 40.0 of 95.5 MB".</summary>
    public static string Of(PullProgress p) => FormattableString.Invariant(
        $"file {Math.Min(p.Files + 1, p.TotalFiles)} of {p.TotalFiles}, {p.Bytes / 1e6:0.0} of {p.TotalBytes / 1e6:0.0} MB");

    /// <summary>"hashing, 40.0 of 95.5 MB", in GB from 10⁹ bytes on.</summary>
    public static string Of(HashProgress p) => p.TotalBytes < 1_000_000_000
        ? FormattableString.Invariant($"hashing, {p.Bytes / 1e6:0.0} of {p.TotalBytes / 1e6:0.0} MB")
        : FormattableString.Invariant($"hashing, {p.Bytes / 1e9:0.0} of {p.TotalBytes / 1e9:0.0} GB");

    /// <summary>"writing, tensor 12 of 272, 40.0 of 95.5 MB".</summary>
    public static string Of(ConvertProgress p) => FormattableString.Invariant(
        $"{(p.Checking ? "checking" : "writing")}, tensor {p.Tensors} of {p.TotalTensors}, {p.Bytes / 1e6:0.0} of {p.TotalBytes / 1e6:0.0} MB");
}

using Castalia.Errors;
using Castalia.Forward;
using Castalia.Machine;

namespace Castalia.Runs;

/// <summary>Compares what a run needs with what there is, before the run begins.</summary>
static class MemoryCheck
{
    /// <summary>"needs about 143 MiB of memory; 12.1 GiB are available".</summary>
    /// <exception cref="InputException">It cannot fit.</exception>
    public static string Of(MemoryNeeds needs, long available, string model) => needs.Total <= available
        ? $"needs about {Size(needs.Total)} of memory; {Size(available)} are available"
        : throw MeasurementErrors.TooLittleMemory(model, Size(needs.Total), Size(available));

    /// <summary>The same, said of what cannot fit as well.</summary>
    public static string Said(MemoryNeeds needs, long available) => needs.Total <= available
        ? Of(needs, available, "")
        : $"needs about {Size(needs.Total)} of memory; only {Size(available)} are available, so that it would be refused";

    /// <summary>"143 MiB", "12.1 GiB".</summary>
    public static string Size(long bytes) => bytes < 1L << 30
        ? FormattableString.Invariant($"{(double)bytes / (1L << 20):0} MiB")
        : FormattableString.Invariant($"{(double)bytes / (1L << 30):0.0} GiB");
}

using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Interventions;
using Castalia.Prompts;
using Castalia.Residual;
using Xunit;

namespace Castalia.Tests.Interventions;

/// <summary>Interventions as tests ask for them.</summary>
static class Intervened
{
    public static readonly Unit Whole = new Unit.Whole();

    public static readonly Unit AlongPre = new Unit.Along(new Direction.Clean(ResidualSite.Pre));

    public static Change Change(ResidualSite? site, int block, Deed deed, Unit? unit = null, PositionChoice? positions = null, Held held = Held.None) => new()
    {
        Site = site,
        Blocks = BlockChoice.Named(block),
        Positions = positions ?? PositionChoice.All,
        Unit = unit ?? Whole,
        Deed = deed,
        Held = held,
        Place = "do.yaml, line 1",
    };

    public static Intervention Of(params Change[] changes) => new() { Name = "it", Changes = changes, Place = "do.yaml, line 1" };

    /// <summary>Readings of interventions that can be made on every prompt.</summary>
    public sealed record Made(Measurement Measurement, IReadOnlyList<Intervention> Interventions, IReadOnlyList<IReadOnlyList<InterventionReading>> Prompts, int Portions)
    {
        public static Made Of(IntervenedMeasurement all) => new(
            all.Measurement, all.Interventions, [.. all.Prompts.Select(prompt => (IReadOnlyList<InterventionReading>)[.. prompt.Select(reading => Assert.IsType<InterventionReading>(reading))])], all.Portions);
    }

    public static Made Take(
        Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> prompts, IEnumerable<Intervention> interventions, int threads = 2, long mostBytes = 1 << 30, bool allPositions = false,
        IReadOnlyDictionary<string, IReadOnlyList<TokenizedPrompt>>? sets = null) =>
        Take(checkpoint, prompts, interventions.Select(one => new InterventionEntry(one, null)), threads, mostBytes, allPositions, sets);

    public static Made Take(
        Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> prompts, IEnumerable<InterventionEntry> entries, int threads = 2, long mostBytes = 1 << 30, bool allPositions = false,
        IReadOnlyDictionary<string, IReadOnlyList<TokenizedPrompt>>? sets = null) =>
        Made.Of(Any(checkpoint, prompts, entries, threads, mostBytes, allPositions, sets));

    public static IntervenedMeasurement Any(
        Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> prompts, IEnumerable<InterventionEntry> entries, int threads = 2, long mostBytes = 1 << 30, bool allPositions = false,
        IReadOnlyDictionary<string, IReadOnlyList<TokenizedPrompt>>? sets = null) => InterventionPass.Take(
        checkpoint, ArchitectureReader.Read(checkpoint), prompts, null, new() { Threads = threads, AllPositions = allPositions },
        new() { Entries = [.. entries], Sets = sets ?? new Dictionary<string, IReadOnlyList<TokenizedPrompt>>(), MostBytes = mostBytes }, null, null,
        TestContext.Current.CancellationToken);
}

using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Prompts;

namespace Castalia.Interventions;

/// <summary>Directions of the stream that interventions name and that weights or other texts say: means, principal components, bands of the unembedding.</summary>
sealed class StreamDirections
{
    readonly Dictionary<(string Set, int Block), ReferenceBlock> _reference = [];
    readonly Dictionary<(Direction Direction, int Block), DirectionSet> _found = [];
    UnembeddingBands? _bands;

    StreamDirections()
    {
    }

    /// <summary>Finds what the entries of a run name: a pass over each set, and the bands.</summary>
    /// <exception cref="InputException">As a measurement of the sets; components or bands that are not determined.</exception>
    public static StreamDirections Of(Checkpoint checkpoint, Architecture a, InterventionOptions options, int threads, CancellationToken cancellation)
    {
        var directions = new StreamDirections();
        var uses = options.Entries.SelectMany(entry => Uses(entry, a.NLayers)).ToArray();
        foreach (var set in uses.Where(use => use.Set is not null).GroupBy(use => use.Set!))
        {
            var components = set.Any(use => use.Direction is Direction.Components) ? options.Components : null;
            foreach (var block in ReferencePass.Take(checkpoint, a, options.Sets[set.Key], BlockChoice.Named(set.Select(use => use.Block)), components, threads, null, cancellation))
                directions._reference[(set.Key, block.Block)] = block;
        }
        if (uses.Any(use => use.Direction is Direction.Bands)) directions._bands = options.Bands!();
        foreach (var use in uses)
            if (use.Direction is { } direction) directions._found[(direction, use.Block)] = directions.Find(use.Place, direction, use.Block);
        return directions;
    }

    /// <summary>Sets that an entry's directions, or its ranking of coordinates, are taken over.</summary>
    public static IEnumerable<string> Sets(InterventionEntry entry) => entry.Pattern.Changes.Select(change => SetOf(entry, change)).OfType<string>();

    /// <summary>A direction in a block.</summary>
    public DirectionSet this[Direction direction, int block] => _found[(direction, block)];

    /// <summary>Coordinates by mean |h_i| over a set, the largest first.</summary>
    public IReadOnlyList<int> Ranking(string set, int block) => _reference[(set, block)].Ranking;

    DirectionSet Find(string place, Direction direction, int block)
    {
        switch (direction)
        {
            case Direction.Mean { Set: var set }:
                return _reference[(set, block)].MeanDirection ?? throw InterventionErrors.NoMean(place, set, block);
            case Direction.Components { Set: var set } wanted:
                var components = _reference[(set, block)].Components?.Directions;
                if (!(components?.Count >= wanted.Count)) throw InterventionErrors.NoComponents(place, wanted.Count, set, block);
                return Part(components, 0, wanted.Count, direction.Name);
            default:
                var (first, last) = (Direction.Bands)direction;
                foreach (int edge in new[] { first - 1, last })
                    if (_bands!.Undetermined.Contains(edge)) throw InterventionErrors.NoBand(place, direction.Name);
                var sizes = _bands!.Directions.Sizes;
                return Part(_bands.Directions, sizes.Take(first).Sum(), sizes.Take(last + 1).Skip(first).Sum(), direction.Name);
        }
    }

    static DirectionSet Part(DirectionSet all, int first, int count, string name)
    {
        double[] rows = new double[count * all.Width];
        for (int i = 0; i < count; i++) all[first + i].CopyTo(rows.AsSpan(i * all.Width, all.Width));
        return DirectionSet.Of(name, all.Width, rows);
    }

    /// <summary>Every block in which a direction, or a ranking of coordinates, is needed.</summary>
    static IEnumerable<Use> Uses(InterventionEntry entry, int nLayers)
    {
        foreach (var change in entry.Pattern.Changes)
        {
            string? set = SetOf(entry, change);
            var direction = change.Unit is Unit.Along { Of: Direction.Mean or Direction.Components or Direction.Bands } along ? along.Of : null;
            if (set is null && direction is null) continue;
            for (int block = 0; block < nLayers; block++)
                if (change.Blocks.Has(block, nLayers)) yield return new(change.Place, direction, set, block);
        }
    }

    static string? SetOf(InterventionEntry entry, Change change) => change.Unit switch
    {
        Unit.Along { Of: Direction.Mean mean } => mean.Set,
        Unit.Along { Of: Direction.Components components } => components.Set,
        _ => entry.Units?.Ranking?.Set,
    };

    readonly record struct Use(string Place, Direction? Direction, string? Set, int Block);
}

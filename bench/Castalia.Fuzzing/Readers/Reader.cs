using Castalia.Fuzzing.Mutation;

namespace Castalia.Fuzzing.Readers;

/// <summary>A reader of users' files: what it is given, and how a command reads it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its share of the cases, out of the sum of all.</param>
/// <param name="Seeds">Correct inputs.</param>
/// <param name="Read">Reads what is at a path, as far as a command does before it computes.</param>
sealed record Reader(string Name, int Weight, Func<IReadOnlyList<Seed>> Seeds, Action<string> Read)
{
    readonly Lazy<IReadOnlyList<Seed>> _seeds = new(Seeds);
    Donors? _donors;

    /// <summary>The seeds, made once.</summary>
    public IReadOnlyList<Seed> All => _seeds.Value;

    /// <summary>What stands in their places.</summary>
    public Donors Donors => _donors ??= new(All.SelectMany(seed => seed.Files).Where(file => file.Weight > 0));
}

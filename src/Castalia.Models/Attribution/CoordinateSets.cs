using Castalia.Untrained;

namespace Castalia.Attribution;

/// <summary>Random sets of coordinates of the stream, the same for every block, prompt and position of a model.</summary>
/// <remarks>Of each size <see cref="Count"/>, every set of that size equally likely; from the seed and the width alone.</remarks>
sealed class CoordinateSets
{
    /// <summary>Sets of each size.</summary>
    public const int Count = 100;

    readonly int[][][] _sets;

    /// <param name="width">Coordinates there are.</param>
    /// <param name="seed">The seed.</param>
    public CoordinateSets(int width, long seed) => (Seed, _sets) = (seed, [.. Sizes.Select(size => Draw(width, size, seed))]);

    /// <summary>k of the gain without k coordinates.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [1, 3, 10];

    /// <summary>The seed.</summary>
    public long Seed { get; }

    /// <summary>The sets of a size; none where the stream has no more coordinates.</summary>
    public IReadOnlyList<int[]> Of(int size) => _sets[Sizes.Index().First(one => one.Item == size).Index];

    static int[][] Draw(int width, int size, long seed)
    {
        if (size >= width) return [];
        ulong key = NormalDeviates.Key(unchecked((ulong)seed), FormattableString.Invariant($"sets of {size} coordinates"));
        int[] all = [.. Enumerable.Range(0, width)];
        int[][] sets = new int[Count][];
        for (int set = 0; set < Count; set++)
        {
            // The first of a shuffle; whatever order the last set left is as good a beginning.
            for (int i = 0; i < size; i++)
            {
                int other = i + NormalDeviates.Below(key, (long)set * size + i, width - i);
                (all[i], all[other]) = (all[other], all[i]);
            }
            sets[set] = all[..size];
        }
        return sets;
    }
}

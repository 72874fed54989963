namespace Castalia.Fuzzing.Mutation;

/// <summary>The bytes of a file, and zeros behind them that need not be kept: a file's data, which no header speaks of.</summary>
readonly record struct Content(byte[] Bytes, long Zeros = 0)
{
    public long Length => Bytes.Length + Zeros;
}

/// <summary>One file of a correct input.</summary>
/// <param name="Name">In the seed's folder.</param>
/// <param name="Content">What is mutated; or the file, where nothing is.</param>
sealed record SeedFile(string Name, Content Content)
{
    /// <summary>The places that a mutation knows; none: bytewise alone.</summary>
    public IReadOnlyList<Region> Regions { get; init; } = [];

    /// <summary>How often it is the file that is mutated, beside others of the seed; 0: never.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Makes the file of what has been mutated: puts it into its container.</summary>
    public Func<byte[], Dice, byte[]> Wrap { get; init; } = (bytes, _) => bytes;

    /// <summary>A file that stays as it is.</summary>
    public static SeedFile Fixed(string name, Content content) => new(name, content) { Weight = 0 };
}

/// <summary>A correct input: files, and the path that a reader is given.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Open">The path below the folder; empty for the folder.</param>
/// <param name="Files">Its files.</param>
sealed record Seed(string Name, string Open, IReadOnlyList<SeedFile> Files)
{
    /// <summary>The reader takes it as it is.</summary>
    public bool IsAccepted { get; init; } = true;
}

namespace Castalia.Fuzzing.Readers;

/// <summary>Every reader of users' files.</summary>
static class AllReaders
{
    public static IReadOnlyList<Reader> List { get; } = [.. CheckpointReaders.All, .. TokenizerReaders.All, .. TextReaders.All, .. RunReaders.All];

    static readonly int s_sum = List.Sum(reader => reader.Weight);

    /// <summary>The reader of a case: all of them in turn, each as often as its weight says, spread evenly.</summary>
    public static Reader Of(long number)
    {
        // A step that has no factor in common with the sum visits every place once a round.
        int place = (int)(number * 611 % s_sum);
        foreach (var reader in List)
            if ((place -= reader.Weight) < 0) return reader;
        throw new InvalidOperationException();
    }

    public static Reader? Named(string name) => List.FirstOrDefault(reader => reader.Name == name);
}

using Castalia.Fuzzing.Mutation;
using Castalia.Fuzzing.Readers;

namespace Castalia.Fuzzing.Running;

/// <summary>One case: a seed with one of its files changed.</summary>
/// <param name="Reader">Who reads it.</param>
/// <param name="Seed">The seed.</param>
/// <param name="File">The file of it; null where nothing is changed.</param>
/// <param name="Content">What the file is now; null where it is not there.</param>
/// <param name="How">What was done, for people.</param>
sealed record Case(Reader Reader, Seed Seed, SeedFile? File, Content? Content, string How)
{
    /// <summary>The case of a number, always the same.</summary>
    /// <param name="seed">The campaign's seed.</param>
    /// <param name="number">The case's number.</param>
    /// <param name="only">Cases of one reader alone; null for all.</param>
    public static Case Of(ulong seed, long number, Reader? only)
    {
        var reader = only ?? AllReaders.Of(number);
        var dice = new Dice(seed, (ulong)number);
        var from = dice.Of(reader.All);
        var file = Chosen(from.Files, dice);
        if (dice.OneIn(400)) return new(reader, from, file, null, "left out");
        if (file.Regions.Count == 0 || dice.OneIn(4))
        {
            // Of a container sometimes what is in it, sometimes the container.
            bool inside = dice.OneIn(2);
            var whole = inside ? file.Content : file.Content with { Bytes = file.Wrap(file.Content.Bytes, dice) };
            var mutated = Bytewise.Mutated(whole, Chosen(dice.Of(reader.All).Files, dice).Content.Bytes, dice);
            return new(reader, from, file, inside ? mutated with { Bytes = file.Wrap(mutated.Bytes, dice) } : mutated, "bytewise");
        }
        byte[] changed = Structured.Mutated(file, reader.Donors, dice);
        if (!dice.OneIn(12)) return new(reader, from, file, file.Content with { Bytes = file.Wrap(changed, dice) }, "structured");
        return new(reader, from, file, Bytewise.Mutated(file.Content with { Bytes = file.Wrap(changed, dice) }, changed, dice), "structured, then bytewise");
    }

    /// <summary>A seed as it is.</summary>
    public static Case Unchanged(Reader reader, Seed seed) => new(reader, seed, null, null, "unchanged");

    static SeedFile Chosen(IReadOnlyList<SeedFile> files, Dice dice)
    {
        int place = dice.Below(files.Sum(file => file.Weight));
        foreach (var file in files)
            if ((place -= file.Weight) < 0) return file;
        throw new InvalidOperationException();
    }
}

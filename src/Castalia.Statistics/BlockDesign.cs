using System.Globalization;

namespace Castalia.Statistics;

/// <summary>What rows are told apart by: a factor, or the blocks.</summary>
/// <param name="Name">Its name, for reasons.</param>
/// <param name="Labels">The level of each row.</param>
sealed record Grouping(string Name, IReadOnlyList<string> Labels)
{
    /// <summary>Levels that are numbers.</summary>
    /// <param name="name">The factor's name.</param>
    /// <param name="levels">The level of each row.</param>
    public static Grouping OfNumbers(string name, IReadOnlyList<double> levels) => new(name, [.. levels.Select(level => level.ToString("R", CultureInfo.InvariantCulture))]);
}

/// <summary>A factor of a design.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Levels">Its levels, ascending: as numbers where all are, else by ordinal.</param>
sealed record Factor(string Name, IReadOnlyList<string> Levels);

/// <summary>One reading of every combination of the levels of crossed factors in every block: a complete, balanced design.</summary>
/// <remarks>The order of the rows it is made of changes no bit: cells and blocks are sorted.</remarks>
readonly record struct BlockDesign
{
    readonly double[] _values; // [cell × block], the last factor's level fastest

    BlockDesign(IReadOnlyList<Factor> factors, Factor blocks, double[] values)
    {
        Factors = factors;
        Blocks = blocks;
        _values = values;
    }

    /// <summary>The crossed factors.</summary>
    public IReadOnlyList<Factor> Factors { get; }

    /// <summary>The blocks, such as seeds.</summary>
    public Factor Blocks { get; }

    /// <summary>Combinations of levels.</summary>
    public int Cells => _values.Length / Blocks.Levels.Count;

    /// <summary>Readings.</summary>
    public int N => _values.Length;

    /// <summary>The readings, [cell × block], the last factor's level fastest.</summary>
    internal ReadOnlySpan<double> Values => _values;

    /// <summary>The reading of a cell in a block.</summary>
    public double At(int cell, int block) => _values[cell * Blocks.Levels.Count + block];

    /// <summary>Level of a factor in a cell, as an index.</summary>
    public int Level(int factor, int cell)
    {
        for (int f = Factors.Count - 1; f > factor; f--) cell /= Factors[f].Levels.Count;
        return cell % Factors[factor].Levels.Count;
    }

    /// <summary>The design of some rows.</summary>
    /// <remarks>
    /// Undefined for values that are not finite, a factor of one level, one block, and where a cell has no value or several in a block: such a design is incomplete or unbalanced, and
    /// what is computed of these would depend on how it is.
    /// </remarks>
    /// <param name="values">The reading of each row.</param>
    /// <param name="factors">At least one factor.</param>
    /// <param name="blocks">The block of each row.</param>
    public static Figure<BlockDesign> Of(IReadOnlyList<double> values, IReadOnlyList<Grouping> factors, Grouping blocks)
    {
        if (Sample.Objection(values, 1, "") is { } why) return Undefined(why);
        if (factors.Append(blocks).FirstOrDefault(g => g.Labels.Count != values.Count) is { } other)
            throw new ArgumentException($"{other.Labels.Count} levels of {other.Name} cannot belong to {values.Count} values.", nameof(factors));
        Factor[] sorted = [.. factors.Select(Sorted)];
        var block = Sorted(blocks);
        if (sorted.FirstOrDefault(factor => factor.Levels.Count < 2) is { } single) return Undefined($"{single.Name} has one level, {single.Levels[0]}");
        if (block.Levels.Count < 2) return Undefined($"there is one {block.Name}, so nothing says how far they differ");
        double[] cells = new double[sorted.Aggregate(block.Levels.Count, (count, factor) => checked(count * factor.Levels.Count))];
        int[] there = new int[cells.Length];
        Dictionary<string, int>[] indices = [.. sorted.Append(block).Select(factor => factor.Levels.Select((level, i) => (level, i)).ToDictionary(pair => pair.level, pair => pair.i, StringComparer.Ordinal))];
        for (int row = 0; row < values.Count; row++)
        {
            int at = 0;
            for (int f = 0; f < sorted.Length; f++) at = at * sorted[f].Levels.Count + indices[f][factors[f].Labels[row]];
            at = at * block.Levels.Count + indices[^1][blocks.Labels[row]];
            cells[at] = values[row];
            there[at]++;
        }
        BlockDesign design = new(sorted, block, cells);
        int amiss = Array.FindIndex(there, count => count != 1);
        if (amiss < 0) return Figure<BlockDesign>.Of(design);
        string place = $"{design.Name(amiss / block.Levels.Count)} has {{0}} for {block.Name} {block.Levels[amiss % block.Levels.Count]}";
        return Undefined(there[amiss] > 1
            ? string.Format(CultureInfo.InvariantCulture, place, $"{there[amiss]} values, not one,")
            : string.Format(CultureInfo.InvariantCulture, place, "no value") + $": the design is incomplete, {there.Count(count => count > 0)} of {there.Length}");
    }

    /// <summary>A cell by its levels: "tied = True, heads = 4".</summary>
    public string Name(int cell)
    {
        var design = this;
        return string.Join(", ", Factors.Select((factor, f) => $"{factor.Name} = {factor.Levels[design.Level(f, cell)]}"));
    }

    /// <summary>Mean over the blocks of each cell.</summary>
    internal double[] CellMeans() => Means(Cells, (cell, _) => cell);

    /// <summary>Mean of each level of a factor.</summary>
    internal double[] LevelMeans(int factor)
    {
        var design = this;
        return Means(Factors[factor].Levels.Count, (cell, _) => design.Level(factor, cell));
    }

    /// <summary>Mean of each block.</summary>
    internal double[] BlockMeans() => Means(Blocks.Levels.Count, (_, block) => block);

    /// <summary>One factor alone: of every level and block the mean over the other factors.</summary>
    /// <param name="factor">Which factor.</param>
    public BlockDesign Averaged(int factor)
    {
        if (Factors.Count == 1) return this;
        var design = this;
        int blocks = Blocks.Levels.Count;
        return new([Factors[factor]], Blocks, Means(Factors[factor].Levels.Count * blocks, (cell, block) => design.Level(factor, cell) * blocks + block));
    }

    double[] Means(int groups, Func<int, int, int> group)
    {
        var members = Enumerable.Range(0, groups).Select(_ => new List<double>()).ToArray();
        for (int cell = 0; cell < Cells; cell++)
            for (int block = 0; block < Blocks.Levels.Count; block++) members[group(cell, block)].Add(At(cell, block));
        return [.. members.Select(values => Describe.Mean(values))];
    }

    static Factor Sorted(Grouping grouping)
    {
        string[] levels = [.. grouping.Labels.Distinct(StringComparer.Ordinal)];
        double[] numbers = [.. levels.Select(level => double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN)];
        if (Array.Exists(numbers, double.IsNaN)) Array.Sort(levels, StringComparer.Ordinal);
        else Array.Sort(numbers, levels);
        return new(grouping.Name, levels);
    }

    static Figure<BlockDesign> Undefined(string because) => Figure<BlockDesign>.Undefined(because);
}

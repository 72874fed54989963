namespace Castalia.Statistics;

/// <summary>Whether levels of a factor are the same for practical purposes, each compared within its block.</summary>
/// <param name="Blocks">Blocks.</param>
/// <param name="Pairs">Pairs of levels.</param>
/// <param name="First">The lower level of the pair with the largest p.</param>
/// <param name="Second">The higher one.</param>
/// <param name="Difference">Mean over the blocks of second minus first, in the unit of the readings.</param>
/// <param name="Test">The two one-sided t tests of that pair; its p is that of all.</param>
readonly record struct LevelEquivalence(int Blocks, int Pairs, string First, string Second, double Difference, Tost Test) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Difference, Test.P, Test.PLower, Test.PUpper, Test.Interval90.Low, Test.Interval90.High };
}

/// <summary>Equivalence of levels within ±margin, paired by block: <see cref="Equivalence"/> of the blocks' differences (Schuirmann 1987).</summary>
/// <remarks>Of several levels, that all pairs are equivalent: its p is the largest of the pairs', which needs no adjustment, since every one of them is to be rejected (Berger 1982, Technometrics 24:295, intersection–union).</remarks>
static class PairedEquivalence
{
    /// <summary>The test; undefined for a margin that is not above 0, and where the differences of two levels are the same in every block.</summary>
    /// <param name="design">Readings of one factor.</param>
    /// <param name="margin">Difference that still counts as none, in the unit of the readings; chosen before the data are seen.</param>
    public static Figure<LevelEquivalence> Of(BlockDesign design, double margin)
    {
        if (design.Factors.Count != 1) throw new ArgumentException($"{design.Factors.Count} factors have no one list of levels.", nameof(design));
        var levels = design.Factors[0].Levels;
        int pairs = levels.Count * (levels.Count - 1) / 2;
        LevelEquivalence? worst = null;
        for (int first = 0; first < levels.Count; first++)
        {
            for (int second = first + 1; second < levels.Count; second++)
            {
                double[] differences = [.. Enumerable.Range(0, design.Blocks.Levels.Count).Select(block => design.At(second, block) - design.At(first, block))];
                var test = Equivalence.Mean(differences, 0, margin);
                if (test.Value is not { } tost)
                    return Figure<LevelEquivalence>.Undefined($"{design.Factors[0].Name} {levels[second]} minus {levels[first]}: {test.UndefinedBecause}");
                if (worst is not { } before || tost.P > before.Test.P) worst = new(differences.Length, pairs, levels[first], levels[second], Describe.Mean(differences), tost);
            }
        }
        return Figure<LevelEquivalence>.Of(worst!.Value);
    }
}

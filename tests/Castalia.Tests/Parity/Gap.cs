namespace Castalia.Tests.Parity;

/// <summary>How far an activation is from the reference.</summary>
/// <param name="Relative">‖x − ref‖/‖ref‖; infinite where a value is NaN.</param>
/// <param name="Index">Flat index of the element that is furthest off.</param>
/// <param name="Expected">The reference there.</param>
/// <param name="Actual">Ours there.</param>
readonly record struct Gap(double Relative, int Index, double Expected, double Actual)
{
    public static Gap Between(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        if (expected.IsEmpty || expected.Length != actual.Length)
            throw new ArgumentException($"Nothing to compare: expected has {expected.Length} values, actual has {actual.Length}.");
        double squares = 0, off = 0, worst = -1;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double gap = Math.Abs(actual[i] - expected[i]);
            if (double.IsNaN(gap)) return new(double.PositiveInfinity, i, expected[i], actual[i]);
            if (gap > worst) (worst, at) = (gap, i);
            squares += expected[i] * expected[i];
            off += gap * gap;
        }
        return new(off == 0 ? 0 : Math.Sqrt(off / squares), at, expected[at], actual[at]);
    }

    /// <summary>What a failing test prints.</summary>
    public string Complaint(Golden golden, string array, int width, double tolerance) => FormattableString.Invariant(
        $"{golden.Name} leaves the reference at {array}: ‖x − ref‖/‖ref‖ = {Relative:E2} > {tolerance:E2}; ") +
        FormattableString.Invariant(
            $"furthest at position {Index / width}, dimension {Index % width}: expected {Expected:R}, got {Actual:R}. ") +
        $"Made by {golden.MadeBy}.";
}

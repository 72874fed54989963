namespace Castalia.Attribution;

/// <summary>Figures of one block at one position that need more than the block: reference texts, or directions.</summary>
sealed record DerivedFigures
{
    /// <summary>Σh_i⁴/(Σh_i²)² before the block: 1 where one coordinate has it all, 1/d where all have the same.</summary>
    public required double ParticipationBefore { get; init; }

    /// <summary>The same after the block; NaN where h′ is 0.</summary>
    public required double ParticipationAfter { get; init; }

    /// <summary>Beside reference texts; null where none were given.</summary>
    public required ReferenceFigures? Reference { get; init; }

    /// <summary>Along the reference's mean and first components, and along the sets that were given.</summary>
    public required IReadOnlyList<DirectionSplit> Directions { get; init; }

    /// <summary>By bands of the unembedding; null where these were not asked for.</summary>
    public required DirectionSplit? Bands { get; init; }

    internal static double Participation(ReadOnlySpan<double> h)
    {
        double squares = 0, fourth = 0;
        foreach (double value in h)
        {
            double square = value * value;
            squares += square;
            fourth += square * square;
        }
        return fourth / (squares * squares);
    }
}

/// <summary>One block at one position beside reference texts.</summary>
/// <param name="CentredGain">‖h′ − μ′‖/‖h − μ‖, μ and μ′ the means over the reference before and after the block; NaN where h is μ.</param>
/// <param name="CommonModeRejection">(‖Ph‖/‖Ph′‖)/(‖(1 − P)h‖/‖(1 − P)h′‖), P the projection on μ: above 1 where the block takes out more of the mean than of the rest; NaN where it is undefined.</param>
/// <param name="Without">The gain without the first-ranked coordinates.</param>
sealed record ReferenceFigures(double CentredGain, double CommonModeRejection, IReadOnlyList<GainWithout> Without)
{
    internal static ReferenceFigures Of(ReferenceBlock reference, CoordinateSets random, ReadOnlySpan<double> pre, ReadOnlySpan<double> post) => new(
        Math.Sqrt(SquareAbout(post, reference.MeanAfter) / SquareAbout(pre, reference.MeanBefore)),
        Rejection(reference.MeanDirection, pre, post),
        GainWithout.Of(reference.Ranking, random, pre, post));

    static double SquareAbout(ReadOnlySpan<double> h, double[] mean)
    {
        double sum = 0;
        for (int d = 0; d < mean.Length; d++) sum += (h[d] - mean[d]) * (h[d] - mean[d]);
        return sum;
    }

    static double Rejection(DirectionSet? mean, ReadOnlySpan<double> pre, ReadOnlySpan<double> post)
    {
        if (mean is null) return double.NaN;
        var (along, rest) = Lengths(mean[0], pre);
        var (alongAfter, restAfter) = Lengths(mean[0], post);
        return along / alongAfter / (rest / restAfter);
    }

    static (double Along, double Beside) Lengths(ReadOnlySpan<double> b, ReadOnlySpan<double> h)
    {
        double along = LaneSums.Dot(h, b), rest = 0;
        for (int d = 0; d < h.Length; d++) rest += (h[d] - along * b[d]) * (h[d] - along * b[d]);
        return (Math.Abs(along), Math.Sqrt(rest));
    }
}

/// <summary>The gain of the stream without the k coordinates that are largest over the reference, beside random sets of k.</summary>
/// <param name="Coordinates">k.</param>
/// <param name="Gain">Without the first-ranked; NaN where the model has no more than k.</param>
/// <param name="Random">Mean over the random sets.</param>
/// <param name="P">(1 + sets whose gain is at least as large)/(1 + sets).</param>
sealed record GainWithout(int Coordinates, double Gain, double Random, double P)
{
    internal static GainWithout[] Of(IReadOnlyList<int> ranking, CoordinateSets random, ReadOnlySpan<double> pre, ReadOnlySpan<double> post)
    {
        double before = Wide.Dot(pre, pre), after = Wide.Dot(post, post);
        var all = new GainWithout[CoordinateSets.Sizes.Count];
        for (int i = 0; i < all.Length; i++)
        {
            int k = CoordinateSets.Sizes[i];
            if (k >= pre.Length)
            {
                all[i] = new(k, double.NaN, double.NaN, double.NaN);
                continue;
            }
            double observed = Ratio([.. ranking.Take(k)], pre, before, post, after), sum = 0;
            int atLeast = 0;
            foreach (int[] set in random.Of(k))
            {
                double gain = Ratio(set, pre, before, post, after);
                sum += gain;
                if (gain >= observed) atLeast++;
            }
            all[i] = new(k, observed, sum / CoordinateSets.Count, (1.0 + atLeast) / (1 + CoordinateSets.Count));
        }
        return all;
    }

    static double Ratio(int[] without, ReadOnlySpan<double> pre, double before, ReadOnlySpan<double> post, double after) =>
        Math.Sqrt(Rest(without, post, after) / Rest(without, pre, before));

    static double Rest(int[] without, ReadOnlySpan<double> h, double square)
    {
        double taken = 0;
        foreach (int i in without) taken += h[i] * h[i];
        if (taken <= square / 2) return square - taken;
        // What is left is small beside what is taken out: summed by itself.
        double left = 0;
        for (int i = 0; i < h.Length; i++)
            if (!without.Contains(i)) left += h[i] * h[i];
        return left;
    }
}

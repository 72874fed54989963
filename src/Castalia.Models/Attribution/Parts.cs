namespace Castalia.Attribution;

/// <summary>One part of a split.</summary>
/// <param name="Index">Its index, from 0.</param>
/// <param name="Value">A_p.</param>
readonly record struct Part(int Index, double Value);

/// <summary>Every A_p of a split into units, or its largest only.</summary>
sealed class Parts
{
    readonly double[]? _all;
    readonly Part[] _largest;

    Parts(double[]? all, Part[] largest, int count, double negative, double positive, int negativeUnits, int halfOfNegative, double negativeSquares)
    {
        (_all, _largest, Count, Negative, Positive, NegativeUnits, HalfOfNegative) = (all, largest, count, negative, positive, negativeUnits, halfOfNegative);
        NegativeParticipation = negativeSquares > 0 ? negative * negative / negativeSquares : 0;
    }

    /// <summary>All of them, and the largest besides.</summary>
    /// <param name="all">By index; kept, not copied.</param>
    /// <param name="largest">How many of the largest are picked out.</param>
    /// <param name="isWhole">Whether the others are kept too.</param>
    public static Parts Of(double[] all, int largest, bool isWhole)
    {
        double negative = 0, positive = 0, squares = 0;
        int below = 0;
        // Signs alternate at random: nothing here branches on them.
        foreach (double value in all)
        {
            double lower = Math.Min(value, 0);
            negative += lower;
            squares += lower * lower;
            positive += Math.Max(value, 0);
            below += value < 0 ? 1 : 0;
        }
        var picked = Largest(all, largest);
        return new(isWhole ? all : null, picked, all.Length, negative, positive, below, Half(all, picked, negative, below), squares);
    }

    /// <summary>Units in all.</summary>
    public int Count { get; }

    /// <summary>Σ of those below 0.</summary>
    public double Negative { get; }

    /// <summary>Σ of the others.</summary>
    public double Positive { get; }

    /// <summary>How many are below 0.</summary>
    public int NegativeUnits { get; }

    /// <summary>How many of the most negative carry half of <see cref="Negative"/>; 0 where none is below 0.</summary>
    public int HalfOfNegative { get; }

    /// <summary>Participation ratio of those below 0, (Σ A)²/Σ A²: how many of equal size would be as spread; 0 where none is below 0.</summary>
    public double NegativeParticipation { get; }

    /// <summary>Σ of all.</summary>
    public double Sum => Negative + Positive;

    /// <summary>Those of largest |A_p|, largest first, on a tie the smaller index; at most as many as were picked out.</summary>
    public IReadOnlyList<Part> Leading => _largest;

    /// <summary>Every A_p by index; null where only the largest were kept.</summary>
    public IReadOnlyList<double>? All => _all;

    /// <summary>What is kept: all by index, or the largest.</summary>
    public IEnumerable<Part> Kept => _all is null ? _largest : _all.Select((value, i) => new Part(i, value));

    static Part[] Largest(double[] all, int most)
    {
        // Kept in order. Of many units few are larger than the least of those picked so far.
        var picked = new Part[Math.Min(most, all.Length)];
        int count = 0;
        double least = -1;
        for (int i = 0; i < all.Length && picked.Length > 0; i++)
        {
            double size = Math.Abs(all[i]);
            if (count == picked.Length && size <= least) continue;
            int place = count == picked.Length ? count - 1 : count++;
            for (; place > 0 && Math.Abs(picked[place - 1].Value) < size; place--) picked[place] = picked[place - 1];
            picked[place] = new(i, all[i]);
            least = Math.Abs(picked[count - 1].Value);
        }
        return picked;
    }

    /// <summary>Often found among the largest; else among all.</summary>
    static int Half(double[] all, Part[] largest, double sum, int negative)
    {
        if (sum == 0) return 0;
        double taken = 0;
        int units = 0;
        foreach (var part in largest)
        {
            if (part.Value >= 0) continue;
            taken += part.Value;
            units++;
            if (taken <= sum / 2) return units;
        }
        double[] below = new double[negative + 1]; // what is not below 0 is written over
        int count = 0;
        foreach (double value in all)
        {
            below[count] = value;
            count += value < 0 ? 1 : 0;
        }
        return HalfCount.Of(below.AsSpan(0, count), sum);
    }
}

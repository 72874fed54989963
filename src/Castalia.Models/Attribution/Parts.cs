namespace Castalia.Attribution;

/// <summary>One part of a split.</summary>
/// <param name="Index">Its index, from 0.</param>
/// <param name="Value">A_p.</param>
public readonly record struct Part(int Index, double Value);

/// <summary>Every A_p of a split into units, or its largest only.</summary>
public sealed class Parts
{
    readonly double[]? _all;
    readonly Part[] _largest;

    Parts(double[]? all, Part[] largest, int count, double negative, double positive, int negativeUnits, int halfOfNegative)
    {
        (_all, _largest, Count, Negative, Positive, NegativeUnits, HalfOfNegative) = (all, largest, count, negative, positive, negativeUnits, halfOfNegative);
    }

    /// <summary>All of them, and the largest besides.</summary>
    /// <param name="all">By index; kept, not copied.</param>
    /// <param name="largest">How many of the largest are picked out.</param>
    /// <param name="isWhole">Whether the others are kept too.</param>
    public static Parts Of(double[] all, int largest, bool isWhole)
    {
        double negative = 0, positive = 0;
        var queue = new List<(int, double)>();
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i] < 0) negative += all[i];
            else positive += all[i];
            if (all[i] < 0) queue.Add((i, all[i]));
        }
        return new(isWhole ? all : null, Largest(all, largest), all.Length, negative, positive, queue.Count, Half(queue, negative));
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
        // A unit takes the place of the least of those picked so far: of many units few are ever compared with more than that.
        var picked = new PriorityQueue<int, (double Size, int Index)>(most + 1, LeastFirst);
        for (int i = 0; i < all.Length; i++)
        {
            if (picked.Count == most && (most == 0 || Math.Abs(all[picked.Peek()]) >= Math.Abs(all[i]))) continue;
            picked.Enqueue(i, (Math.Abs(all[i]), i));
            if (picked.Count > most) picked.Dequeue();
        }
        var parts = new Part[picked.Count];
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            int index = picked.Dequeue();
            parts[i] = new(index, all[index]);
        }
        return parts;
    }

    static readonly Comparer<(double Size, int Index)> LeastFirst = Comparer<(double Size, int Index)>.Create(
        (a, b) => a.Size != b.Size ? a.Size.CompareTo(b.Size) : b.Index.CompareTo(a.Index));

    static int Half(List<(int Index, double Value)> negative, double sum)
    {
        var queue = new PriorityQueue<int, double>(negative); // the most negative first
        double taken = 0;
        int units = 0;
        while (taken > sum / 2 && queue.TryDequeue(out _, out double value))
        {
            taken += value;
            units++;
        }
        return units;
    }
}

using Castalia.Errors;
using Castalia.Reports.Charts;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Castalia.Reports.Print;

/// <summary>An axis of a figure for print: where values lie on it, from where to where it goes, and what stands at it.</summary>
sealed class PrintedAxis
{
    const double Beside = 0.03; // room beyond the outermost places, of the whole

    static readonly int[] s_round = [1, 2, 5];

    readonly Axis _axis;
    readonly bool _isVertical;

    /// <summary>Of a chart's axis and the places on it.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="isVertical">Names of a vertical one read from above.</param>
    /// <param name="values">Everything that is drawn on it.</param>
    public PrintedAxis(Axis axis, bool isVertical, IEnumerable<double?> values)
    {
        _axis = axis;
        _isVertical = isVertical;
        double[] at = [.. values.Append(axis.Low).Append(axis.High).Append(axis.Reference).Select(Place).Where(double.IsFinite)];
        if (axis.Names.Count > 0) (Low, High) = isVertical ? (0.5 - axis.Names.Count, 0.5) : (-0.5, axis.Names.Count - 0.5);
        else if (at.Length == 0) (Low, High) = (0, 1);
        else
        {
            double low = at.Min(), high = at.Max(), beside = high > low ? (high - low) * Beside : 0.5;
            Low = axis.Low is { } first && Place(first) <= low ? Place(first) : low - beside;
            High = axis.High is { } last && Place(last) >= high ? Place(last) : high + beside;
        }
    }

    /// <summary>Where it begins, in places.</summary>
    public double Low { get; }

    /// <summary>Where it ends.</summary>
    public double High { get; }

    /// <summary>What it measures.</summary>
    public string Title => PrintFont.Shown(Printable.Of(_axis.Whole));

    /// <summary>Whether it has names.</summary>
    public bool IsNamed => _axis.Names.Count > 0;

    /// <summary>Letters of its longest name.</summary>
    public int Letters => _axis.Names.Select(name => name.Length).DefaultIfEmpty(0).Max();

    /// <summary>Where the line of reference is; null for none.</summary>
    public double? Reference => _axis.Reference is { } value && double.IsFinite(Place(value)) ? Place(value) : null;

    /// <summary>Where a value lies; NaN where it has no place.</summary>
    public double Place(double? value) => value is not { } v || !double.IsFinite(v) ? double.NaN
        : IsNamed ? (_isVertical ? -v : v)
        : !_axis.IsLog ? v
        : v > 0 ? Math.Log10(v) : double.NaN;

    /// <summary>What stands at it.</summary>
    /// <param name="letters">Most letters of a name; more end in ….</param>
    /// <param name="most">Most names.</param>
    public ITickGenerator Ticks(int letters, int most)
    {
        if (IsNamed)
        {
            int each = Math.Max(1, (int)Math.Ceiling(_axis.Names.Count / (double)Math.Max(1, most)));
            return new NumericManual([.. _axis.Names.Index().Where(name => name.Index % each == 0).Select(name => new Tick(Place(name.Index), PrintFont.Shown(Printable.Of(name.Item, letters)), isMajor: true))]);
        }
        return _axis.IsLog ? High - Low >= 1.2 ? Decades() : WithinDecade() : new EvenLabels(new NumericAutomatic { TickDensity = 0.7 });
    }

    /// <summary>Round numbers of a logarithmic axis that is shorter than a decade or two: a scale of 1, 2, 5, or finer where it is short.</summary>
    NumericManual WithinDecade()
    {
        double step = High - Low > 0.45 ? 0 : Math.Pow(10, Math.Floor(Math.Log10((Math.Pow(10, High) - Math.Pow(10, Low)) / 2)));
        double[] round = step > 0
            ? [.. Enumerable.Range(0, 60).Select(i => (Math.Ceiling(Math.Pow(10, Low) / step) + i) * step)]
            : [.. Enumerable.Range((int)Math.Floor(Low), 3).SelectMany(decade => s_round.Select(digit => digit * Math.Pow(10, decade)))];
        double[] within = [.. round.Where(value => Math.Log10(value) >= Low && Math.Log10(value) <= High)];
        int each = Math.Max(1, (within.Length + 3) / 5);
        string[] labels = TickLabel.Of([.. within.Where((_, i) => i % each == 0)]);
        return new([.. within.Index().Select(tick => new Tick(Math.Log10(tick.Item), tick.Index % each == 0 ? labels[tick.Index / each] : "", isMajor: tick.Index % each == 0))]);
    }

    NumericManual Decades()
    {
        int low = (int)Math.Ceiling(Low), high = (int)Math.Floor(High), each = Math.Max(1, (high - low + 1) / 5);
        List<Tick> ticks = [];
        for (int decade = low - 1; decade <= high; decade++)
        {
            if (decade >= low) ticks.Add(new(decade, decade % each == 0 ? TickLabel.Of(Math.Pow(10, decade)) : "", isMajor: decade % each == 0));
            for (int digit = 2; digit < 10; digit++)
            {
                double place = decade + Math.Log10(digit);
                if (place >= Low && place <= High) ticks.Add(new(place, "", isMajor: false));
            }
        }
        return new([.. ticks]);
    }
}

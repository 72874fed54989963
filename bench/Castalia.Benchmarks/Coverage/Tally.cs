using System.Globalization;
using Castalia.Statistics;

namespace Castalia.Benchmarks.Coverage;

/// <summary>How many intervals of one method covered the truth, and on which side the others missed it.</summary>
sealed class Tally
{
    int _covered, _above, _below, _none;

    /// <summary>Counts one interval; one that is undefined covers nothing.</summary>
    public void Add(Interval? interval, double truth)
    {
        if (interval is not { } i) Interlocked.Increment(ref _none);
        else if (i.Contains(truth)) Interlocked.Increment(ref _covered);
        else if (i.Low > truth) Interlocked.Increment(ref _above);
        else Interlocked.Increment(ref _below);
    }

    /// <summary>A row of the table: share that covered ± its standard error, shares that lay above and below, whether that is 94 to 96 %.</summary>
    public string Row(string population, string method)
    {
        double n = _covered + _above + _below + _none, share = _covered / n, error = Math.Sqrt(share * (1 - share) / n);
        string verdict = share < 0.94 ? "**too seldom**" : share > 0.96 ? "**too often**" : "yes";
        string none = _none > 0 ? $", {_none} undefined" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"| {population} | {method} | {100 * share:F2} ± {100 * error:F2} | {100 * _above / n:F2} | {100 * _below / n:F2} | {verdict}{none} |");
    }
}

namespace Castalia.Hypotheses.Separation;

/// <summary>What assignments of labels by chance give.</summary>
sealed class Chance
{
    readonly int[][] _errors;
    readonly bool _areAll;
    readonly double[][] _p; // [field][errors]
    readonly double[] _smallest, _observedP;

    /// <param name="errors">Errors of each field's best question, [assignment × field].</param>
    /// <param name="observed">The same for the labels that were observed, [field].</param>
    /// <param name="areAll">Whether the assignments are all; random ones count the observed one besides (Davison and Hinkley 1997, §4.2).</param>
    public Chance(int[][] errors, int[] observed, bool areAll)
    {
        _errors = errors;
        _areAll = areAll;
        int most = errors.Max(row => row.DefaultIfEmpty(0).Max());
        _p = [.. Enumerable.Range(0, observed.Length).Select(field => CumulativeShares(field, Math.Max(most, observed[field]), observed[field]))];
        _smallest = [.. errors.Select(row => row.Select((e, field) => _p[field][e]).DefaultIfEmpty(1).Min())];
        _observedP = [.. observed.Select((e, field) => _p[field][e])];
    }

    /// <summary>How many fields split an assignment perfectly, on average.</summary>
    public double MeanPerfect => _errors.Average(row => (double)row.Count(e => e == 0));

    /// <summary>Share of the assignments for which a field has at most so many errors.</summary>
    public double P(int field, int errors) => _p[field][errors];

    /// <summary>Share of the assignments for which the smallest p of any field is at most that of this one.</summary>
    public double FamilyP(int field)
    {
        double p = _observedP[field] * (1 + 1e-12); // equal shares must count as equal
        return Share(_smallest.Count(smallest => smallest <= p), observedCounts: true);
    }

    /// <summary>Share of the assignments of which something holds.</summary>
    /// <param name="holds">Whether it holds of an assignment's errors by field.</param>
    /// <param name="ofObserved">Whether it holds of the observed labels.</param>
    public double Share(Func<int[], bool> holds, bool ofObserved) => Share(_errors.Count(holds), ofObserved);

    double Share(int count, bool observedCounts) =>
        _areAll ? (double)count / _errors.Length : (count + (observedCounts ? 1.0 : 0)) / (_errors.Length + 1);

    double[] CumulativeShares(int field, int most, int observed)
    {
        int[] counts = new int[most + 1];
        foreach (int[] row in _errors) counts[row[field]]++;
        double[] shares = new double[most + 1];
        int sum = 0;
        for (int e = 0; e <= most; e++) shares[e] = Share(sum += counts[e], observedCounts: observed <= e);
        return shares;
    }
}

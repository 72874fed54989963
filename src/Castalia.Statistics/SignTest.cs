using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>How many values lie above a centre, against a fair coin.</summary>
/// <param name="N">Values.</param>
/// <param name="Positive">Values above the centre.</param>
/// <param name="NonZero">Values that differ from it; the others count for nothing.</param>
/// <param name="PTwoSided">Exact binomial p.</param>
/// <param name="PLess">Exact p against a median below.</param>
/// <param name="PGreater">Exact p against a median above.</param>
readonly record struct Signs(int N, int Positive, int NonZero, double PTwoSided, double PLess, double PGreater);

/// <summary>The exact sign test (Arbuthnott 1710).</summary>
static class SignTest
{
    /// <summary>The test; undefined where no value differs from the centre.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="centre">The median that is tested.</param>
    public static Figure<Signs> Of(IReadOnlyList<double> values, double centre)
    {
        if (Sample.Objection(values, 1, "") is { } why) return Figure<Signs>.Undefined(why);
        int positive = values.Count(x => x > centre), nonZero = values.Count(x => x != centre);
        if (nonZero == 0) return Figure<Signs>.Undefined("no value differs from the centre");
        double greater = Binomial.AtLeast(positive, nonZero, 0.5), less = Binomial.AtLeast(nonZero - positive, nonZero, 0.5);
        return Figure<Signs>.Of(new(values.Count, positive, nonZero, Math.Min(1, 2 * Math.Min(less, greater)), less, greater));
    }
}

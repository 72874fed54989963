using Castalia.Statistics.Distributions;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class StudentizedRangeTests
{
    [Theory] // both integrals by Gauss and Legendre's rule, in s and not in its logarithm
    [InlineData(3.5, 3, 20, 0.055891849081749)]
    [InlineData(4, 5, 12, 0.091271844125696)]
    [InlineData(2, 4, 8, 0.52524069777)]
    [InlineData(8, 6, 16, 0.00042813310697754)]
    [InlineData(12, 3, 4, 0.002345810469557)]
    [InlineData(1, 10, 40, 0.99931335578976)]
    [InlineData(5, 3, 2, 0.12742340267177)]
    public void The_tail_is_that_of_another_rule(double q, int values, double df, double survival)
    {
        Assert.Equal(survival, StudentizedRange.Survival(q, values, df), 1e-10 * survival);
        Assert.Equal(q, StudentizedRange.UpperQuantile(survival, values, df), 1e-8 * q);
    }

    [Theory] // the 5 and 1 % points of every table
    [InlineData(0.05, 3, 10, 3.88)]
    [InlineData(0.05, 4, 15, 4.08)]
    [InlineData(0.05, 5, 20, 4.23)]
    [InlineData(0.05, 10, 60, 4.65)]
    [InlineData(0.01, 3, 10, 5.27)]
    [InlineData(0.01, 4, 15, 5.25)]
    public void Points_are_the_tables(double p, int values, double df, double q) => Assert.Equal(q, StudentizedRange.UpperQuantile(p, values, df), 0.006);

    [Fact]
    public void Of_two_values_it_is_students_t() => Gen.Select(Gen.Double[0.1, 20], Gen.Double[1, 60]).Sample((q, df) =>
    {
        double two = StudentizedRange.Survival(q, 2, df);
        Assert.Equal(StudentT.TwoSided(q / Math.Sqrt(2), df), two, 1e-12);
        Assert.InRange(StudentizedRange.Survival(q, 3, df), two - 1e-12, 3 * two + 1e-12); // more than one pair's, at most all pairs'
    }, iter: 20);
}

using Castalia.Reports;
using Castalia.Reports.Pages;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Reports;

public sealed class HistogramLineTests
{
    [Theory]
    [InlineData(new[] { -0.3, -0.1, 0.1, 0.1, 0.15 }, "−0.4 ▃▃│█ 0.2, 0.2 a column, highest 3")]
    [InlineData(new[] { 1.0, 5, 5, 6 }, "1 ▄   █▄ 7, 1 a column, highest 2")]
    [InlineData(new[] { 0.5, 0.5 }, "every value is 0.500")]
    [InlineData(new[] { -0.00002 }, "every value is −2.0E-5")]
    public void A_line_shows_where_values_lie(double[] values, string line) => Assert.Equal(line, HistogramLine.Of(values, columns: values.Length == 5 ? 4 : 8));

    [Fact]
    public void Columns_are_never_more_than_there_is_room_for() => Gen.Select(Gen.Double[-1e3, 1e3].Array[2, 40], Gen.Int[4, 40]).Sample((values, columns) =>
    {
        string line = HistogramLine.Of(values, columns);
        Assert.True(line.Count(c => " ▁▂▃▄▅▆▇█".Contains(c) && c != ' ') <= columns, line);
        Assert.True(line.Length <= columns + 60, line);
    });
}

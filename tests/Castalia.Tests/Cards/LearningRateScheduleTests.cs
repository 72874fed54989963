using Castalia.Cards;
using Xunit;

namespace Castalia.Tests.Cards;

public sealed class LearningRateScheduleTests
{
    static readonly LearningRateSchedule s_neox = new(1.2e-4, 1430, DecayShape.Cosine, 143000, 0, 1.2e-5);

    public static IEnumerable<ITheoryDataRow> Schedules => new TheoryData<double, double, DecayShape, double, double, double, double>
    {
        { 1.2e-4, 1430, DecayShape.Cosine, 143000, 0, 1.2e-5, 143000 },
        { 1.2e-4, 3000, DecayShape.Cosine, 300000, 1.2e-5, 1.2e-5, 383500 },
        { 1e-3, 100, DecayShape.Linear, 900, 0, 0, 1000 },
        { 1e-3, 100, DecayShape.Linear, 900, 0, 2e-4, 2000 },
        { 1e-3, 0, DecayShape.Linear, 900, 1e-4, 0, 500 },
        { 1e-3, 100, DecayShape.Constant, 0, 1e-3, 1e-3, 1000 },
        { 1e-3, 100, DecayShape.Cosine, 900, 0, 0, 60 },
    };

    [Theory]
    [MemberData(nameof(Schedules))]
    internal void The_integral_is_the_sum_of_the_rates(double peak, double warmup, DecayShape shape, double decay, double aim, double floor, double steps)
    {
        var schedule = new LearningRateSchedule(peak, warmup, shape, decay, aim, floor);
        const int parts = 4; // of a step, each by its middle
        double sum = 0;
        for (int i = 0; i < steps * parts; i++) sum += schedule.At((i + 0.5) / parts) / parts;
        Assert.Equal(1, schedule.Integral(steps) / sum, 1e-6);
    }

    [Fact]
    public void A_cosine_aimed_at_zero_is_flat_before_its_end()
    {
        // arccos(−0.8)/π of the fall, after the rise.
        Assert.Equal(115138.9, s_neox.FlatFrom, 0.1);
        Assert.Equal(0.805, s_neox.FlatFrom / 143000, 0.001);
        Assert.True(s_neox.At(115130) > 1.2e-5);
        Assert.Equal(1.2e-5, s_neox.At(115140));
        Assert.Equal(1.2e-5, s_neox.At(143000));
        Assert.Equal((0, 0.6e-4, 1.2e-4), (s_neox.At(0), s_neox.At(715), s_neox.At(1430)));
    }

    [Fact]
    public void A_fall_that_ends_above_its_floor_is_flat_from_its_end()
    {
        var gptJ = new LearningRateSchedule(1.2e-4, 3000, DecayShape.Cosine, 300000, 1.2e-5, 1.2e-5);
        Assert.Equal(303000, gptJ.FlatFrom);
        Assert.Equal(6.6e-5, gptJ.At(153000), 1e-12);
        Assert.Equal(1.2e-5, gptJ.At(383500), 1e-15);
    }

    [Fact]
    public void A_line_ends_where_it_is_aimed()
    {
        var line = new LearningRateSchedule(1, 0, DecayShape.Linear, 10, 0, 0.25);
        Assert.Equal((1, 0.5, 0.25, 7.5), (line.At(0), line.At(5), line.At(9), line.FlatFrom));
        Assert.Equal(7.5 * (1 + 0.25) / 2 + 2.5 * 0.25, line.Integral(10), 1e-12);
    }

    [Theory]
    [InlineData("small_init", 0.00988)]
    [InlineData("wang_init", 0.000977)]
    [InlineData("normal 0.02", 0.02)]
    [InlineData("scaled_normal 0.02", 0.0025)]
    [InlineData("truncated_fan_in", 0.01374)]
    [InlineData("truncated_vocabulary", 0.00392)]
    public void A_rule_gives_its_deviation(string rule, double deviation) =>
        Assert.Equal(1, InitialisationRule.Parse(rule)!.Deviation(4096, 32, 50400)!.Value / deviation, 1e-3);

    [Theory]
    [InlineData("normal")]
    [InlineData("normal -1")]
    [InlineData("small_init 0.02")]
    [InlineData("xavier")]
    public void What_is_no_rule_is_none(string text) => Assert.Null(InitialisationRule.Parse(text));

    [Fact]
    public void Without_the_shape_there_is_no_deviation()
    {
        Assert.Null(InitialisationRule.Parse("wang_init")!.Deviation(4096, null, 1));
        Assert.Equal(0.02, InitialisationRule.Parse("normal 0.02")!.Deviation(null, null, null));
    }
}

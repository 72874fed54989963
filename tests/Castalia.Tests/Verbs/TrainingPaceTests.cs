using Castalia.Cli.Progress;
using Castalia.Training;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class TrainingPaceTests
{
    sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;
    }

    internal static readonly TrainingOptions Options = new()
    {
        Steps = 600,
        Batch = 16,
        Tokens = 128,
        Rate = new(3e-3, 60, 0.1, 600),
        AdamW = new(0.9, 0.95, 1e-8, 0.1),
        Clip = 1,
        Initialisation = new() { Scheme = InitialScheme.SmallWang },
        WeightSeed = 1,
        DataSeed = 1,
    };

    [Fact]
    public void It_says_how_far_how_well_and_how_fast()
    {
        var clock = new Clock();
        var pace = new TrainingPace(Options, clock).After(new(101, 3, 0.8, 1, 3e-3));
        Assert.Empty(pace.Lines);
        clock.Now = 2000;
        pace.After(new(103, 2, 0.9, 0.5, 2.5e-3));
        Assert.Equal("step 103 of 600, loss 2.500 nats, least 0.850", pace.Text);
        Assert.Equal(["  2,048 tokens/s, learning rate 2.50e-3, gradient 0.500"], pace.Lines);
        Assert.Equal(103 / 600.0, pace.Share);
    }

    [Fact]
    public void Of_a_text_whose_entropy_nobody_knows_it_says_no_least() =>
        Assert.Equal("step 1 of 600, loss 3.000 nats", new TrainingPace(Options, new Clock()).After(new(1, 3, null, 1, 3e-3)).Text);
}

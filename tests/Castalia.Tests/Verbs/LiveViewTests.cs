using System.Text;
using Castalia.Cli.Progress;
using Castalia.Forward;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>What stands on a terminal while a model is measured.</summary>
public sealed class LiveViewTests
{
    /// <summary>A terminal that knows what castalia writes to it: line ends, CR, lines up, and erasing.</summary>
    sealed class Screen(int columns) : StringWriter
    {
        readonly List<StringBuilder> _rows = [new()];
        int _row, _column;

        public int Widest { get; private set; }

        public string[] Rows => [.. _rows.Select(row => row.ToString().TrimEnd())];

        public override void Write(string? value)
        {
            for (int i = 0; i < value!.Length; i++)
            {
                switch (value[i])
                {
                    case '\r': _column = 0; break;
                    case '\n':
                        (_row, _column) = (_row + 1, 0);
                        if (_row == _rows.Count) _rows.Add(new());
                        break;
                    case '\e':
                        int end = i + 2;
                        while (char.IsDigit(value[end])) end++;
                        if (value[end] == 'A') _row -= int.Parse(value[(i + 2)..end], System.Globalization.CultureInfo.InvariantCulture);
                        else
                        {
                            _rows[_row].Length = Math.Min(_rows[_row].Length, _column);
                            if (value[end] == 'J') _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                        }
                        i = end;
                        break;
                    default:
                        while (_rows[_row].Length <= _column) _rows[_row].Append(' ');
                        _rows[_row][_column++] = value[i];
                        Widest = Math.Max(Widest, _column);
                        Assert.True(_column < columns, _rows[_row].ToString());
                        break;
                }
            }
        }
    }

    sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void Pace_and_gains_so_far_are_written_over_and_gone_at_the_end(int columns)
    {
        var screen = new Screen(columns);
        var clock = new Clock();
        List<double> gains = [];
        TerminalBars.Run(screen, () => columns, () => 24, clock, progress =>
        {
            progress.Message("kept");
            var model = progress.Model("model");
            for (int block = 0; block <= 48; block++)
            {
                if (block > 0) gains.Add(1 + 1.0 / block);
                clock.Seconds++;
                model.Report(new(block, 48, block * 1_000_000L, 48_000_000) { Tokens = 4800, Operations = block * 2e9, Gains = gains });
                if (block == 20) progress.Message("also kept");
            }
            string[] rows = screen.Rows;
            Assert.Equal(["castalia: kept", "castalia: also kept"], rows[..2]);
            Assert.StartsWith("model: block 48 of 48, 48.0 of 48.0 MB", rows[2], StringComparison.Ordinal);
            Assert.Equal("  100 tokens/s, 2.0 GFLOP/s, 1 MB/s of weights", rows[3]);
            Assert.Equal("  Gain of every block so far, last token, mean over prompts", rows[4]);
            Assert.Contains(rows, row => row.Contains('█', StringComparison.Ordinal));
            Assert.InRange(rows.Length, 10, 13);
        });
        Assert.Equal(["castalia: kept", "castalia: also kept", ""], screen.Rows);
        Assert.True(screen.Widest < columns);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void A_network_in_training_shows_its_loss_and_its_gains_and_several_a_line_each(int columns)
    {
        var screen = new Screen(columns);
        var clock = new Clock();
        double?[] gains = [5.5, 1.2, 1.1, 1.3];
        TerminalBars.Run(screen, () => columns, () => 24, clock, progress =>
        {
            var one = progress.Train("wiring=sequential seed 1", TrainingPaceTests.Options);
            one.Gains(new(64, 3, gains, 1.25, 1.3, 1.35, 0.12));
            for (int step = 65; step <= 66; step++)
            {
                clock.Seconds++;
                one.Step(new(step, 2.5, 0.8, 0.5, 3e-3));
            }
            string[] alone = screen.Rows;
            Assert.StartsWith("wiring=sequential seed 1: step 66 of 600, ", alone[0], StringComparison.Ordinal);
            Assert.Equal(
                ["  2,048 tokens/s, learning rate 3.00e-3, gradient 0.500", "  gain of the last block at step 64: 1.300, below 1: 12 %", "  settled 1.250, open 1.300, long-range 1.350"], alone[1..4]);
            Assert.Equal("  Gain of every block there, last token, mean over prompts", alone[4]);
            Assert.Contains(alone, row => row.Contains('█', StringComparison.Ordinal));

            var two = progress.Train("wiring=parallel seed 1", TrainingPaceTests.Options);
            clock.Seconds++;
            two.Step(new(1, 4.5, 0.8, 0.5, 3e-5));
            one.Step(new(67, 2.5, 0.8, 0.5, 3e-3));
            string[] both = screen.Rows;
            Assert.Equal(2, both.Length);
            Assert.StartsWith("wiring=sequential seed 1: 67 of 600, loss", both[0], StringComparison.Ordinal);
            Assert.StartsWith("wiring=parallel seed 1: 1 of 600, loss", both[1], StringComparison.Ordinal);
            progress.Message("kept");
            clock.Seconds++;
            two.Step(new(2, 4.5, 0.8, 0.5, 3e-5));
            Assert.Equal("castalia: kept", screen.Rows[0]);
            one.Done();
            Assert.StartsWith("wiring=parallel seed 1: 2 of 600", screen.Rows[1], StringComparison.Ordinal);
            two.Done();
        });
        Assert.Equal(["castalia: kept", ""], screen.Rows);
    }

    [Fact]
    public void A_low_terminal_has_the_pace_alone()
    {
        var pace = new MeasurePace(new Clock());
        var clock = new Clock();
        var low = new MeasurePace(clock);
        low.Lines(new(0, 2, 0, 10) { Tokens = 10 }, 80, 10);
        clock.Seconds = 2;
        Assert.Single(low.Lines(new(1, 2, 5, 10) { Tokens = 10, Gains = [1.5] }, 80, 10));
        Assert.Empty(pace.Lines(new(1, 2, 5, 10), 80, 24));
    }

    [Fact]
    public void A_measurement_says_its_tokens_operations_and_gains_with_every_block()
    {
        List<(MeasureProgress Done, int Gains)> told = [];
        string folder = Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", "gqa");
        using var checkpoint = Castalia.Checkpoints.Checkpoint.Open(folder);
        var measured = Measurement.Take(
            checkpoint, [new(new() { Name = "p", Place = "p", Ids = [1, 2, 3] }, [1, 2, 3], 0, 0)], null, new() { Threads = 1 }, new Immediate<MeasureProgress>(done => told.Add((done, done.Gains!.Count))), CancellationToken.None);
        Assert.Equal([0, 1, 2, 3, 4, 4], told.Select(one => one.Gains));
        Assert.All(told, one => Assert.Equal(3, one.Done.Tokens));
        Assert.True(told[1].Done.Operations > 0);
        Assert.Equal(measured.Readings[0].Blocks.Select(block => block[^1].Gain), told[^1].Done.Gains!);
    }
}

using Castalia.Training;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Twins;

/// <summary>The gains of a network as it is trained: what a measurement of each checkpoint says, whatever interrupted the training.</summary>
public sealed class GainCurveTests : IDisposable
{
    const string Plan = "base: { blocks: 2, width: 16, heads: 2, steps: 9, warm_up: 1, batch: 2, tokens: 24, vocabulary: 96 }\nkeep: last\n";

    readonly TemporaryFolder _folder = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static Twin Network(string plan = Plan) => TwinPlanReader.Of(new("p.yaml", plan, TwinPlanReader.Format)).Twins[0];

    static TwinProgress Silent(Action<TrainingStep>? step = null) => new((_, _) => new(step ?? (_ => { }), _ => { }, () => { }), _ => null!, _ => null!, _ => { });

    static TrainedNetwork Train(Twin twin, string folder, int threads = 1, Action<TrainingStep>? step = null, CancellationToken? stop = null) =>
        TwinTraining.Take(twin, TwinTexts.Of(twin, null), folder, threads, Silent(step), stop ?? Token);

    static string Text(string folder) => File.ReadAllText(Path.Combine(folder, "gains.csv"));

    [Fact]
    public void The_last_row_is_what_a_measurement_of_the_network_says()
    {
        var twin = Network();
        var texts = TwinTexts.Of(twin, null);
        string folder = Path.Combine(_folder.Path, twin.Folder);
        var trained = Train(twin, folder);
        var measured = TwinMeasuring.Take("p", twin, trained, texts, _folder.Path, 2, 1, Silent(), Token);
        var rows = new GainCurve(folder, 2).Rows();
        Assert.Equal([0, 1, 2, 4, 8, 9], rows.Select(row => row.Step));
        Assert.Equal(measured.Estimates.GainProfile, rows[^1].Blocks);
        Assert.Equal(measured.Estimates.Categories.Select(category => category.Estimate.Gain.Mean.Value), new[] { rows[^1].Settled, rows[^1].Open, rows[^1].LongRange });
        Assert.Equal(measured.Estimates.All.BelowOne / 120.0, rows[^1].BelowOneShare!.Value, 1e-12);
        Assert.Null(rows[0].Loss);
        Assert.Equal(trained.Steps.Skip(4).Take(4).Average(step => step.Loss), rows[4].Loss!.Value, 1e-12);
        Assert.Equal(trained.Steps[8].Loss, rows[5].Loss);
        Assert.NotEqual(rows[0].Blocks, rows[^1].Blocks);
        Assert.False(Directory.Exists(Path.Combine(folder, "step8")));
    }

    [Fact]
    public void Interrupted_anywhere_it_has_the_same_bytes()
    {
        var twin = Network();
        string whole = Path.Combine(_folder.Path, "whole"), parts = Path.Combine(_folder.Path, "parts");
        Train(twin, whole);
        foreach (int at in new[] { 1, 3, 8 })
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => Train(twin, parts, 2, step =>
            {
                if (step.Step == at) stop.Cancel();
            }, stop.Token));
        }
        Train(twin, parts, 2);
        Assert.Equal(Text(whole), Text(parts));
    }

    [Fact]
    public void Rows_that_are_missing_are_read_from_the_checkpoints_that_are_there()
    {
        var twin = Network(Plan.Replace("keep: last\n", "", StringComparison.Ordinal));
        Train(twin, _folder.Path);
        string whole = Text(_folder.Path);
        string[] lines = whole.Split('\n');
        File.WriteAllText(Path.Combine(_folder.Path, "gains.csv"), string.Join('\n', [lines[0], lines[3], lines[5][..(lines[5].Length / 2)]])); // two rows lost, one half written
        Train(twin, _folder.Path);
        Assert.Equal(whole, Text(_folder.Path));
        File.Delete(Path.Combine(_folder.Path, "gains.csv"));
        Train(twin, _folder.Path);
        Assert.Equal(whole, Text(_folder.Path));
    }

    [Fact]
    public void A_new_checkpoint_takes_the_place_of_what_stood_there_and_after()
    {
        var curve = new GainCurve(_folder.Path, 1);
        foreach (int step in new[] { 0, 1, 2, 4 }) curve.Add(Row(step, 1), isNew: true);
        curve.Add(Row(2, 2), isNew: false);
        Assert.Equal([(0, 1), (1, 1), (2, 2), (4, 1)], curve.Rows().Select(row => (row.Step, row.Blocks[0])));
        curve.Add(Row(2, 3), isNew: true);
        Assert.Equal([(0, 1), (1, 1), (2, 3)], curve.Rows().Select(row => (row.Step, row.Blocks[0])));
        Assert.Empty(new GainCurve(_folder.Path, 2).Rows());

        static GainProfile Row(int step, double gain) => new(step, null, [gain], null, null, null, null);
    }

    public void Dispose() => _folder.Dispose();
}

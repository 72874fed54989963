using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Training;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Twins;

/// <summary>Networks trained again are compared to the bit.</summary>
public sealed class TwinVerificationTests
{
    static readonly TwinPlan s_plan = TwinPlanReader.Of(new("p.yaml", """
        base: { blocks: 1, width: 16, heads: 2, steps: 6, warm_up: 2, batch: 2, tokens: 16, vocabulary: 96 }
        cross: { wiring: [sequential, parallel] }
        """, TwinPlanReader.Format));

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Trained once, as they would be shipped; of the second a byte of its file is another where asked for.</summary>
    static ShippedTwin[] Shipped(string folder, bool isChanged) =>
    [
        .. s_plan.Twins.Select((twin, i) =>
        {
            var shipped = new ShippedTwin(twin, "");
            string file = Path.Combine(shipped.Training.Take(Path.Combine(folder, shipped.Name), 1, null, Cancellation).Folder, ShippedTwin.Weights);
            byte[] bytes = File.ReadAllBytes(file);
            if (isChanged && i == 1) bytes[^1] ^= 1;
            File.WriteAllBytes(file, bytes);
            return shipped with { Sha256 = Sha256.OfFile(file, Cancellation) };
        }),
    ];

    static IReadOnlyList<VerifiedTwin> Verified(ShippedTwin[] twins, string scratch, int threads, Action<TrainingStep>? shown = null, CancellationToken? cancellation = null) =>
        TwinVerification.Take(twins, scratch, threads, (_, _) => new(step => shown?.Invoke(step), _ => { }, () => { }), cancellation ?? Cancellation);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void What_is_shipped_comes_out_again_and_leaves_nothing(int threads)
    {
        using TemporaryFolder folder = new(), scratch = new();
        var verified = Verified(Shipped(folder.Path, isChanged: false), scratch.Path, threads);
        Assert.All(verified, twin => Assert.True(twin.IsSame));
        TwinVerification.Check(verified);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public void A_changed_byte_is_noticed_and_named()
    {
        using TemporaryFolder folder = new(), scratch = new();
        var verified = Verified(Shipped(folder.Path, isChanged: true), scratch.Path, 2);
        Assert.Equal([true, false], verified.Select(twin => twin.IsSame));
        var e = Assert.Throws<InputException>(() => TwinVerification.Check(verified));
        Assert.Equal("1 of 2 shipped networks came out otherwise when trained again: twin-wiring-parallel-seed1.", e.Cause);
        Assert.Contains("twin-wiring-parallel-seed1: NOT the same", TerminalPrinter.Of(TwinVerificationReport.Of(verified), 80), StringComparison.Ordinal);
    }

    [Fact]
    public void Stopping_leaves_nothing()
    {
        using TemporaryFolder folder = new(), scratch = new();
        var twins = Shipped(folder.Path, isChanged: false);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Verified(twins, scratch.Path, 2, _ => stop.Cancel(), stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }
}

using Castalia.Training;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Library;

/// <summary>What goes wrong says what is wrong and what to do.</summary>
public sealed class MisuseTests(MisuseTests.Fixture fixture) : IClassFixture<MisuseTests.Fixture>
{
    readonly LanguageModel _model = fixture.Model;

    [Fact]
    public void A_name_of_no_site_is_answered_with_those_that_there_are()
    {
        var e = Assert.Throws<InputException>(() => Site.Parse("blocks.0.hook_mlp_in"));
        Assert.Contains("names no site", e.Cause, StringComparison.Ordinal);
        Assert.Contains("blocks.0.resid_post", e.Remedy, StringComparison.Ordinal);
        Assert.Contains("hook_resid_post", e.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blocks.-1.resid_post")]
    [InlineData("blocks.1.resid_post.x")]
    [InlineData("resid_post")]
    [InlineData("blocks.٣.resid_post")]
    [InlineData("")]
    public void What_only_resembles_a_name_is_none(string name) => Assert.Throws<InputException>(() => Site.Parse(name));

    [Fact]
    public void A_site_that_the_family_lacks_is_answered_with_those_it_has()
    {
        var e = Assert.Throws<InputException>(() => fixture.Parallel.Pass().Keep("blocks.0.resid_mid"));
        Assert.Contains("no resid_mid", e.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("resid_mid", e.Remedy, StringComparison.Ordinal);
        Assert.Contains("resid_post", e.Remedy, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => fixture.Parallel.Sites(ResidualSite.Mid));
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.WidthOf(new((ResidualSite)99, 0)));
    }

    [Fact]
    public void A_block_that_is_not_there_is_refused_before_the_pass()
    {
        var e = Assert.Throws<InputException>(() => _model.Pass().Observe("blocks.99.resid_post", _ => { }));
        Assert.Contains("no block 99", e.Cause, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => _model.Pass().StopAfter(-1));
        Assert.Throws<InputException>(() => _model.Linearise(99, TokenSequence.Of(1)));
    }

    [Fact]
    public void A_model_that_is_disposed_says_so()
    {
        var closed = LanguageModel.Open(_model.Path);
        var pass = closed.Pass().Keep("blocks.0.resid_post");
        using var gradient = closed.Gradient();
        closed.Dispose();
        closed.Dispose();
        Assert.Contains("disposed", Assert.Throws<ObjectDisposedException>(() => pass.Run(TokenSequence.Of(1))).Message, StringComparison.Ordinal);
        Assert.Contains("To do", Assert.Throws<ObjectDisposedException>(() => closed.Measure(PositionRange.Last, TokenSequence.Of(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => closed.Tokenizer);
        Assert.Throws<ObjectDisposedException>(() => closed.ReadWeight(closed.WeightNames[0]));
        Assert.Throws<ObjectDisposedException>(() => gradient.Take(TokenSequence.Of(1, 2)));
    }

    [Fact]
    public void What_gave_its_memory_back_is_not_read()
    {
        var gradient = _model.Gradient();
        gradient.Take(TokenSequence.Of(1, 2));
        string name = gradient.WeightNames[0];
        gradient.Dispose();
        gradient.Dispose();
        Assert.Contains("To do", Assert.Throws<ObjectDisposedException>(() => gradient[name].Length).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => gradient.Take(TokenSequence.Of(1, 2)));
        var derivative = _model.Linearise(0, TokenSequence.Of(1, 2));
        derivative.Dispose();
        derivative.Dispose();
        Assert.Throws<ObjectDisposedException>(() => derivative.Apply(new double[_model.Architecture.DModel]));
        Assert.Throws<ObjectDisposedException>(derivative.Jacobian);
    }

    [Fact]
    public void A_text_of_which_the_vocabulary_has_nothing_is_refused()
    {
        var e = Assert.Throws<InputException>(() => _model.Tokenise("The capital of France is"));
        Assert.Contains("would be left out", e.Cause, StringComparison.Ordinal);
        Assert.True(_model.Tokenise("가 나 .").DroppedBytes > 0);
    }

    [Fact]
    public void An_architecture_is_a_value()
    {
        using var again = LanguageModel.Open(_model.Path);
        Assert.Equal(_model.Architecture, again.Architecture);
        Assert.NotEqual(_model.Architecture, fixture.Parallel == _model ? null : fixture.Parallel.Architecture);
        Assert.Equal(_model.Architecture.NLayers, (int)_model.Describe()["n_layers"]!);
    }

    /// <summary>An observer calls its model, and another thread does while the observer is at work.</summary>
    [Fact]
    public void A_model_at_work_is_not_called_again()
    {
        InvalidOperationException? own = null, others = null, disposal = null;
        _model.Pass().Observe("blocks.0.resid_pre", row =>
        {
            if (row.Position > 0) return;
            own = Assert.Throws<InvalidOperationException>(() => _model.Pass().Run(TokenSequence.Of(1)));
            var thread = new Thread(() => others = Record.Exception(() => _model.Measure(PositionRange.Last, TokenSequence.Of(1))) as InvalidOperationException);
            thread.Start();
            thread.Join();
            disposal = Record.Exception(_model.Dispose) as InvalidOperationException;
        }).Run(TokenSequence.Of(1, 2));
        foreach (var e in new[] { own, others, disposal })
        {
            Assert.Contains("open it once for each thread", e?.Message, StringComparison.Ordinal);
        }
        Assert.Single(_model.Pass().Run(TokenSequence.Of(1)).Sequences); // and it goes on
    }

    [Fact]
    public void Two_models_of_one_checkpoint_work_at_once_and_give_the_same_bits()
    {
        var results = new float[2][];
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() =>
        {
            using var own = LanguageModel.Open(_model.Path, threads: 1);
            results[i] = own.Pass().Keep("blocks.1.resid_post").Run(TokenSequence.Of(1, 2, 3))["blocks.1.resid_post"].Of(0).ToArray();
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(results[0], results[1]);
    }

    [Fact]
    public void A_span_of_another_length_is_refused_with_the_length_it_needs()
    {
        using var derivative = _model.Linearise(0, TokenSequence.Of(1, 2));
        var e = Assert.Throws<ArgumentException>(() => derivative.Apply([1, 2, 3]));
        Assert.Contains($"has 3 values and needs {_model.Architecture.DModel}, d_model", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pass_that_stops_has_no_later_sites_and_no_logits()
    {
        Assert.Contains("stops after block 0", Assert.Throws<InvalidOperationException>(() => _model.Pass().StopAfter(0).Keep("blocks.1.resid_post").Run(TokenSequence.Of(1))).Message, StringComparison.Ordinal);
        Assert.Contains("StopAfter", Assert.Throws<InvalidOperationException>(() => _model.Pass().StopAfter(0).WithLogits(PositionRange.Last).Run(TokenSequence.Of(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_asked_for_is_not_there()
    {
        var result = _model.Pass().WithLogits(PositionRange.Last).Run(TokenSequence.Of(1, 2));
        Assert.Throws<KeyNotFoundException>(() => result["blocks.0.resid_post"]);
        Assert.Contains("position 0", Assert.Throws<InvalidOperationException>(() => result.Logits(0, 0).Length).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _model.Pass().Run(TokenSequence.Of(1)).Logits(0).Length);
        Assert.Throws<InvalidOperationException>(() => _model.Measure(PositionRange.Last, TokenSequence.Of(1, 2))[0].Output(0));
        using var gradient = _model.Gradient();
        Assert.Throws<InvalidOperationException>(() => gradient[gradient.WeightNames[0]].Length);
        Assert.Throws<InputException>(() => gradient.Shape("no such"));
    }

    [Fact]
    public void Sequences_that_cannot_be_fed_are_refused()
    {
        Assert.Throws<ArgumentException>(() => TokenSequence.Of());
        Assert.Throws<ArgumentException>(() => _model.Pass().Run());
        Assert.Throws<InputException>(() => _model.Pass().Run(TokenSequence.Of(int.MaxValue)));
        Assert.Throws<InputException>(() => _model.Pass().Run(TokenSequence.Of(-1)));
        Assert.Throws<ArgumentNullException>(() => _model.Pass().Run(TokenSequence.Of(1), null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => LanguageModel.Open(_model.Path, threads: 0));
        Assert.Throws<InputException>(() => LanguageModel.Open(System.IO.Path.Combine(_model.Path, "nowhere")));
    }

    [Fact]
    public void What_the_stream_decides_is_not_changed_itself()
    {
        var e = Assert.Throws<ArgumentException>(() => _model.Pass().Change("blocks.0.mlp_in", _ => { }));
        Assert.Contains("resid_pre", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_leaves_no_number_ends_the_pass_and_an_exception_of_an_observer_comes_through()
    {
        var e = Assert.Throws<InputException>(() => _model.Pass().Change("blocks.0.mlp_out", row => row.Values[3] = float.NaN).Run(TokenSequence.Of(1)));
        Assert.Contains("dimension 3", e.Place, StringComparison.Ordinal);
        Assert.Throws<TimeZoneNotFoundException>(() => _model.Pass().Observe("blocks.0.mlp_out", _ => throw new TimeZoneNotFoundException()).Run(TokenSequence.Of(1)));
        Assert.Single(_model.Pass().Run(TokenSequence.Of(1)).Sequences);
    }

    public sealed class Fixture : IDisposable
    {
        readonly TemporaryFolder _folder = new();

        public Fixture()
        {
            Model = LanguageModel.Open(ShippedTwins.Ensure(ShippedTwins.All[0], _folder.Path, say: null, CancellationToken.None), threads: 2);
            Parallel = Model.Architecture.Wiring == Castalia.Architectures.Wiring.Sequential ? LanguageModel.Open(Parity.Golden.Load("gpt_neox/pythia").Checkpoint) : Model;
        }

        internal LanguageModel Model { get; }

        internal LanguageModel Parallel { get; }

        public void Dispose()
        {
            Model.Dispose();
            Parallel.Dispose();
            _folder.Dispose();
        }
    }
}

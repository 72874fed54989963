using System.Numerics.Tensors;
using Castalia.Forward;
using Castalia.Interventions;
using Castalia.Kernels;
using Castalia.Residual;

namespace Castalia;

/// <summary>A position at a site, while a pass is there.</summary>
/// <example>
/// <code>
/// model.Pass().Observe("blocks.0.mlp_out", row => Show(row.Site, row.Sequence, row.Position, row.Tokens, row.Values.Length)).Run(model.Tokenise("a"));
/// </code>
/// </example>
public readonly ref struct SiteRow
{
    internal SiteRow(Site site, int sequence, int position, int tokens, Span<float> values)
    {
        (Site, Sequence, Position, Tokens) = (site, sequence, position, tokens);
        Values = values;
    }

    /// <summary>The site.</summary>
    public Site Site { get; }

    /// <summary>The sequence, from 0.</summary>
    public int Sequence { get; }

    /// <summary>The position in it, from 0.</summary>
    public int Position { get; }

    /// <summary>Tokens of the sequence.</summary>
    public int Tokens { get; }

    /// <summary>The values, [width of the site]; of z heads one after the other. What a change writes here is what follows is computed from.</summary>
    public Span<float> Values { get; }
}

/// <summary>Reads a position at a site; what it writes there is lost.</summary>
public delegate void SiteObserver(SiteRow row);

/// <summary>Changes a position at a site, in place.</summary>
public delegate void SiteChange(SiteRow row);

/// <summary>A pass forwards: what is kept, observed and changed, where it ends, and which logits are wanted.</summary>
/// <remarks>
/// What is not asked for costs nothing. Observers and changes are called from the calling thread, block by block, then sequence by sequence and position by
/// position; of several at one site in the order they were given, changes first.
/// </remarks>
/// <example>
/// <code>
/// double erased = 0;
/// PassResult result = model.Pass()
///     .Change("blocks.1.hook_mlp_out", row => row.Values.Clear())
///     .Observe("blocks.1.resid_post", row => erased += row.Values[0])
///     .Run(model.Tokenise("the cat"));
/// Show(erased);
/// </code>
/// </example>
public sealed class ModelPass
{
    readonly LanguageModel _model;
    readonly List<Site> _kept = [];
    readonly List<(Site Site, SiteObserver With)> _observed = [];
    readonly List<(Site Site, SiteChange With)> _changed = [];
    int? _last;
    PositionRange? _logits;

    internal ModelPass(LanguageModel model) => _model = model;

    /// <summary>Keeps the activations of sites, every position.</summary>
    /// <exception cref="InputException">The family has no such site, or the model no such block.</exception>
    /// <example><code>Show(model.Pass().Keep("blocks.0.z", "blocks.1.hook_resid_post").Run(TokenSequence.Of(1))["blocks.0.z"].Width);</code></example>
    public ModelPass Keep(params ReadOnlySpan<Site> sites)
    {
        foreach (var site in sites)
        {
            _model.WidthOf(site);
            if (!_kept.Contains(site)) _kept.Add(site);
        }
        return this;
    }

    /// <summary>Keeps the activations of a site of every block.</summary>
    /// <exception cref="InputException">The family has no such site.</exception>
    /// <example><code>Show(model.Pass().KeepAll(ResidualSite.Post).Run(TokenSequence.Of(1)).Sites.Count);</code></example>
    public ModelPass KeepAll(ResidualSite kind) => Keep([.. _model.Sites(kind)]);

    /// <summary>Shows every position at a site to somebody.</summary>
    /// <exception cref="InputException">The family has no such site, or the model no such block.</exception>
    /// <example>
    /// <code>
    /// float largest = 0;
    /// model.Pass().Observe("blocks.0.attn_out", row => { foreach (float x in row.Values) largest = Math.Max(largest, Math.Abs(x)); }).Run(TokenSequence.Of(1, 2));
    /// Show(largest);
    /// </code>
    /// </example>
    public ModelPass Observe(Site site, SiteObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        _model.WidthOf(site);
        _observed.Add((site, observer));
        return this;
    }

    /// <summary>Changes every position at a site: what follows is computed from what is left there.</summary>
    /// <exception cref="InputException">The family has no such site, or the model no such block.</exception>
    /// <exception cref="ArgumentException">The site is attn_in or mlp_in: the stream is changed instead.</exception>
    /// <example>
    /// <code>
    /// PassResult result = model.Pass().Change("blocks.0.attn_out", row => { if (row.Position == 1) row.Values.Clear(); }).Keep("blocks.1.resid_post").Run(TokenSequence.Of(1, 2));
    /// Show(result["blocks.1.resid_post"].Row(0, 1)[0]);
    /// </code>
    /// </example>
    public ModelPass Change(Site site, SiteChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _model.WidthOf(site);
        if (!Interventions.Change.Places.Contains(site.Kind)) throw Misuse.FixedSite(site, Interventions.Change.Places.Where(place => BlockActivations.WidthOf(_model.Described, place) > 0));
        _changed.Add((site, change));
        return this;
    }

    /// <summary>Ends the pass when a block is done; later ones are not computed, nor their weights read.</summary>
    /// <param name="block">From 0.</param>
    /// <exception cref="InputException">There is no such block.</exception>
    /// <example><code>Show(model.Pass().Keep("blocks.0.resid_post").StopAfter(0).Run(TokenSequence.Of(1)).Sites);</code></example>
    public ModelPass StopAfter(int block)
    {
        _model.CheckBlock(block);
        _last = block;
        return this;
    }

    /// <summary>Keeps final_norm_out and the logits.</summary>
    /// <param name="positions">Of which positions; of all they are tokens × d_vocab values.</param>
    /// <example><code>Show(model.Pass().WithLogits(PositionRange.All).Run(TokenSequence.Of(1, 2)).Logits(0, position: 0).Length);</code></example>
    public ModelPass WithLogits(PositionRange positions)
    {
        _logits = positions;
        return this;
    }

    /// <summary>Runs sequences, in one batch; each has the figures that it has alone, to the bit.</summary>
    /// <exception cref="InputException">A sequence that is too long, or an id without an embedding; a value that was asked for is NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">Logits or sites after the block that the pass stops at; the model is at work.</exception>
    /// <example><code>Show(model.Pass().Keep("blocks.0.resid_pre").Run(TokenSequence.Of(1), TokenSequence.Of(2, 3)).Sequences.Count);</code></example>
    public PassResult Run(params ReadOnlySpan<TokenSequence> sequences) => Run(CancellationToken.None, sequences);

    /// <summary>The same, which can be cancelled between pieces of work.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    /// <exception cref="InputException">The same.</exception>
    /// <exception cref="InvalidOperationException">The same.</exception>
    /// <example>
    /// <code>
    /// using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
    /// Show(model.Pass().Keep("blocks.0.resid_pre").Run(patience.Token, TokenSequence.Of(1)).Sites);
    /// </code>
    /// </example>
    public PassResult Run(CancellationToken cancellation, params ReadOnlySpan<TokenSequence> sequences)
    {
        var fed = TokenSequence.Fed(sequences);
        if (_last is { } last)
        {
            if (_logits is not null) throw Misuse.NoLogits(last);
            foreach (var site in _kept.Concat(_observed.Select(o => o.Site)).Concat(_changed.Select(c => c.Site)))
                if (site.Block > last) throw Misuse.AfterTheStop(site, last);
        }
        using var use = _model.Use();
        PromptLimits.Check(fed, _model.Described);
        using var pass = new ForwardPass(_model.Checkpoint, _model.Described, fed, _model.Threads, progress: null, cancellation);
        var result = new PassResult(sequences.ToArray(), _model.Described, _kept, _logits);
        var work = new PassWork(pass, result, _observed, _changed);
        pass.Run(work, edits: _changed.Count == 0 ? null : work.EditsOf, blocks: _last + 1);
        if (_logits is { } positions) work.ReadLogits(positions);
        return result;
    }
}

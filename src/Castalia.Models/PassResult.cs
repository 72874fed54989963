using System.Numerics.Tensors;
using Castalia.Architectures;
using Castalia.Forward;

namespace Castalia;

/// <summary>What a pass kept.</summary>
/// <example>
/// <code>
/// PassResult result = model.Pass().Keep("blocks.0.attn.hook_z").WithLogits(PositionRange.Last).Run(model.Tokenise("the cat"));
/// Show(result.Sites, result.Sequences.Count);
/// </code>
/// </example>
public sealed class PassResult
{
    readonly Dictionary<Site, SiteActivations> _kept;
    readonly float[]?[][] _normed, _logits;
    readonly PositionRange? _positions;

    internal PassResult(TokenSequence[] sequences, Architecture a, List<Site> kept, PositionRange? logits)
    {
        (Sequences, Sites, _positions) = (sequences, [.. kept], logits);
        _kept = kept.ToDictionary(site => site, site => new SiteActivations(site, sequences, BlockActivations.WidthOf(a, site.Kind), site.Kind == ResidualSite.Z ? a.NHeads : 1));
        (_normed, _logits) = (Rows(), Rows());

        float[]?[][] Rows() => logits is null ? [] : [.. sequences.Select(sequence => new float[]?[sequence.Ids.Count])];
    }

    /// <summary>What was run.</summary>
    public IReadOnlyList<TokenSequence> Sequences { get; }

    /// <summary>The sites that were kept.</summary>
    public IReadOnlyList<Site> Sites { get; }

    /// <summary>The activations of a site.</summary>
    /// <exception cref="KeyNotFoundException">It was not kept.</exception>
    public SiteActivations this[Site site] => _kept.TryGetValue(site, out var found) ? found : throw Misuse.NotKept(site);

    /// <summary>Logits of the last position of a sequence, [d_vocab], rows of padding included.</summary>
    /// <exception cref="InvalidOperationException">They were not kept.</exception>
    /// <example><code>Show(model.Pass().WithLogits(PositionRange.Last).Run(TokenSequence.Of(1)).Logits(0).Length);</code></example>
    public ReadOnlySpan<float> Logits(int sequence) => Logits(sequence, Sequences[sequence].Ids.Count - 1);

    /// <summary>Logits of a position.</summary>
    /// <exception cref="InvalidOperationException">They were not kept.</exception>
    public ReadOnlySpan<float> Logits(int sequence, int position) => RowOf(_logits, sequence, position);

    /// <summary>final_norm_out of a position, [d_model]: what the unembedding reads.</summary>
    /// <exception cref="InvalidOperationException">Logits of the position were not kept.</exception>
    /// <example><code>Show(model.Pass().WithLogits(PositionRange.Last).Run(TokenSequence.Of(1, 2)).FinalNorm(0, 1).Length);</code></example>
    public ReadOnlySpan<float> FinalNorm(int sequence, int position) => RowOf(_normed, sequence, position);

    float[] RowOf(float[]?[][] rows, int sequence, int position)
    {
        if (_positions is null) throw Misuse.LogitsNotKept("of no position");
        return rows[sequence][position] ?? throw Misuse.LogitsNotKept(FormattableString.Invariant($"of position {position}, which is not the last,"));
    }

    internal void Write(int sequence, int position, ReadOnlySpan<float> normed, ReadOnlySpan<float> logits) =>
        (_normed[sequence][position], _logits[sequence][position]) = (normed.ToArray(), logits.ToArray());

    internal Span<float> RowOf(Site site, int sequence, int position) => _kept[site].Writable(sequence, position);
}

/// <summary>The activations of a site, of every sequence that was run.</summary>
/// <example>
/// <code>
/// SiteActivations z = model.Pass().Keep("blocks.0.z").Run(model.Tokenise("the cat"))["blocks.0.z"];
/// Show(z.Site, z.Width, z.Of(0).Length, z.Row(0, 1)[0]);
/// </code>
/// </example>
public sealed class SiteActivations
{
    readonly float[][] _values;
    readonly int _heads;

    internal SiteActivations(Site site, TokenSequence[] sequences, int width, int heads)
    {
        (Site, Width, _heads) = (site, width, heads);
        _values = [.. sequences.Select(sequence => new float[sequence.Ids.Count * (long)width])];
    }

    /// <summary>The site.</summary>
    public Site Site { get; }

    /// <summary>Values of a position.</summary>
    public int Width { get; }

    /// <summary>Of a sequence, [position × width], row-major.</summary>
    public ReadOnlySpan<float> Of(int sequence) => _values[sequence];

    /// <summary>Of a position of a sequence, [width].</summary>
    public ReadOnlySpan<float> Row(int sequence, int position) => Writable(sequence, position);

    /// <summary>Of a sequence as a tensor, [position × width]; of z [position × head × head_dim].</summary>
    /// <example>
    /// <code>
    /// var tensor = model.Pass().Keep("blocks.0.z").Run(TokenSequence.Of(1, 2))["blocks.0.z"].AsTensor(0);
    /// Show(tensor.Rank, tensor[1, 0, 0]);
    /// </code>
    /// </example>
    public ReadOnlyTensorSpan<float> AsTensor(int sequence)
    {
        int tokens = _values[sequence].Length / Width;
        return new(_values[sequence], _heads == 1 && Site.Kind != ResidualSite.Z ? [tokens, Width] : [tokens, _heads, Width / _heads], []);
    }

    internal Span<float> Writable(int sequence, int position) => _values[sequence].AsSpan(position * Width, Width);
}

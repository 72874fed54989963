using Castalia.Architectures;
using Castalia.Forward;

namespace Castalia.Attribution;

/// <summary>What goes into the down projections of a mixture at some tokens: the router and the experts are asked again for these alone.</summary>
/// <remarks>A linear layer gives a token the same bits whatever tokens are with it, so these are the values of the pass.</remarks>
sealed unsafe class ExpertInputs(Architecture architecture, Crew crew, LinearPass linear) : IDisposable
{
    readonly MlpPass _expert = new(architecture, crew, linear);
    readonly FloatBuffer _rows = new(), _gathered = new(), _scores = new(), _outputs = new();
    readonly PackedTokens _packed = new(), _post = new();

    /// <summary>A projection for each expert that a token chose, experts in ascending order.</summary>
    /// <param name="weights">The block.</param>
    /// <param name="input">mlp_in of the tokens, [tokens × d_model].</param>
    /// <param name="tokens">How many.</param>
    public IReadOnlyList<(int Expert, Projection Projection)> Of(BlockWeights weights, ReadOnlySpan<float> input, int tokens)
    {
        int dModel = architecture.DModel, experts = architecture.Mixture!.Experts;
        input.CopyTo(_rows.Resize((long)tokens * dModel).Span(0, tokens * dModel));
        linear.Run(_packed.Pack(crew, _rows.Data, tokens, dModel), weights.Router!, _scores.Resize((long)tokens * experts).Data);
        double[] shares = new double[tokens * experts];
        for (int t = 0; t < tokens; t++) MixturePass.Choose(_scores.Row(t, experts), architecture.Mixture.PerToken, shares.AsSpan(t * experts, experts));
        var projections = new List<(int, Projection)>();
        for (int e = 0; e < experts; e++)
        {
            int[] through = [.. Enumerable.Range(0, tokens).Where(t => shares[t * experts + e] > 0)];
            if (through.Length == 0) continue;
            _gathered.Resize((long)through.Length * dModel);
            for (int i = 0; i < through.Length; i++) _rows.Row(through[i], dModel).CopyTo(_gathered.Row(i, dModel));
            var down = new LinearOutput(weights.Mlps[e].Down, _outputs.Resize((long)through.Length * dModel).Data);
            _expert.Run(_packed.Pack(crew, _gathered.Data, through.Length, dModel), weights.Mlps[e], _post, down);
            var inner = new TokenVectors().Clear(through.Length, architecture.DFf);
            float[] post = new float[architecture.DFf];
            for (int i = 0; i < through.Length; i++)
            {
                _post.Read(i, post);
                Wide.Copy(post, inner.Row(i));
            }
            projections.Add((e, new(weights.Mlps[e].Down, through, [.. through.Select(t => shares[t * experts + e])], inner, new())));
        }
        return projections;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _expert.Dispose();
        _rows.Dispose();
        _gathered.Dispose();
        _scores.Dispose();
        _outputs.Dispose();
        _packed.Dispose();
        _post.Dispose();
    }
}

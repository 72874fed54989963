using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Attribution;

/// <summary>What each head brings from each source position: pattern(t, s)·⟨value(s), W_Oᵀv⟩ of its slice.</summary>
sealed class HeadSources
{
    readonly ForwardPass _pass;
    readonly Chunk _chunk;
    readonly AttentionPass _vectors;
    readonly ScoreRule[] _rules;

    /// <param name="pass">The pass.</param>
    /// <param name="layer">The block.</param>
    /// <param name="chunk">The tokens.</param>
    /// <param name="vectors">Queries, keys and values of the chunk.</param>
    public HeadSources(ForwardPass pass, int layer, Chunk chunk, AttentionPass vectors)
    {
        (_pass, _chunk, _vectors) = (pass, chunk, vectors);
        _rules = [.. Enumerable.Range(0, pass.Architecture.NHeads).Select(head => vectors.RuleOf(layer, head, pass.Batch.Longest))];
    }

    /// <summary>A_p of every head and source, [head][source].</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="position">The query's position.</param>
    /// <param name="weighing">W_Oᵀv, [n_heads·head_dim].</param>
    /// <param name="square">‖h‖².</param>
    public double[][] Of(int prompt, int position, ReadOnlySpan<double> weighing, double square)
    {
        int firstToken = _pass.Batch.Starts[prompt] - _chunk.FirstToken, headDim = _pass.Architecture.HeadDim;
        double[][] heads = new double[_rules.Length][];
        for (int head = 0; head < heads.Length; head++)
        {
            double[] sources = heads[head] = new double[position + 1];
            SourceWeights.Write(_vectors, _rules[head], head, firstToken, sources);
            var weights = weighing.Slice(head * headDim, headDim);
            for (int s = 0; s <= position; s++)
                if (sources[s] != 0) sources[s] *= Wide.Dot(_vectors.Value(firstToken + s, head), weights) / square;
        }
        return heads;
    }
}

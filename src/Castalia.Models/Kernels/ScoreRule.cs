namespace Castalia.Kernels;

/// <summary>What becomes of a query's product with a key, and which keys it sees.</summary>
/// <param name="Scale">Factor on the product.</param>
/// <param name="Slope">Penalty for each position between query and key.</param>
/// <param name="Window">Keys seen, the query's own included; <see cref="int.MaxValue"/> for all before it.</param>
/// <param name="Softcap">c of c·tanh(s/c) on the scores; 0 for none.</param>
readonly record struct ScoreRule(float Scale, float Slope, int Window, double Softcap)
{
    /// <summary>What counts as a key's position in the penalty, one for each key; null for the position itself.</summary>
    public float[]? Positions { get; init; }

    /// <summary>The first key a query sees.</summary>
    public int FirstKey(int position) => Math.Max(0, position - (Window - 1));
}

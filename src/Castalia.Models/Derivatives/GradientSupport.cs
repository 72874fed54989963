using Castalia.Architectures;

namespace Castalia.Derivatives;

/// <summary>Which descriptions have a reverse.</summary>
static class GradientSupport
{
    /// <summary>Refuses what has none.</summary>
    /// <exception cref="InputException">Naming the family and what of it is missing.</exception>
    public static void Check(Architecture a, string path)
    {
        string[] missing = [.. Missing(a)];
        if (missing.Length > 0) throw GradientErrors.NoReverse(a.Family.Title, string.Join(", ", missing), path);
    }

    static IEnumerable<string> Missing(Architecture a)
    {
        if (a.Mlp == MlpKind.Mixture) yield return "a mixture of experts";
        if (a.NormPlacement != NormPlacement.Before) yield return "norms after the sublayers";
        if (a.QkNorm != QkNorm.None) yield return "norms of queries and keys";
        if (a.Alibi is not null) yield return "ALiBi";
        if (a.AttentionSoftcap is not null || a.LogitSoftcap is not null) yield return "soft caps";
        if (a.ClipQkv is not null) yield return "clipped queries, keys and values";
        if (a.ResidualScale != 1) yield return "a residual multiplier";
        if (a.Tensors.ContainsKey(WeightRole.EmbeddingNorm)) yield return "a norm of the embedding";
    }
}

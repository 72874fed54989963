using Castalia.Architectures;

namespace Castalia.Forward;

/// <summary>A norm's weight and bias.</summary>
/// <param name="Weight">[width]; 1 where the model has none.</param>
/// <param name="Bias">[width]; null for none.</param>
sealed record NormWeights(float[] Weight, float[]? Bias);

/// <summary>One MLP: a block's, or one expert's.</summary>
/// <param name="Gate">[d_ff × d_model]; null in plain MLPs.</param>
/// <param name="Up">[d_ff × d_model].</param>
/// <param name="Down">[d_model × d_ff].</param>
sealed record MlpWeights(LinearWeights? Gate, LinearWeights Up, LinearWeights Down);

/// <summary>The weights of one block: vectors read, matrices left where they are.</summary>
/// <param name="Layer">Block index, from 0.</param>
/// <param name="AttnNorm">Before attention; null where it reads the stream itself.</param>
/// <param name="AttnPostNorm">After attention; null for none.</param>
/// <param name="MlpNorm">Before the MLP; null where it reads the stream itself, or what attention reads.</param>
/// <param name="MlpPostNorm">After the MLP; null for none.</param>
/// <param name="Query">Projection.</param>
/// <param name="Key">Projection.</param>
/// <param name="Value">Projection.</param>
/// <param name="QueryNorm">All heads one after the other, or one head; null for none.</param>
/// <param name="KeyNorm">The same.</param>
/// <param name="AttnOut">Projection.</param>
/// <param name="Router">Scores of the experts; null where the MLP is no mixture.</param>
/// <param name="Mlps">The MLP, or the experts.</param>
sealed record BlockWeights(
    int Layer, NormWeights? AttnNorm, NormWeights? AttnPostNorm, NormWeights? MlpNorm, NormWeights? MlpPostNorm,
    LinearWeights Query, LinearWeights Key, LinearWeights Value, NormWeights? QueryNorm, NormWeights? KeyNorm,
    LinearWeights AttnOut, LinearWeights? Router, IReadOnlyList<MlpWeights> Mlps)
{
    /// <summary>Block <paramref name="layer"/> of a model.</summary>
    public static BlockWeights Read(WeightReader read, Architecture a, int layer)
    {
        bool before = a.NormPlacement != NormPlacement.After, after = a.NormPlacement != NormPlacement.Before;
        return new(
            layer,
            before ? read.Norm(WeightRole.AttnNorm, layer) : null,
            after ? read.Norm(WeightRole.AttnPostNorm, layer) : null,
            before && a.Wiring != Wiring.ParallelOneNorm ? read.Norm(WeightRole.MlpNorm, layer) : null,
            after ? read.Norm(WeightRole.MlpPostNorm, layer) : null,
            read.Linear(WeightRole.Query, layer),
            read.Linear(WeightRole.Key, layer),
            read.Linear(WeightRole.Value, layer),
            a.QkNorm == QkNorm.None ? null : read.Norm(WeightRole.QueryNorm, layer),
            a.QkNorm == QkNorm.None ? null : read.Norm(WeightRole.KeyNorm, layer),
            read.Linear(WeightRole.AttnOut, layer),
            a.Mlp == MlpKind.Mixture ? read.Linear(WeightRole.Router, layer) : null,
            [.. Enumerable.Range(0, a.Mixture?.Experts ?? 1).Select(expert => new MlpWeights(
                a.Mlp == MlpKind.Plain ? null : read.Linear(WeightRole.MlpGate, layer, expert),
                read.Linear(WeightRole.MlpUp, layer, expert),
                read.Linear(WeightRole.MlpDown, layer, expert)))]);
    }
}

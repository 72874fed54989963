using Castalia.Architectures;

namespace Castalia.Anatomy.Weights;

/// <summary>One weight, as float32 and in the form the arithmetic uses it: a norm's gain as it multiplies.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Layer">Block index from 0; null for what no block owns.</param>
/// <param name="Part">Expert, from 0, where each has a matrix of its own; else 0.</param>
/// <param name="Count">Elements.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Sd">Their standard deviation; n in the variance, for these are all of them.</param>
/// <param name="Frobenius">√Σx².</param>
/// <param name="Largest">Largest |x|.</param>
sealed record WeightFigures(WeightRole Role, int? Layer, int Part, long Count, double Mean, double Sd, double Frobenius, double Largest)
{
    /// <summary>From sums over it.</summary>
    internal static WeightFigures Of(WeightRole role, int? layer, int part, ValueSums sums) => new(
        role, layer, part, sums.Count, sums.Sum / sums.Count, Math.Sqrt(sums.AboutMean / sums.Count), Math.Sqrt(sums.Squares), sums.Largest);
}

/// <summary>The weights of one block.</summary>
/// <param name="Layer">Block index, from 0.</param>
/// <param name="Weights">Every weight it has: matrices, gains and biases, in the order of <see cref="WeightRole"/>.</param>
sealed record BlockAnatomy(int Layer, IReadOnlyList<WeightFigures> Weights)
{
    /// <summary>A weight of it; null where the model has none.</summary>
    public WeightFigures? Find(WeightRole role, int part = 0) => Weights.FirstOrDefault(one => one.Role == role && one.Part == part);

    /// <summary>W_O.</summary>
    public WeightFigures AttnOut => Find(WeightRole.AttnOut)!;

    /// <summary>W_down, of each expert in a mixture.</summary>
    public IReadOnlyList<WeightFigures> Down => [.. Weights.Where(one => one.Role == WeightRole.MlpDown)];

    /// <summary>Gains and biases of its norms.</summary>
    public IReadOnlyList<WeightFigures> Norms => [.. Weights.Where(one => ParameterFacts.PartOf(one.Role) == ModelPart.Norms)];
}

/// <summary>The unembedding with the final norm's gain γ folded into it, M = W_U·diag(γ).</summary>
/// <param name="Rows">Rows counted: those of the tokenizer's ids, or all where their number is not known.</param>
/// <param name="Frobenius">‖M‖, Frobenius.</param>
/// <param name="Centred">The same with the mean over the rows subtracted from every row and, where the final norm is a LayerNorm, on the mean-free subspace.</param>
sealed record FoldedUnembedding(int Rows, double Frobenius, double Centred);

/// <summary>What one reading of a checkpoint's weights says of them.</summary>
/// <param name="Model">What the model is called.</param>
/// <param name="Blocks">Block by block.</param>
/// <param name="Others">Weights that no block owns: embedding, positions, final norm, unembedding where it is not the embedding.</param>
/// <param name="Unembedding">The folded unembedding.</param>
/// <param name="Rounded">Values stored as float64 that are no float32 and were rounded to the nearest.</param>
sealed record WeightAnatomy(
    string Model, IReadOnlyList<BlockAnatomy> Blocks, IReadOnlyList<WeightFigures> Others, FoldedUnembedding Unembedding, long Rounded);

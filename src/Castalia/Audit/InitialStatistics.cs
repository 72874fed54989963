using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Cards;

namespace Castalia.Audit;

/// <summary>The weights of one kind in all blocks together, before training, beside the rules they might have been drawn by.</summary>
/// <param name="Role">The kind.</param>
/// <param name="Count">Elements.</param>
/// <param name="Deviation">√(Σx²/n): the standard deviation about the mean 0 that every rule has.</param>
/// <param name="Tolerance">How far that may lie from a rule's, relative: six standard errors of it, 6/√(2n), and what rounding to the stored type adds.</param>
/// <param name="Fits">Names of the rules within it.</param>
/// <param name="Documented">The rule that is documented for the family; null where none is known.</param>
/// <param name="OnCard">The rule that the model's card has; null where there is none.</param>
sealed record InitialKind(WeightRole Role, long Count, double Deviation, double Tolerance, IReadOnlyList<string> Fits, InitialScheme? Documented, InitialScheme? OnCard)
{
    /// <summary>It is as the model's card has it.</summary>
    public bool IsAsOnCard => OnCard is { } rule && Math.Abs(Deviation / rule.Deviation - 1) <= Tolerance;

    /// <summary>It is not what was documented.</summary>
    public bool Contradicts => Documented is not null && !Fits.Contains(Documented.Name);
}

/// <summary>What a revision that should not have been trained yet looks like.</summary>
/// <param name="Model">The revision.</param>
/// <param name="Kinds">Its matrices, kind by kind.</param>
/// <param name="Moved">Gains that are not 1 and biases that are not 0: training, or another rule.</param>
/// <param name="ErrorOnCard">What the model's card says went wrong when its weights were drawn; null where it knows of nothing.</param>
sealed record InitialStatistics(string Model, IReadOnlyList<InitialKind> Kinds, IReadOnlyList<WeightFigures> Moved, string? ErrorOnCard)
{
    /// <summary>It is not as the family is documented to begin.</summary>
    public bool Contradicts => Moved.Count > 0 || Kinds.Any(kind => kind.Contradicts);

    /// <summary>What contradicts the family's documents is the known error that the model's card names, and nothing else.</summary>
    public bool IsKnownError => ErrorOnCard is not null && Moved.Count == 0 && Kinds.All(kind => !kind.Contradicts || kind.IsAsOnCard);

    const double StandardErrors = 6; // one chance in 5e8 for each kind

    /// <summary>Families whose rule is documented: what reads the stream, and what writes to it.</summary>
    /// <remarks>
    /// GPT-NeoX: as the Pythia paper states for every size (arXiv 2304.01373, table 6). GPT-2: Radford et al. 2019, as nanoGPT reproduces it. GPT-J:
    /// kingoflolz/mesh-transformer-jax, layers.py and transformer_shard.py, over Haiku's defaults; of its unembedding nothing is documented.
    /// </remarks>
    internal static InitialScheme? DocumentedOf(Architecture a, WeightRole role) => a.Family.ModelType switch
    {
        "gpt_neox" => Writes(role) ? InitialScheme.Wang(a.DModel, a.NLayers) : InitialScheme.Small(a.DModel),
        "gpt2" => role == WeightRole.Positions ? null : Writes(role) ? InitialScheme.ScaledNormal(a.NLayers) : InitialScheme.Normal,
        "gptj" => role switch
        {
            WeightRole.Embedding => InitialScheme.TruncatedVocabulary(a.DVocab),
            WeightRole.Unembedding => null,
            _ => Writes(role) ? InitialScheme.TruncatedWang(a.DModel, a.NLayers) : InitialScheme.TruncatedFanIn(a.DModel),
        },
        _ => null,
    };

    static InitialScheme? OnCardOf(Card? card, Architecture a, WeightRole role) =>
        card?.Words(role == WeightRole.Embedding ? "init_embedding" : Writes(role) ? "init_output" : "init_input") is { } words && InitialisationRule.Parse(words) is { } rule
            ? InitialScheme.Of(rule, a) : null;

    static bool Writes(WeightRole role) => role is WeightRole.AttnOut or WeightRole.MlpDown;

    /// <summary>Of the figures of a model.</summary>
    /// <param name="architecture">Its description.</param>
    /// <param name="anatomy">Its weights' figures.</param>
    /// <param name="card">Its card; null where none is known.</param>
    public static InitialStatistics Of(Architecture architecture, WeightAnatomy anatomy, Card? card)
    {
        var all = anatomy.Others.Concat(anatomy.Blocks.SelectMany(block => block.Weights)).ToArray();
        var rules = InitialScheme.All(architecture);
        return new(
            anatomy.Model,
            [
                .. all.Where(one => !WeightShapes.IsVector(one.Role)).GroupBy(one => one.Role).Select(kind =>
                {
                    long count = kind.Sum(one => one.Count);
                    double deviation = Math.Sqrt(kind.Sum(one => one.Frobenius * one.Frobenius) / count);
                    // Of a bfloat16, 2⁻⁹ of a value at most; its square, twice over, in the variance.
                    double tolerance = StandardErrors / Math.Sqrt(2.0 * count) + Math.ScaleB(1, -17);
                    return new InitialKind(
                        kind.Key, count, deviation, tolerance,
                        [.. rules.Where(rule => Math.Abs(deviation / rule.Deviation - 1) <= tolerance).Select(rule => rule.Name)], DocumentedOf(architecture, kind.Key),
                        OnCardOf(card, architecture, kind.Key));
                }),
            ],
            [.. all.Where(one => WeightShapes.IsVector(one.Role) && !IsUntouched(one))], card?.Words("init_error"));
    }

    static bool IsUntouched(WeightFigures one) =>
        $"{one.Role}".EndsWith("Bias", StringComparison.Ordinal) ? one.Largest == 0 : one is { Sd: 0, Mean: 1 };
}

using Castalia.Anatomy.Weights;
using Castalia.Architectures;

namespace Castalia.Audit;

/// <summary>The weights of one kind in all blocks together, before training, beside the rules they might have been drawn by.</summary>
/// <param name="Role">The kind.</param>
/// <param name="Count">Elements.</param>
/// <param name="Deviation">√(Σx²/n): the standard deviation about the mean 0 that every rule has.</param>
/// <param name="Tolerance">How far that may lie from a rule's, relative: six standard errors of it, 6/√(2n), and what rounding to the stored type adds.</param>
/// <param name="Fits">Names of the rules within it.</param>
/// <param name="Documented">The rule that is documented for the family; null where none is known.</param>
public sealed record InitialKind(WeightRole Role, long Count, double Deviation, double Tolerance, IReadOnlyList<string> Fits, InitialScheme? Documented)
{
    /// <summary>It is not what was documented.</summary>
    public bool Contradicts => Documented is not null && !Fits.Contains(Documented.Name);
}

/// <summary>What a revision that should not have been trained yet looks like.</summary>
/// <param name="Model">The revision.</param>
/// <param name="Kinds">Its matrices, kind by kind.</param>
/// <param name="Moved">Gains that are not 1 and biases that are not 0: training, or another rule.</param>
public sealed record InitialStatistics(string Model, IReadOnlyList<InitialKind> Kinds, IReadOnlyList<WeightFigures> Moved)
{
    const double StandardErrors = 6; // one chance in 5e8 for each kind

    /// <summary>Families whose rule is documented: what reads the stream, and what writes to it.</summary>
    /// <remarks>GPT-NeoX: as the Pythia paper states for every size (arXiv 2304.01373, table 6). GPT-2: Radford et al. 2019, as nanoGPT reproduces it.</remarks>
    static InitialScheme? DocumentedOf(Architecture a, WeightRole role) => a.Family.ModelType switch
    {
        "gpt_neox" => Writes(role) ? InitialScheme.Wang(a.DModel, a.NLayers) : InitialScheme.Small(a.DModel),
        "gpt2" => role == WeightRole.Positions ? null : Writes(role) ? InitialScheme.ScaledNormal(a.NLayers) : InitialScheme.Normal,
        _ => null,
    };

    static bool Writes(WeightRole role) => role is WeightRole.AttnOut or WeightRole.MlpDown;

    /// <summary>Of the figures of a model.</summary>
    /// <param name="architecture">Its description.</param>
    /// <param name="anatomy">Its weights' figures.</param>
    public static InitialStatistics Of(Architecture architecture, WeightAnatomy anatomy)
    {
        var all = anatomy.Others.Concat(anatomy.Blocks.SelectMany(block => block.Weights)).ToArray();
        var rules = InitialScheme.All(architecture.DModel, architecture.NLayers);
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
                        [.. rules.Where(rule => Math.Abs(deviation / rule.Deviation - 1) <= tolerance).Select(rule => rule.Name)], DocumentedOf(architecture, kind.Key));
                }),
            ],
            [.. all.Where(one => WeightShapes.IsVector(one.Role) && !IsUntouched(one))]);
    }

    static bool IsUntouched(WeightFigures one) =>
        $"{one.Role}".EndsWith("Bias", StringComparison.Ordinal) ? one.Largest == 0 : one is { Sd: 0, Mean: 1 };
}

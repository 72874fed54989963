using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Anatomy.Weights;

/// <summary>A role of a block, or of none.</summary>
/// <param name="Role">The role.</param>
/// <param name="Layer">Block index from 0; null for none.</param>
/// <param name="Part">Expert, from 0.</param>
readonly record struct WeightPlace(WeightRole Role, int? Layer, int Part);

/// <summary>An open checkpoint whose weights are to be read role by role.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Weights">The weights, found.</param>
/// <param name="Checkpoint">The checkpoint they are in.</param>
sealed record OpenWeights(string Name, WeightMap Weights, Checkpoint Checkpoint)
{
    readonly WeightReader _read = new(Weights, Weights.Architecture, Checkpoint);

    /// <summary>The description.</summary>
    public Architecture Architecture => Weights.Architecture;

    /// <summary>What no block owns, in the order of roles; a tied unembedding is the embedding and is not here.</summary>
    internal IEnumerable<WeightPlace> Unowned => Roles(perLayer: false).Select(role => new WeightPlace(role, null, 0));

    /// <summary>What a block owns, in the order of roles; what an optional slot lacks in it is left out.</summary>
    internal IEnumerable<WeightPlace> Of(int layer) =>
        from role in Roles(perLayer: true)
        from part in Enumerable.Range(0, WeightShapes.IsPerExpert(Architecture, role) ? Architecture.Mixture!.Experts : 1)
        where Weights.Find(role, layer, part) is not null
        select new WeightPlace(role, layer, part);

    /// <summary>A matrix where it lies.</summary>
    internal IWeightRows Matrix(WeightPlace place) => _read.Linear(place.Role, place.Layer, place.Part).Weight;

    /// <summary>A gain, as it multiplies, or a bias.</summary>
    internal float[] Vector(WeightPlace place)
    {
        var (role, isBias) = $"{place.Role}" is { } name && name.EndsWith("Bias", StringComparison.Ordinal) ? (Enum.Parse<WeightRole>(name[..^4]), true) : (place.Role, false);
        if (!WeightShapes.IsVector(role)) return _read.Linear(role, place.Layer, place.Part).Bias!;
        var norm = _read.Norm(role, place.Layer);
        return isBias ? norm.Bias! : norm.Weight;
    }

    /// <summary>The gain of the final norm; ones where it has none.</summary>
    internal float[] FinalGain => _read.Norm(WeightRole.FinalNorm).Weight;

    /// <summary>The pages of a weight that was read as it lies leave the process.</summary>
    internal void Drop(WeightPlace place)
    {
        if (Weights.Find(place.Role, place.Layer, place.Part) is { } stored) Checkpoint.RangeOf(stored.Tensor)?.Drop();
    }

    /// <summary>The tensor a weight is stored in.</summary>
    internal Tensor TensorOf(WeightPlace place) => Weights.Find(place.Role, place.Layer, place.Part)!.Tensor;

    IEnumerable<WeightRole> Roles(bool perLayer) =>
        WeightShapes.Needed(Architecture).Where(role => WeightShapes.IsPerLayer(role) == perLayer && (perLayer || Weights.Find(role) is not null));
}

using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;

namespace Castalia.Conversion;

/// <summary>Which tensors a checkpoint becomes.</summary>
/// <param name="weights">The checkpoint's weights.</param>
/// <param name="target">The description to be written: the same model, with the slots it is to have.</param>
/// <param name="dType">F32, F16 or BF16; null to keep every tensor's own.</param>
sealed class TensorPlans(WeightMap weights, Architecture target, DType? dType)
{
    readonly Architecture _source = weights.Architecture;

    /// <summary>The tensors: those no block owns, then block by block.</summary>
    /// <exception cref="InputException">No type is asked for, and a tensor's own cannot be kept.</exception>
    public IReadOnlyList<TensorPlan> All() =>
        ReferenceEquals(target.Tensors, _source.Tensors)
            ? [.. weights.Named.Select(named => new TensorPlan.Copied(named.Name[_source.NamePrefix.Length..], TypeOf([named.Tensor]), named.Tensor))]
            : [.. Slots().Select(Plan)];

    IEnumerable<(string Name, int Layer, int Part, IReadOnlyList<WeightRole> Roles)> Slots()
    {
        ILookup<bool, WeightRole> roles = WeightShapes.Needed(target).ToLookup(WeightShapes.IsPerLayer);
        return Of(roles[false], 0).Concat(Enumerable.Range(0, target.NLayers).SelectMany(layer => Of(roles[true], layer)));

        IEnumerable<(string, int, int, IReadOnlyList<WeightRole>)> Of(IEnumerable<WeightRole> some, int layer) =>
            from role in some
            from part in Enumerable.Range(0, WeightShapes.Parts(target, role))
            group role by (Name: target.Tensors[role].NameIn(layer, part), Part: part) into sharing
            select (sharing.Key.Name, layer, sharing.Key.Part, (IReadOnlyList<WeightRole>)[.. sharing]);
    }

    TensorPlan Plan((string Name, int Layer, int Part, IReadOnlyList<WeightRole> Roles) slot)
    {
        long[] shape = WeightShapes.Stored(target, slot.Roles);
        int rows = (int)slot.Roles.Sum(role => (long)RowsOf(role));
        var at = new (int Tensor, int Row)[rows];
        var from = new List<Tensor>();
        foreach (WeightRole role in slot.Roles)
        {
            int first = FirstOf(role, slot.Part);
            for (int row = 0; row < RowsOf(role); row++)
            {
                var (tensor, source) = Find(role, slot.Layer, slot.Part, first + row);
                int index = from.Count > 0 && ReferenceEquals(from[^1], tensor) ? from.Count - 1 : from.IndexOf(tensor);
                if (index < 0)
                {
                    index = from.Count;
                    from.Add(tensor);
                }
                at[RowOrders.SourceRow(target.Tensors[role].Rows, row, target)] = (index, source);
            }
        }
        DType type = TypeOf(from);
        if (WeightShapes.IsVector(slot.Roles[0]))
        {
            bool lessOne = target.NormWeightPlusOne && !_source.NormWeightPlusOne && IsNormWeight(slot.Roles[0]);
            return new TensorPlan.Vector(slot.Name, type, shape, from, at, lessOne);
        }
        if (slot.Roles.Any(role => _source.Tensors[role].Transposed))
            throw new InvalidOperationException($"{_source.Family.Title} stores '{from[0].Name}' transposed; only its own layout can be written.");
        bool isTransposed = target.Tensors[slot.Roles[0]].Transposed;
        var straight = new TensorPlan.Gathered(slot.Name, type, isTransposed ? [shape[1], shape[0]] : shape, from, at);
        return isTransposed ? new TensorPlan.Turned(straight) : straight;
    }

    /// <summary>Rows of a role that one of its tensors holds.</summary>
    int RowsOf(WeightRole role) => WeightShapes.Of(target, role).Out / (IsSplit(role) ? WeightShapes.Parts(target, role) : 1);

    int FirstOf(WeightRole role, int part) => IsSplit(role) ? part * RowsOf(role) : 0;

    /// <summary>A vector of which each head has a tensor; experts are weights of their own.</summary>
    bool IsSplit(WeightRole role) => target.Tensors[role].InParts && !WeightShapes.IsPerExpert(target, role);

    /// <summary>Where a row of a role, or an element of a vector, is stored.</summary>
    (Tensor Tensor, int Row) Find(WeightRole role, int layer, int part, int row)
    {
        int? at = WeightShapes.IsPerLayer(role) ? layer : null;
        if (!WeightShapes.IsPerExpert(_source, role))
        {
            int each = WeightShapes.Of(_source, role).Out / WeightShapes.Parts(_source, role);
            (part, row) = Math.DivRem(row, each);
        }
        StoredWeight stored = weights.Find(role, at, part) ?? throw (_source.Tensors.TryGetValue(role, out var slot) && slot.Optional
            ? ConversionErrors.SomeBiases(slot.NameIn(layer, part), weights.Tensors.First().File)
            : new InvalidOperationException($"{_source.Family.Title} has no {role}."));
        return (stored.Tensor, RowOrders.SourceRow(stored.Rows, row, _source));
    }

    static bool IsNormWeight(WeightRole role) => WeightShapes.IsVector(role) && !role.ToString().EndsWith("Bias", StringComparison.Ordinal);

    DType TypeOf(List<Tensor> from)
    {
        if (dType is { } asked) return asked;
        if (from.FirstOrDefault(tensor => tensor.DType is not (DType.F32 or DType.F16 or DType.BF16)) is { } unkept)
            throw ConversionErrors.NoTypeToKeep(unkept);
        DType first = from[0].DType;
        return from.All(tensor => tensor.DType == first) ? first : DType.F32;
    }
}

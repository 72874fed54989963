namespace Castalia.Architectures;

/// <summary>Which weights a description asks for, and their shapes.</summary>
static class WeightShapes
{
    /// <summary>Whether every block has one of its own.</summary>
    public static bool IsPerLayer(WeightRole role) => role is not
        (WeightRole.Embedding or WeightRole.Positions or WeightRole.EmbeddingNorm or WeightRole.EmbeddingNormBias or
         WeightRole.Unembedding or WeightRole.UnembeddingBias or WeightRole.FinalNorm or WeightRole.FinalNormBias);

    /// <summary>Whether every expert of a mixture has one of its own.</summary>
    public static bool IsPerExpert(Architecture a, WeightRole role) => a.Mlp == MlpKind.Mixture &&
        role is WeightRole.MlpGate or WeightRole.MlpUp or WeightRole.MlpDown;

    /// <summary>Whether it is no matrix: a norm or a bias.</summary>
    public static bool IsVector(WeightRole role) => role is not
        (WeightRole.Embedding or WeightRole.Positions or WeightRole.Unembedding or WeightRole.Query or WeightRole.Key or
         WeightRole.Value or WeightRole.AttnOut or WeightRole.Router or WeightRole.MlpGate or WeightRole.MlpUp or WeightRole.MlpDown);

    /// <summary>Rows and columns of a role, of one expert where each has its own; a vector has one column.</summary>
    public static (int Out, int In) Of(Architecture a, WeightRole role) => role switch
    {
        WeightRole.Embedding or WeightRole.Unembedding => (a.DVocab, a.DModel),
        WeightRole.UnembeddingBias => (a.DVocab, 1),
        WeightRole.Positions => (checked(a.NCtx + a.LearnedPositions!.Offset), a.DModel),
        WeightRole.Query => (a.NHeads * a.HeadDim, a.DModel),
        WeightRole.QueryBias => (a.NHeads * a.HeadDim, 1),
        WeightRole.Key or WeightRole.Value => (a.NKvHeads * a.HeadDim, a.DModel),
        WeightRole.KeyBias or WeightRole.ValueBias => (a.NKvHeads * a.HeadDim, 1),
        WeightRole.QueryNorm or WeightRole.QueryNormBias => (a.QkNorm == QkNorm.EachHead ? a.HeadDim : a.NHeads * a.HeadDim, 1),
        WeightRole.KeyNorm or WeightRole.KeyNormBias => (a.QkNorm == QkNorm.EachHead ? a.HeadDim : a.NKvHeads * a.HeadDim, 1),
        WeightRole.AttnOut => (a.DModel, a.NHeads * a.HeadDim),
        WeightRole.Router => (a.Mixture!.Experts, a.DModel),
        WeightRole.MlpGate or WeightRole.MlpUp => (a.DFf, a.DModel),
        WeightRole.MlpGateBias or WeightRole.MlpUpBias => (a.DFf, 1),
        WeightRole.MlpDown => (a.DModel, a.DFf),
        _ when IsVector(role) => (a.DModel, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    /// <summary>How many tensors of its own a role has in a block: one, or one for each expert or head.</summary>
    public static int Parts(Architecture a, WeightRole role)
    {
        if (IsPerExpert(a, role)) return a.Mixture!.Experts;
        if (!a.Tensors[role].InParts) return 1;
        return role is WeightRole.QueryNorm or WeightRole.QueryNormBias ? a.NHeads : a.NKvHeads;
    }

    /// <summary>Shape of the tensor that some roles share, outermost axis first.</summary>
    internal static long[] Stored(Architecture a, IReadOnlyList<WeightRole> roles)
    {
        TensorSlot slot = a.Tensors[roles[0]];
        long rows = roles.Sum(role => (long)Of(a, role).Out);
        if (slot.InParts && !IsPerExpert(a, roles[0])) return [rows / Parts(a, roles[0])];
        if (a.QkNorm == QkNorm.EachHeadOwnWeight && roles[0] is WeightRole.QueryNorm or WeightRole.KeyNorm) return [rows / a.HeadDim, a.HeadDim];
        if (IsVector(roles[0])) return [rows];
        int columns = Of(a, roles[0]).In;
        return slot.Transposed ? [columns, rows] : [rows, columns];
    }

    /// <summary>The roles of a description, in the order of <see cref="WeightRole"/>: the family's slots, less what this model leaves out.</summary>
    public static IReadOnlyList<WeightRole> Needed(Architecture a)
    {
        var needed = new List<WeightRole>(a.Tensors.Count);
        foreach (var role in Enum.GetValues<WeightRole>())
            if (a.Tensors.ContainsKey(role) && Has(a, role)) needed.Add(role);
        return needed;
    }

    /// <summary>Parameters the description implies, at most the largest long; a tied matrix counts once.</summary>
    public static long Parameters(Architecture a) => long.CreateSaturating(Needed(a).Aggregate(Int128.Zero, (sum, role) =>
    {
        (int rows, int columns) = Of(a, role);
        return sum + (Int128)rows * columns * (IsPerLayer(role) ? a.NLayers : 1) * (IsPerExpert(a, role) ? a.Mixture!.Experts : 1);
    }));

    static bool Has(Architecture a, WeightRole role) => role switch
    {
        WeightRole.Positions => a.LearnedPositions is not null,
        WeightRole.Unembedding => !a.TiedUnembedding,
        WeightRole.UnembeddingBias => a.UnembeddingBias,
        WeightRole.AttnNorm or WeightRole.AttnNormBias => a.NormPlacement != NormPlacement.After,
        WeightRole.MlpNorm or WeightRole.MlpNormBias => a.NormPlacement != NormPlacement.After && a.Wiring != Wiring.ParallelOneNorm,
        WeightRole.AttnPostNorm or WeightRole.MlpPostNorm => a.NormPlacement != NormPlacement.Before,
        WeightRole.QueryBias or WeightRole.KeyBias or WeightRole.ValueBias => a.QkvBias,
        WeightRole.QueryNorm or WeightRole.QueryNormBias or WeightRole.KeyNorm or WeightRole.KeyNormBias => a.QkNorm != QkNorm.None,
        WeightRole.AttnOutBias => a.AttnOutBias,
        WeightRole.Router => a.Mlp == MlpKind.Mixture,
        WeightRole.MlpGate => a.Mlp != MlpKind.Plain,
        WeightRole.MlpGateBias => a.Mlp != MlpKind.Plain && a.MlpBias,
        WeightRole.MlpUpBias or WeightRole.MlpDownBias => a.MlpBias,
        _ => true,
    };
}

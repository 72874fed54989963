using Castalia.Architectures;
using Xunit;

namespace Castalia.Tests.Architectures;

public sealed class FamilyLawTests
{
    public static IEnumerable<ITheoryDataRow> All() => Families.All.Select(f => new TheoryDataRow<string, ConfigKind>(f.ModelType, f.Config));

    static Family Of(string type, ConfigKind config) => Families.All.Single(f => f.ModelType == type && f.Config == config);

    [Fact]
    public void No_two_families_answer_to_one_name() =>
        Assert.Distinct(Families.All.Select(f => (f.ModelType, f.Config)));

    [Theory, MemberData(nameof(All))]
    internal void A_weight_of_a_block_names_its_block_and_no_other_does(string type, ConfigKind config)
    {
        foreach ((WeightRole role, TensorSlot slot) in Of(type, config).Tensors)
            Assert.Equal(WeightShapes.IsPerLayer(role) ? 2 : 1, slot.Name.Split("{layer}").Length);
    }

    /// <summary>Row orders that share a tensor, in the order of the roles that do.</summary>
    static readonly RowOrder[][] Shared =
    [
        [RowOrder.FusedByGroupQuery, RowOrder.FusedByGroupKey, RowOrder.FusedByGroupValue],
        [RowOrder.FusedInTurnQuery, RowOrder.FusedInTurnKey, RowOrder.FusedInTurnValue],
        [RowOrder.FusedInQuartersQuery, RowOrder.FusedInQuartersKey, RowOrder.FusedInQuartersValue],
        [RowOrder.FusedGate, RowOrder.FusedUp],
    ];

    [Theory, MemberData(nameof(All))]
    internal void Roles_share_a_tensor_only_as_parts_of_one(string type, ConfigKind config)
    {
        foreach (var sharing in Of(type, config).Tensors.GroupBy(pair => pair.Value.Name))
        {
            RowOrder[] orders = [.. sharing.OrderBy(pair => pair.Key).Select(pair => pair.Value.Rows)];
            if (orders.Length == 1) Assert.Contains(orders[0], new[] { RowOrder.AsStored, RowOrder.InterleavedPairs });
            else Assert.Contains(orders, Shared);
            Assert.Single(sharing.Select(pair => pair.Value.Transposed).Distinct());
        }
    }

    [Theory, MemberData(nameof(All))]
    internal void A_bias_is_ordered_as_its_matrix(string type, ConfigKind config)
    {
        var tensors = Of(type, config).Tensors;
        foreach ((WeightRole role, TensorSlot slot) in tensors.Where(pair => $"{pair.Key}".EndsWith("Bias", StringComparison.Ordinal)))
        {
            Assert.True(Enum.TryParse($"{role}"[..^4], out WeightRole matrix));
            Assert.True(tensors.ContainsKey(matrix), $"{role} has no {matrix}");
            Assert.Equal(tensors[matrix].Rows, slot.Rows);
        }
    }

    [Theory, MemberData(nameof(All))]
    internal void Every_part_of_a_block_has_a_slot(string type, ConfigKind config)
    {
        Family family = Of(type, config);
        WeightRole[] always =
        [
            WeightRole.Embedding, WeightRole.Unembedding, WeightRole.Query, WeightRole.Key, WeightRole.Value, WeightRole.AttnOut,
            WeightRole.MlpUp, WeightRole.MlpDown,
        ];
        Assert.Empty(always.Except(family.Tensors.Keys));
        Assert.Equal(family.Mlp != MlpKind.Plain, family.Tensors.ContainsKey(WeightRole.MlpGate));
        Assert.Equal(family.Mlp == MlpKind.Mixture, family.Tensors.ContainsKey(WeightRole.Router));
        Assert.Equal(family.Mixture is not null, family.Mlp == MlpKind.Mixture);
        Assert.Equal(family.LearnedPositions is not null, family.Tensors.ContainsKey(WeightRole.Positions));
        if (family.Norm == NormKind.RmsNorm) Assert.DoesNotContain(WeightRole.AttnNormBias, family.Tensors.Keys);
    }

    /// <summary>A norm has a slot where the placement puts one, or, in families whose norms have no weights, none has.</summary>
    [Theory, MemberData(nameof(All))]
    internal void Norms_have_slots_where_they_stand(string type, ConfigKind config)
    {
        Family family = Of(type, config);
        bool Has(WeightRole role) => family.Tensors.ContainsKey(role);
        if (!Has(WeightRole.FinalNorm))
        {
            Assert.DoesNotContain(family.Tensors.Keys, role => $"{role}".Contains("Norm", StringComparison.Ordinal));
            return;
        }
        Assert.Equal(family.NormPlacement != NormPlacement.After, Has(WeightRole.AttnNorm));
        Assert.Equal(family.NormPlacement != NormPlacement.Before, Has(WeightRole.AttnPostNorm));
        Assert.Equal(family.NormPlacement != NormPlacement.Before, Has(WeightRole.MlpPostNorm));
        Assert.Equal(family.QkNorm is not Choice<QkNorm>.Always { Value: QkNorm.None }, Has(WeightRole.QueryNorm));
        Assert.Equal(Has(WeightRole.QueryNorm), Has(WeightRole.KeyNorm));
    }

    [Theory, MemberData(nameof(All))]
    internal void Positions_enter_in_some_way(string type, ConfigKind config)
    {
        Family family = Of(type, config);
        Assert.True(family.Rotary is not null || family.Alibi is not null || family.LearnedPositions is not null);
    }

    [Theory, MemberData(nameof(All))]
    internal void What_names_begin_with_begins_all_but_the_unembedding(string type, ConfigKind config)
    {
        Family family = Of(type, config);
        foreach (var (role, slot) in family.Tensors.Where(pair => pair.Key is not (WeightRole.Unembedding or WeightRole.UnembeddingBias)))
            Assert.StartsWith(family.BasePrefix, slot.Name, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(All))]
    internal void A_bias_that_can_be_asked_for_has_a_slot(string type, ConfigKind config)
    {
        Family family = Of(type, config);
        var asked = new (Flag Flag, WeightRole[] Roles)[]
        {
            (family.QkvBias, [WeightRole.QueryBias, WeightRole.KeyBias, WeightRole.ValueBias]),
            (family.AttnOutBias, [WeightRole.AttnOutBias]),
            (family.UnembeddingBias, [WeightRole.UnembeddingBias]),
            (family.MlpBias, family.Mlp != MlpKind.Plain
                ? [WeightRole.MlpGateBias, WeightRole.MlpUpBias, WeightRole.MlpDownBias]
                : [WeightRole.MlpUpBias, WeightRole.MlpDownBias]),
        };
        foreach (var (_, roles) in asked.Where(a => a.Flag is not Flag.Always { Value: false }))
            Assert.Empty(roles.Except(family.Tensors.Keys));
    }

    [Theory, MemberData(nameof(All))]
    internal void No_weight_is_also_known_to_be_unused_and_no_key_that_is_read_also_harmless(string type, ConfigKind config)
    {
        Family family = Of(type, config);
        Assert.Empty(family.KnownUnused.Intersect(family.Tensors.Values.Select(slot => slot.Name)));
        SizeKeys s = family.Sizes;
        IEnumerable<string> read = new[] { s.DModel, s.NLayers, s.NHeads, s.NKvHeads, s.HeadDim, s.DFf, s.DVocab, s.NCtx }
            .SelectMany(key => key.Names).Concat(family.NormEpsilon.Names).Concat(family.Rotary?.Base.Names ?? []).Concat(family.Limited.Select(l => l.Name));
        Assert.Empty(read.Intersect(family.Harmless));
    }

    [Theory, MemberData(nameof(All))]
    internal void A_size_is_stated_or_has_a_default_or_follows_from_another(string type, ConfigKind config)
    {
        SizeKeys s = Of(type, config).Sizes;
        foreach (SizeKey key in new[] { s.DModel, s.NLayers, s.NHeads, s.NKvHeads, s.HeadDim, s.DFf, s.DVocab, s.NCtx })
        {
            Assert.True(key.Names.Count > 0 || key.Otherwise != SizeFallback.None);
            Assert.False(key.Default is not null && key.Otherwise != SizeFallback.None, "two answers to one absence");
        }
        // Others follow from these.
        foreach (SizeKey key in new[] { s.DModel, s.NLayers, s.NHeads })
            Assert.True(key.Names.Count > 0 && key.Otherwise == SizeFallback.None);
    }
}

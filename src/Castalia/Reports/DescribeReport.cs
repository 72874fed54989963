using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Reports.Pages;
using static Castalia.Wording.Figures;

namespace Castalia.Reports;

/// <summary>What <c>castalia describe</c> prints for people: everything the arithmetic depends on, and what the weights are stored as.</summary>
static class DescribeReport
{
    const int Label = 13;

    /// <summary>The page.</summary>
    /// <param name="a">The description.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="checkpoint">Name of the checkpoint, for the first line.</param>
    public static Page Of(Architecture a, WeightMap weights, string checkpoint) => new(Blocks(a, weights, checkpoint));

    static IEnumerable<PageBlock> Blocks(Architecture a, WeightMap weights, string checkpoint)
    {
        yield return new Heading(checkpoint);
        yield return new Line($"{a.Family.Title}, {Count(weights.Parameters)} parameters");
        yield return new Line($"as defined by {a.Family.Reference}");
        List<(string, IEnumerable<PageBlock>)> sections =
        [
            ("Sizes", [new Facts([.. Sizes(a)], Label)]),
            ("Block", [new Facts([.. BlockFormulae.Of(a)], Label)]),
            ($"Absent from the config; taken from {a.Family.Reference}", Some(a.Defaults.Select(d => $"{d.Key} = {d.Value}"))),
            ($"Stored weights: {Count(weights.Bytes)} bytes, {Count(weights.BlockBytes(0))} of them in block 0", [new Facts(
            [
                .. weights.Tensors.GroupBy(tensor => tensor.DType).OrderBy(type => type.Key)
                    .Select(type => ($"{type.Key}", $"{Count(type.Count())} tensors, {Count(type.Sum(tensor => tensor.ByteLength))} bytes")),
            ], Label)]),
            .. Stored(a, isPerLayer: false), .. Stored(a, isPerLayer: true),
            ("Notes", Some(weights.Notes)),
        ];
        foreach (var (heading, blocks) in sections.Where(section => section.Item2.Any()))
        {
            yield return new Gap();
            yield return new Heading(heading, 2);
            foreach (var block in blocks) yield return block;
        }
    }

    static IEnumerable<PageBlock> Some(IEnumerable<string> items) => items.Any() ? [new Remarks([.. items])] : [];

    static IEnumerable<(string, string)> Sizes(Architecture a) =>
    [
        ("d_model", Count(a.DModel)),
        ("blocks", Count(a.NLayers)),
        ("heads", a.NKvHeads == a.NHeads ? Count(a.NHeads) : $"{Count(a.NHeads)} query, {Count(a.NKvHeads)} key/value: one for every {Count(a.NHeads / a.NKvHeads)}"),
        ("head_dim", Count(a.HeadDim)),
        ("d_ff", Count(a.DFf)),
        ("d_vocab", Count(a.DVocab)),
        ("n_ctx", a.NCtx == int.MaxValue ? "no limit" : Count(a.NCtx)),
    ];

    /// <summary>The tensors of every block, or of none, under a heading.</summary>
    static IEnumerable<(string, IEnumerable<PageBlock>)> Stored(Architecture a, bool isPerLayer)
    {
        var stored = WeightShapes.Needed(a).Where(role => WeightShapes.IsPerLayer(role) == isPerLayer).GroupBy(role => a.Tensors[role].Name).ToList();
        string prefix = isPerLayer ? TensorNames.Common(stored.Select(tensor => tensor.Key))[^1] : "";
        yield return (isPerLayer ? $"Tensors of a block, each under {prefix}{Part(a, stored.SelectMany(roles => roles))}" : "Tensors of no block", [new Table(
            ["tensor", Column.Words("shape"), Column.Words("holds")],
            [.. stored.Select(IReadOnlyList<Cell> (tensor) => [tensor.Key[prefix.Length..], WeightErrors.Shape(WeightShapes.Stored(a, [.. tensor])), Roles(a, tensor.First())])])]);
    }


    static string Part(Architecture a, IEnumerable<WeightRole> roles) =>
        roles.Where(role => a.Tensors[role].InParts).Select(role => WeightShapes.IsPerExpert(a, role) ? " ({part}: an expert)" : " ({part}: a head)").FirstOrDefault("");

    static string Roles(Architecture a, WeightRole role)
    {
        var slot = a.Tensors[role];
        string kind = WeightShapes.IsVector(role) ? "biases" : slot.Transposed ? "columns" : "rows";
        return slot.Rows switch
        {
            RowOrder.AsStored => slot.Transposed ? $"{role}, [in × out]" : $"{role}",
            RowOrder.InterleavedPairs => $"{role}, pairs interleaved",
            RowOrder.FusedByGroupQuery => (a.NHeads == a.NKvHeads ? "[head][q|k|v] " : "[group][q…|k|v] ") + kind,
            RowOrder.FusedInTurnQuery => $"[q|k|v] {kind}",
            RowOrder.FusedInQuartersQuery => $"[quarter][q|v|k] {kind}",
            RowOrder.FusedGate => $"[gate|up] {kind}",
            var order => throw FamilyWords.NoWords(order),
        };
    }
}

using Castalia.Architectures;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Architectures;

public sealed class RowOrdersTests
{
    static int[] Stored(RowOrder order, int rows, Architecture a) =>
        [.. Enumerable.Range(0, rows).Select(row => RowOrders.SourceRow(order, row, a))];

    // Two heads of width 2, stored q₀q₀ k₀k₀ v₀v₀ q₁q₁ k₁k₁ v₁v₁.
    [Theory]
    [InlineData(RowOrder.FusedByGroupQuery, new[] { 0, 1, 6, 7 })]
    [InlineData(RowOrder.FusedByGroupKey, new[] { 2, 3, 8, 9 })]
    [InlineData(RowOrder.FusedByGroupValue, new[] { 4, 5, 10, 11 })]
    [InlineData(RowOrder.FusedInTurnQuery, new[] { 0, 1, 2, 3 })]
    [InlineData(RowOrder.FusedInTurnKey, new[] { 4, 5, 6, 7 })]
    [InlineData(RowOrder.FusedInTurnValue, new[] { 8, 9, 10, 11 })]
    [InlineData(RowOrder.FusedGate, new[] { 0, 1, 2, 3 })]
    [InlineData(RowOrder.FusedUp, new[] { 4, 5, 6, 7 })]
    [InlineData(RowOrder.AsStored, new[] { 0, 1, 2, 3 })]
    internal void Rows_of_two_heads_stand_where_the_layout_says(RowOrder order, int[] stored) =>
        Assert.Equal(stored, Stored(order, 4, InMemory.OfSizes(2, 2, 2)));

    // Four heads of width 1 over two key/value heads, stored q₀q₁k₀v₀ q₂q₃k₁v₁ (Falcon-40B).
    [Theory]
    [InlineData(RowOrder.FusedByGroupQuery, new[] { 0, 1, 4, 5 })]
    [InlineData(RowOrder.FusedByGroupKey, new[] { 2, 6 })]
    [InlineData(RowOrder.FusedByGroupValue, new[] { 3, 7 })]
    internal void Grouped_heads_stand_group_by_group(RowOrder order, int[] stored) =>
        Assert.Equal(stored, Stored(order, stored.Length, InMemory.OfSizes(4, 2, 1)));

    // Eight heads of width 1, stored in four parts of q q v v k k (CodeGen).
    [Theory]
    [InlineData(RowOrder.FusedInQuartersQuery, new[] { 0, 1, 6, 7, 12, 13, 18, 19 })]
    [InlineData(RowOrder.FusedInQuartersValue, new[] { 2, 3, 8, 9, 14, 15, 20, 21 })]
    [InlineData(RowOrder.FusedInQuartersKey, new[] { 4, 5, 10, 11, 16, 17, 22, 23 })]
    internal void Quarters_hold_queries_then_values_then_keys(RowOrder order, int[] stored) =>
        Assert.Equal(stored, Stored(order, 8, InMemory.OfSizes(8, 8, 1)));

    // Read off the reference: rows of q_proj found in attn_q of the GGUF made from the same weights.
    [Fact]
    public void Interleaved_pairs_come_back_to_half_split() => Assert.Equal(
        [0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15], Stored(RowOrder.InterleavedPairs, 16, InMemory.OfSizes(2, 2, 8)));

    [Fact]
    public void Fused_roles_together_read_every_stored_row_once() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[1, 9]).Sample((groups, each, width) =>
        {
            Architecture a = InMemory.OfSizes(groups * each, groups, width);
            AllOnce(a, RowOrder.FusedByGroupQuery, RowOrder.FusedByGroupKey, RowOrder.FusedByGroupValue);
            AllOnce(a, RowOrder.FusedInTurnQuery, RowOrder.FusedInTurnKey, RowOrder.FusedInTurnValue);
            AllOnce(InMemory.OfSizes(4 * each, 4 * each, width),
                RowOrder.FusedInQuartersQuery, RowOrder.FusedInQuartersKey, RowOrder.FusedInQuartersValue);
        });

    static void AllOnce(Architecture a, RowOrder query, RowOrder key, RowOrder value)
    {
        int[] read =
        [
            .. Stored(query, a.NHeads * a.HeadDim, a), .. Stored(key, a.NKvHeads * a.HeadDim, a), .. Stored(value, a.NKvHeads * a.HeadDim, a),
        ];
        Assert.Equal(Enumerable.Range(0, (a.NHeads + 2 * a.NKvHeads) * a.HeadDim), read.Order());
    }

    [Fact]
    public void Interleaved_rows_read_every_stored_row_of_their_head_once() => Gen.Int[1, 9].Select(Gen.Int[1, 9]).Sample((heads, half) =>
    {
        int width = 2 * half;
        int[] read = Stored(RowOrder.InterleavedPairs, heads * width, InMemory.OfSizes(heads, heads, width));
        for (int head = 0; head < heads; head++)
            Assert.Equal(Enumerable.Range(head * width, width), read[(head * width)..((head + 1) * width)].Order());
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void A_row_the_role_does_not_have_is_our_bug(int row) => Assert.Throws<ArgumentOutOfRangeException>(
        () => RowOrders.SourceRow(RowOrder.FusedByGroupKey, row, InMemory.OfSizes(2, 2, 2)));
}

using Castalia.Architectures;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Architectures;

public sealed class RowOrdersTests
{
    // Two heads of width 2, stored q₀q₀ k₀k₀ v₀v₀ q₁q₁ k₁k₁ v₁v₁.
    [Theory]
    [InlineData(RowOrder.FusedByHeadQuery, new[] { 0, 1, 6, 7 })]
    [InlineData(RowOrder.FusedByHeadKey, new[] { 2, 3, 8, 9 })]
    [InlineData(RowOrder.FusedByHeadValue, new[] { 4, 5, 10, 11 })]
    [InlineData(RowOrder.AsStored, new[] { 0, 1, 2, 3 })]
    public void Fused_rows_stand_head_by_head(RowOrder order, int[] stored) =>
        Assert.Equal(stored, Enumerable.Range(0, 4).Select(row => RowOrders.SourceRow(order, row, 2, 2)));

    // Read off the reference: rows of q_proj found in attn_q of the GGUF made from the same weights.
    [Fact]
    public void Interleaved_pairs_come_back_to_half_split() => Assert.Equal(
        [0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15],
        Enumerable.Range(0, 16).Select(row => RowOrders.SourceRow(RowOrder.InterleavedPairs, row, 2, 8)));

    [Fact]
    public void Fused_roles_together_read_every_stored_row_once() => Gen.Int[1, 9].Select(Gen.Int[1, 9]).Sample((heads, width) =>
    {
        var read = from order in new[] { RowOrder.FusedByHeadQuery, RowOrder.FusedByHeadKey, RowOrder.FusedByHeadValue }
                   from row in Enumerable.Range(0, heads * width)
                   select RowOrders.SourceRow(order, row, heads, width);
        Assert.Equal(Enumerable.Range(0, 3 * heads * width), read.Order());
    });

    [Fact]
    public void Interleaved_rows_read_every_stored_row_of_their_head_once() => Gen.Int[1, 9].Select(Gen.Int[1, 9]).Sample((heads, half) =>
    {
        int width = 2 * half;
        for (int head = 0; head < heads; head++)
        {
            int first = head * width;
            var read = Enumerable.Range(first, width).Select(row => RowOrders.SourceRow(RowOrder.InterleavedPairs, row, heads, width));
            Assert.Equal(Enumerable.Range(first, width), read.Order());
        }
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void A_row_the_role_does_not_have_is_our_bug(int row) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RowOrders.SourceRow(RowOrder.FusedByHeadKey, row, 2, 2));
}

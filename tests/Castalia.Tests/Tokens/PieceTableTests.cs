using Castalia.Tokens;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class PieceTableTests
{
    [Fact]
    public void It_is_a_dictionary_that_also_finds_a_piece_by_its_two_parts() =>
        Gen.Char["abc\u4e00"].Array[0, 4].Select(letters => new string(letters)).Array[0, 60].Sample(pieces =>
        {
            var table = new PieceTable();
            var expected = new Dictionary<string, int>(StringComparer.Ordinal);
            for (int i = 0; i < pieces.Length; i++) Assert.Equal(expected.TryAdd(pieces[i], i), table.TryAdd(pieces[i], i));
            Assert.Equal(expected, table);
            Assert.Equal(expected.Count, table.Count);
            foreach (string left in pieces)
            {
                foreach (string right in pieces)
                {
                    bool there = expected.TryGetValue(left + right, out int id);
                    Assert.Equal((there, id), (table.TryGet(left, right, out int found), found));
                }
            }
        }, iter: 200);
}

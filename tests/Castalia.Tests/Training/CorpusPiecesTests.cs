using System.Text;
using Castalia.Errors;
using Castalia.Training;
using Xunit;

namespace Castalia.Tests.Training;

/// <summary>A text is read piece by piece, and nothing of it is lost.</summary>
public sealed class CorpusPiecesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Texts => new()
    {
        { "lines", string.Concat(Enumerable.Range(0, 9000).Select(i => $"Line {i} of a text, with é and 日本.\n")) },
        { "words", string.Join(' ', Enumerable.Range(0, 40000).Select(i => $"w{i}é")) },
        { "characters", string.Concat(Enumerable.Repeat("日本語😀", 20000)) },
        { "one piece to the byte", new string('a', (1 << 16) - 1) + "\n" },
        { "short", "a" },
        { "a mark", "\uFEFFa b\nc" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Pieces_laid_end_to_end_are_the_text(string name, string text)
    {
        string path = _folder.Write(name, text);
        var pieces = CorpusPieces.Read(path).ToList();
        Assert.Equal(text.TrimStart('\uFEFF'), string.Concat(pieces.Select(piece => piece.Text)));
        Assert.All(pieces, piece => Assert.InRange(Encoding.UTF8.GetByteCount(piece.Text), 1, 1 << 16));
        Assert.Equal(pieces.Select(piece => piece.IsHeldOut).Order(), pieces.Select(piece => piece.IsHeldOut));
        if (text.Length < 1000) return;
        int held = pieces.Where(piece => piece.IsHeldOut).Sum(piece => Encoding.UTF8.GetByteCount(piece.Text)), all = Encoding.UTF8.GetByteCount(text);
        if (name == "one piece to the byte") Assert.Equal(0, held);
        else Assert.InRange(held / (double)all, 0.0495, 0.05);
        if (name == "lines") Assert.StartsWith("Line ", pieces.First(piece => piece.IsHeldOut).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(70_000)]
    public void Bytes_that_are_no_text_are_named(int at)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("abc \n", 20_000)));
        bytes[at] = 0xFF;
        string path = _folder.Write("t", bytes);
        var thrown = Assert.Throws<InputException>(() => CorpusPieces.Read(path).Count());
        Assert.Equal(("The corpus is no valid UTF-8.", FormattableString.Invariant($"{path}, byte {at} (from 0)")), (thrown.Cause, thrown.Place));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public void An_empty_file_is_refused(string text) =>
        Assert.Equal("The corpus is empty.", Assert.Throws<InputException>(() => CorpusPieces.Read(_folder.Write("t", text)).Count()).Cause);

    public void Dispose() => _folder.Dispose();
}

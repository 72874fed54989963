using Castalia.Tokens;
using Castalia.Training;
using Xunit;

namespace Castalia.Tests.Training;

/// <summary>A text of the language, written and read, is the same tokens.</summary>
public sealed class LanguageTokenizerTests
{
    [Fact]
    public void Texts_are_read_back_as_they_were_written()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in LanguageTokenizer.Files(256)) folder.Write(name, content);
        var tokenizer = TokenizerFile.Load(Path.Combine(folder.Path, "tokenizer.json"));
        var text = new Language(new() { Vocabulary = 256, Settled = 0.6, Seed = 1 }).Text(1, 0, 128);
        var ids = tokenizer.Encode(string.Concat(text.Ids.Skip(1).Select(LanguageTokenizer.Piece)), out int dropped);
        Assert.Equal(text.Ids.Skip(1), ids);
        Assert.Equal(0, dropped);
        Assert.Equal([Language.Beginning], tokenizer.DefaultPrefix);
        Assert.Equal(Language.Beginning, tokenizer.BosId);
        Assert.Equal("→", tokenizer.FindPiece(2));
    }
}

using Castalia.Errors;
using Castalia.Hub;
using Xunit;

namespace Castalia.Tests.Hub;

public sealed class HubAddressTests
{
    [Theory]
    [InlineData("EleutherAI/pythia-160m", "EleutherAI/pythia-160m", null, "main")]
    [InlineData("gpt2", "gpt2", null, "main")]
    [InlineData("gpt2@main", "gpt2", null, "main")]
    [InlineData("EleutherAI/pythia-2.8b@step1000", "EleutherAI/pythia-2.8b", null, "step1000")]
    [InlineData("a/b@refs/pr/1", "a/b", null, "refs/pr/1")]
    [InlineData("a/b@0123456789012345678901234567890123456789", "a/b", null, "0123456789012345678901234567890123456789")]
    [InlineData("a/b-GGUF/b.Q4_1.gguf", "a/b-GGUF", "b.Q4_1.gguf", "main")]
    [InlineData("a/b/sub/b.gguf@v1", "a/b", "sub/b.gguf", "v1")]
    [InlineData("a_b/_c", "a_b/_c", null, "main")]
    public void An_address_has_a_repository_perhaps_a_file_and_a_revision(string text, string repository, string? file, string revision)
    {
        var address = HubAddress.Parse(text);
        Assert.Equal((repository, file, revision), (address.Repository, address.File, address.Revision));
        Assert.Equal(text.Replace("@main", ""), address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a/b")]
    [InlineData("./a")]
    [InlineData("../a")]
    [InlineData("a/")]
    [InlineData("a/..")]
    [InlineData("a--b/c")]
    [InlineData("a/b..c")]
    [InlineData("a/b.git")]
    [InlineData("-a/b")]
    [InlineData("a/b-")]
    [InlineData("a/b c")]
    [InlineData("a/b\n")]
    [InlineData("a/b/c")]
    [InlineData("a/b/../c.gguf")]
    [InlineData("a/b/c:d.gguf")]
    [InlineData("model.gguf")]
    [InlineData("datasets/a/b")]
    [InlineData("https://huggingface.co/a/b")]
    [InlineData("a/b@")]
    [InlineData("a/b@..")]
    [InlineData("a/b@x/../../y")]
    [InlineData("a/b@/x")]
    [InlineData("a/b@x\\y")]
    [InlineData("a/b@x@y")]
    [InlineData("a/b@x y")]
    [InlineData("a/b@HEAD~1")]
    [InlineData("a/b@main.lock")]
    public void What_is_no_address_is_none(string text)
    {
        Assert.False(HubAddress.TryParse(text, out _));
        Assert.Contains("owner/name@revision", Assert.Throws<InputException>(() => HubAddress.Parse(text)).Remedy);
    }

    [Fact]
    public void The_address_of_a_page_is_told_for_what_it_is() =>
        Assert.Contains("it is the address of a page", Assert.Throws<InputException>(() => HubAddress.Parse("https://huggingface.co/a/b")).Cause);

    [Fact]
    public void A_name_longer_than_the_hub_allows_is_none()
    {
        Assert.True(HubAddress.TryParse($"a/{new string('b', 94)}", out _));
        Assert.False(HubAddress.TryParse($"a/{new string('b', 95)}", out _));
    }

    [Theory]
    [InlineData("\"0123456789012345678901234567890123456789\"", "0123456789012345678901234567890123456789")]
    [InlineData("W/\"0123456789012345678901234567890123456789\"", "0123456789012345678901234567890123456789")]
    [InlineData("0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789")]
    [InlineData("012345678901234567890123456789012345678G", null)]
    [InlineData("\"0123456789012345678901234567890123456789-gzip\"", null)]
    [InlineData("../../../../../../../../../../../../../x", null)]
    [InlineData(null, null)]
    public void An_ETag_is_a_hash_or_nothing(string? tag, string? hex) => Assert.Equal(hex, BlobHash.TryParse(tag, out var hash) ? hash.Hex : null);

    [Theory]
    [InlineData("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "")] // git hash-object
    [InlineData("ce013625030ba8dba906f756967f9e9ca394464a", "hello\n")]
    [InlineData("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03", "hello\n")] // sha256sum
    public void Hashes_are_those_of_git_and_of_sha256sum(string hex, string contents)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(contents);
        using var hashed = new BlobHash(hex).Start(bytes.Length);
        hashed.AppendData(bytes);
        Assert.True(new BlobHash(hex).Is(hashed, out string found), found);
    }
}

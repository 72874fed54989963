using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Castalia.Checkpoints;
using Castalia.Errors;
using Xunit;

namespace Castalia.Tests.Checkpoints;

public sealed class InputFileTests
{
    [Fact]
    public void A_named_pipe_and_a_socket_and_a_folder_are_refused_before_they_are_opened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "asks Linux what a path leads to");
        using var folder = new TemporaryFolder();
        string pipe = Path.Combine(folder.Path, "pipe"), socket = Path.Combine(folder.Path, "socket");
        using (var make = Process.Start("mkfifo", [pipe])) make.WaitForExit();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socket));
        Assert.Equal("a named pipe", InputFile.KindOf(pipe));
        Assert.Equal("a socket", InputFile.KindOf(socket));
        Assert.Equal("a folder", InputFile.KindOf(folder.Path));
        Assert.Equal("a device that gives characters", InputFile.KindOf("/dev/zero"));
        foreach (string path in new[] { pipe, socket, folder.Path, "/dev/zero" })
            Assert.Equal(path, Assert.Throws<InputException>(() => InputFile.Bytes(path)).Place);
    }

    [Fact]
    public void A_link_is_what_it_leads_to()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "file"), link = Path.Combine(folder.Path, "link");
        File.WriteAllText(file, "text");
        File.CreateSymbolicLink(link, file);
        Assert.Null(InputFile.KindOf(link));
        Assert.Equal("text"u8.ToArray(), InputFile.Bytes(link));
    }

    /// <summary>The three lines that the Git LFS specification prescribes, whatever the file is called.</summary>
    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    [InlineData("tokenizer.model")]
    [InlineData("prompts.txt")]
    public void A_pointer_of_git_lfs_is_named_in_any_file(string name)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, name);
        File.WriteAllText(path, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n");
        var error = Assert.Throws<InputException>(() => InputFile.Bytes(path));
        Assert.Contains("Git LFS pointer", error.Cause, StringComparison.Ordinal);
        Assert.Contains("sha256:4d7a2146", error.Cause, StringComparison.Ordinal);
        Assert.Contains("git lfs pull", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_longer_than_its_kind_is_refused_by_its_length()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "long.json");
        File.WriteAllBytes(path, new byte[11]);
        Assert.Equal(11, InputFile.Bytes(path, 11).Length);
        Assert.Contains("11 bytes", Assert.Throws<InputException>(() => InputFile.Bytes(path, 10)).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\uDFFF":1}""")]
    [InlineData("""{"a":["\ud83d","\ude00"]}""")]
    public void Half_of_a_surrogate_pair_is_no_text(string json)
    {
        var error = Assert.Throws<JsonException>(() => JsonFile.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.Contains("surrogate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ill_formed_bytes_in_a_string_are_no_text() =>
        Assert.Throws<JsonException>(() => JsonFile.Parse(new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' }));

    [Fact]
    public void A_pair_and_a_byte_order_mark_are_read()
    {
        byte[] json = [.. Encoding.UTF8.Preamble, .. """{"a":"\ud83d\ude00"}"""u8];
        using var document = JsonFile.Parse(json);
        Assert.Equal("\U0001f600", document.RootElement.GetProperty("a").GetString());
        Assert.Equal("\U0001f600", (string?)JsonFile.Object("file", json)["a"]);
    }

    [Fact]
    public void What_a_reader_did_not_foresee_names_the_file()
    {
        var error = Assert.Throws<InputException>(() => Malformed.Unless<int>("some/file", () => throw new KeyNotFoundException("no such key")));
        Assert.Equal("some/file", error.Place);
        Assert.Contains("malformed", error.Cause, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => Malformed.Unless<int>("some/file", () => throw new OperationCanceledException()));
    }
}

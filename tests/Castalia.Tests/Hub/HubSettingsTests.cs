using Castalia.Errors;
using Castalia.Hub;
using Xunit;

namespace Castalia.Tests.Hub;

public sealed class HubSettingsTests
{
    [Theory]
    [InlineData("", "/home/me/.cache/huggingface/hub")]
    [InlineData("XDG_CACHE_HOME=/x", "/x/huggingface/hub")]
    [InlineData("XDG_CACHE_HOME=/x HF_HOME=/h", "/h/hub")]
    [InlineData("HF_HOME=~/h", "/home/me/h/hub")]
    [InlineData("HF_HOME=/h HUGGINGFACE_HUB_CACHE=/old", "/old")]
    [InlineData("HF_HOME=/h HUGGINGFACE_HUB_CACHE=/old HF_HUB_CACHE=/new", "/new")]
    [InlineData("HF_HUB_CACHE=", "/home/me/.cache/huggingface/hub")]
    public void The_cache_is_where_the_tools_keep_it(string environment, string cache) => Assert.Equal(cache, From(environment).CacheFolder);

    [Theory]
    [InlineData("", null)]
    [InlineData("HF_TOKEN=hf_a", "hf_a")]
    [InlineData("HUGGING_FACE_HUB_TOKEN=hf_b", "hf_b")]
    [InlineData("HF_TOKEN=hf_a HUGGING_FACE_HUB_TOKEN=hf_b", "hf_a")]
    [InlineData("HF_TOKEN=hf_a HF_HUB_DISABLE_IMPLICIT_TOKEN=1", null)]
    public void The_token_is_that_of_the_environment(string environment, string? token) => Assert.Equal(token, From(environment).Token);

    [Fact]
    public void Else_the_token_is_in_a_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("token", "hf_file\n");
        Assert.Equal("hf_file", From($"HF_HOME={folder.Path}").Token);
        Assert.Equal("hf_file", From($"HF_TOKEN_PATH={folder.Path}/token").Token);
        Assert.Equal("hf_a", From($"HF_TOKEN=hf_a HF_HOME={folder.Path}").Token);
        folder.Write("token", "");
        Assert.Null(From($"HF_HOME={folder.Path}").Token);
        folder.Write("token", "hf_a\r\nX-Header: 1");
        var refusal = Assert.Throws<InputException>(() => From($"HF_HOME={folder.Path}"));
        Assert.DoesNotContain("hf_a", refusal.Message);
        Assert.Contains(Path.Combine(folder.Path, "token"), refusal.Place);
    }

    [Theory]
    [InlineData("HF_HUB_OFFLINE=1", true)]
    [InlineData("HF_HUB_OFFLINE=true", true)]
    [InlineData("HF_HUB_OFFLINE=Yes", true)]
    [InlineData("HF_HUB_OFFLINE=0", false)]
    [InlineData("TRANSFORMERS_OFFLINE=ON", true)]
    [InlineData("", false)]
    public void Offline_is_what_the_tools_take_for_it(string environment, bool offline) => Assert.Equal(offline, From(environment).Offline);

    [Theory]
    [InlineData("", "https://huggingface.co/")]
    [InlineData("HF_ENDPOINT=http://127.0.0.1:8080/", "http://127.0.0.1:8080/")]
    [InlineData("HF_ENDPOINT=https://mirror.example/hf/", "https://mirror.example/hf")]
    public void The_endpoint_is_an_address(string environment, string endpoint) => Assert.Equal(endpoint, From(environment).Endpoint.AbsoluteUri);

    [Theory]
    [InlineData("HF_ENDPOINT=huggingface.co", "HF_ENDPOINT")]
    [InlineData("HF_ENDPOINT=ftp://huggingface.co", "HF_ENDPOINT")]
    [InlineData("HF_ENDPOINT=https://me:secret@huggingface.co", "HF_ENDPOINT")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT=soon", "HF_HUB_DOWNLOAD_TIMEOUT")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT=0", "HF_HUB_DOWNLOAD_TIMEOUT")]
    public void What_cannot_be_understood_is_refused(string environment, string variable) =>
        Assert.Equal($"environment variable {variable}", Assert.Throws<InputException>(() => From(environment)).Place);

    [Fact]
    public void Without_a_home_a_place_must_be_named()
    {
        Assert.Contains("HF_HOME", Assert.Throws<InputException>(() => From("", home: "")).Remedy);
        Assert.Equal("/c", From("HF_HUB_CACHE=/c", home: "").CacheFolder);
    }

    static HubSettings From(string environment, string home = "/home/me")
    {
        var set = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return HubSettings.From(set.GetValueOrDefault, home);
    }
}

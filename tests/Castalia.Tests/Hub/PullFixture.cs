using System.Text;
using Castalia.Errors;
using Castalia.Hub;
using Xunit;

namespace Castalia.Tests.Hub;

/// <summary>A server with one model, an empty cache, and pulls from the one into the other.</summary>
sealed class PullFixture : IDisposable
{
    public const string Token = "hf_secretsecretsecret";

    readonly TemporaryFolder _folder = new();

    public PullFixture()
    {
        Cache = new(Path.Combine(_folder.Path, "hub"));
        Settings = new() { Endpoint = new(Server.Endpoint), CacheFolder = Cache.Folder, Token = Token, FirstPause = TimeSpan.FromMilliseconds(1) };
        Commit = Server.Serve("owner/model", "main", [.. Files]);
    }

    public HubServer Server { get; } = new();
    public HubCache Cache { get; }
    public HubSettings Settings { get; set; }

    /// <summary>The commit of owner/model.</summary>
    public string Commit { get; }

    /// <summary>Three million bytes that compress badly and repeat nowhere.</summary>
    public static byte[] Weights { get; } = RandomBytes(3_000_000);

    public static IReadOnlyList<ServedFile> Files { get; } =
    [
        Text("config.json", """{"model_type": "llama"}"""), Text("tokenizer.json", "{}"), Text("README.md", "# a model"),
        Text("generation_config.json", "{}"), new("model.safetensors", Weights, Lfs: true), new("pytorch_model.bin", Weights[..1000], Lfs: true),
        new("onnx/model.onnx", Weights[..2000], Lfs: true),
    ];

    /// <summary>What was said of waits and further attempts.</summary>
    public List<string> Said { get; } = [];

    /// <summary>Everything that was reported.</summary>
    public List<PullProgress> Progress { get; } = [];

    public static ServedFile Text(string name, string contents) => new(name, Encoding.UTF8.GetBytes(contents));

    public Pulled Pull(string address = "owner/model") => PullUntil(TestContext.Current.CancellationToken, address);

    public Pulled PullUntil(CancellationToken cancellation, string address = "owner/model") =>
        HubPull.Take(HubAddress.Parse(address), Settings, Said.Add, new Reported(Progress), cancellation).GetAwaiter().GetResult();

    /// <summary>A pull that must fail, and leave nothing under a final name that is not whole.</summary>
    public InputException Refused(string address = "owner/model")
    {
        var refusal = Assert.Throws<InputException>(() => Pull(address));
        Assert.DoesNotContain(Token, refusal.ToString());
        Assert.DoesNotContain("signature", refusal.Message);
        AssertSound();
        return refusal;
    }

    /// <summary>Every blob has the hash it is named by.</summary>
    public void AssertSound()
    {
        string blobs = Path.Combine(Cache.Repository("owner/model"), "blobs");
        if (!Directory.Exists(blobs)) return;
        foreach (string blob in Directory.GetFiles(blobs).Where(file => !file.EndsWith(".incomplete", StringComparison.Ordinal)))
        {
            byte[] bytes = File.ReadAllBytes(blob);
            Assert.Equal(new ServedFile("", bytes, Path.GetFileName(blob).Length == 64).Hash, Path.GetFileName(blob));
        }
    }

    public string Part(string name) => Cache.Part("owner/model", new(Files.First(file => file.Name == name).Hash));

    public string Blob(string name) => Cache.Blob("owner/model", new(Files.First(file => file.Name == name).Hash));

    public string InSnapshot(string name) => Path.Combine(Cache.Snapshot("owner/model", Commit), name);

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }

    static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    sealed class Reported(List<PullProgress> into) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => into.Add(value);
    }
}

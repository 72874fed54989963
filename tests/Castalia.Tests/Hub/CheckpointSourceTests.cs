using System.Diagnostics;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Hub;
using Xunit;

namespace Castalia.Tests.Hub;

public sealed class CheckpointSourceTests : IDisposable
{
    const string Commit = "0123456789012345678901234567890123456789", Blob = "blob";

    readonly TemporaryFolder _folder = new();
    readonly HubCache _cache;

    public CheckpointSourceTests() => _cache = new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_path_that_exists_is_taken_before_the_cache()
    {
        Cached("config.json", "model.safetensors");
        string path = Path.Combine(_folder.Path, "models--owner--model", "blobs");
        Assert.Equal(new(path, path, null), CheckpointSource.Find(path, Wanted.Weights, () => throw new InvalidOperationException("not asked")));
    }

    [Theory]
    [InlineData("/no/such/path")]
    [InlineData("../no/such/path")]
    [InlineData("model.gguf")]
    public void A_path_that_can_be_no_models_name_is_left_to_whoever_opens_it(string path) =>
        Assert.Equal(new(path, path, null), CheckpointSource.Find(path, Wanted.Weights, () => _cache));

    [Theory]
    [InlineData("owner/model", "main", "owner/model")]
    [InlineData("owner/model@refs/pr/1", "refs/pr/1", "owner/model@refs-pr-1")]
    [InlineData($"owner/model@{Commit}", Commit, $"owner/model@{Commit}")]
    public void A_model_in_the_cache_is_its_snapshot(string named, string revision, string name)
    {
        string snapshot = Cached("config.json", "model.safetensors");
        Assert.Equal(new(snapshot, name, new("owner/model", revision, Commit)), Find(named));
    }

    [Fact]
    public void A_GGUF_file_is_the_file_itself()
    {
        string snapshot = Cached("a.gguf", "config.json");
        Assert.Equal(Path.Combine(snapshot, "a.gguf"), Find("owner/model").Path);
        Assert.Equal((Path.Combine(snapshot, "a.gguf"), "owner/model/a.gguf"), (Find("owner/model/a.gguf").Path, Find("owner/model/a.gguf").Name));
        Cached("sub/b.gguf");
        Assert.Contains("Name one of them, as owner/model/a.gguf: a.gguf, sub/b.gguf.", Refusal("owner/model").Remedy);
        Assert.Equal(Path.Combine(snapshot, "sub", "b.gguf"), Find("owner/model/sub/b.gguf").Path);
        Assert.Contains("c.gguf is missing", Refusal("owner/model/c.gguf").Cause);
    }

    [Fact]
    public void What_is_not_in_the_cache_is_told_with_the_command_that_fetches_it()
    {
        var refusal = Refusal("owner/model@step1");
        Assert.Equal("There is no path 'owner/model@step1', and the model is not in the hub's cache.", refusal.Cause);
        Assert.Equal(_folder.Path, refusal.Place);
        Assert.Equal("Correct the path, or fetch the model: castalia pull owner/model@step1. Only pull downloads.", refusal.Remedy);
        Cached("config.json", "model.safetensors");
        Assert.Equal($"There is no path 'owner/model@step1', and of the model the hub's cache has main, refs/pr/1, {Commit}, not 'step1'.", Refusal("owner/model@step1").Cause);
    }

    [Theory]
    [InlineData("config.json is missing", "model.safetensors")]
    [InlineData("the weights are missing", "config.json")]
    [InlineData("model.safetensors is missing", "config.json", "-model.safetensors")]
    [InlineData("model-2.safetensors is missing", "config.json", "model.safetensors.index.json", "model-1.safetensors")]
    [InlineData("model-1.safetensors, model-2.safetensors are missing", "config.json", "model.safetensors.index.json", "-model-1.safetensors")]
    [InlineData("model.safetensors.index.json is missing", "config.json", "-model.safetensors.index.json")]
    [InlineData("a.gguf is missing", "-a.gguf")]
    public void A_part_of_a_model_is_told_apart_from_the_whole(string missing, params string[] names)
    {
        string snapshot = Cached(names);
        var refusal = Refusal("owner/model");
        Assert.Equal($"The cache holds only a part of owner/model: {missing}.", refusal.Cause);
        Assert.Equal((snapshot, "Fetch the rest: castalia pull owner/model"), (refusal.Place, refusal.Remedy));
    }

    [Fact]
    public void For_a_tokenizer_the_weights_need_not_be_there()
    {
        string snapshot = Cached("config.json", "tokenizer.json");
        Assert.Equal(snapshot, CheckpointSource.Find("owner/model", Wanted.Tokenizer, () => _cache).Path);
        Assert.Contains("the weights are missing", Refusal("owner/model").Cause);
        Cached("-model.safetensors");
        Assert.Equal(snapshot, CheckpointSource.Find("owner/model", Wanted.Tokenizer, () => _cache).Path);
    }

    [Fact]
    public void A_note_of_a_revision_that_holds_no_commit_is_told()
    {
        Cached("config.json", "model.safetensors");
        File.WriteAllText(Path.Combine(_cache.Repository("owner/model"), "refs", "main"), "../../../etc");
        Assert.Contains("not a commit", Refusal("owner/model").Cause);
    }

    [Fact]
    public void A_cache_without_the_note_of_main_is_told_with_the_commit_that_is_there()
    {
        string snapshot = Cached("config.json", "model.safetensors");
        Directory.Delete(Path.Combine(_cache.Repository("owner/model"), "refs"), recursive: true);
        var refusal = Refusal("owner/model");
        Assert.Equal($"There is no path 'owner/model', and of the model the hub's cache has {Commit}, not 'main'.", refusal.Cause);
        Assert.EndsWith($" What is there is named owner/model@{Commit}.", refusal.Remedy, StringComparison.Ordinal);
        Assert.Equal(snapshot, Find($"owner/model@{Commit}").Path); // the remedy works
    }

    [Fact]
    public void A_note_of_a_commit_that_is_not_there_is_told_with_the_one_that_is()
    {
        Cached("config.json", "model.safetensors");
        string other = new('b', 40);
        _cache.Remember("owner/model", "main", other);
        Assert.Equal(
            $"There is no path 'owner/model', and the hub's cache has noted that 'main' is commit {other}, but not its files; of the model it has refs/pr/1, {Commit}.",
            Refusal("owner/model").Cause);
        Directory.Delete(Path.Combine(_cache.Repository("owner/model"), "snapshots"), recursive: true);
        Assert.Contains("but not its files; of the model it has no files", Refusal("owner/model").Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/snapshots")]
    public void The_folder_of_a_model_in_a_cache_is_its_main_branch_or_the_only_commit(string below)
    {
        string snapshot = Cached("config.json", "model.safetensors"), folder = Path.Combine(_folder.Path, "models--owner--model") + below;
        Assert.Equal(new(snapshot, "owner/model", new("owner/model", "main", Commit)), Find(folder));
        Directory.Delete(Path.Combine(_cache.Repository("owner/model"), "refs"), recursive: true);
        Assert.Equal(new(snapshot, $"owner/model@{Commit}", new("owner/model", Commit, Commit)), Find(folder));
        Directory.CreateDirectory(_cache.Snapshot("owner/model", new('b', 40)));
        Assert.Contains("with the files of 2 commits, of which none is noted as main", Refusal(folder).Cause, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(_cache.Repository("owner/model"), "snapshots"), recursive: true);
        Directory.CreateDirectory(Path.Combine(_cache.Repository("owner/model"), "snapshots"));
        Assert.Contains("holds no files of any commit", Refusal(folder).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_in_the_cache_is_left_to_whoever_opens_it() =>
        Assert.Equal(Cached("adapter_config.json", "adapter_model.safetensors"), Find("owner/model").Path);

    [Fact]
    public void A_named_pipe_in_the_cache_waits_for_nobody()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mkfifo");
        string snapshot = Cached("config.json", "model.safetensors"), pipe = Path.Combine(snapshot, "model.safetensors");
        File.Delete(pipe);
        Process.Start("mkfifo", [pipe]).WaitForExit();
        Assert.Contains("is a named pipe", Assert.Throws<InputException>(() => Checkpoint.Open(Find("owner/model").Path)).Cause, StringComparison.Ordinal);
        string main = Path.Combine(_cache.Repository("owner/model"), "refs", "main");
        File.Delete(main);
        Process.Start("mkfifo", [main]).WaitForExit();
        Assert.Contains("is a named pipe", Refusal("owner/model").Cause, StringComparison.Ordinal);
    }

    CheckpointSource Find(string named) => CheckpointSource.Find(named, Wanted.Weights, () => _cache);

    InputException Refusal(string named) => Assert.Throws<InputException>(() => Find(named));

    /// <summary>Puts names into the cache's only snapshot, of main and refs/pr/1; with "-" before it, a link whose contents are gone.</summary>
    string Cached(params string[] names)
    {
        _cache.Remember("owner/model", "main", Commit);
        _cache.Remember("owner/model", "refs/pr/1", Commit);
        string snapshot = _cache.Snapshot("owner/model", Commit), blobs = Path.Combine(_cache.Repository("owner/model"), "blobs");
        Directory.CreateDirectory(blobs);
        File.WriteAllText(Path.Combine(blobs, Blob), """{"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}""");
        foreach (string name in names)
        {
            string link = Path.Combine(snapshot, name.TrimStart('-')), folder = Path.GetDirectoryName(link)!;
            Directory.CreateDirectory(folder);
            File.CreateSymbolicLink(link, Path.GetRelativePath(folder, Path.Combine(blobs, name.StartsWith('-') ? "gone" : Blob)));
        }
        return snapshot;
    }
}

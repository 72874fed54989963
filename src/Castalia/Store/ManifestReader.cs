using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Machine;
using Castalia.Runs;

namespace Castalia.Store;

/// <summary>Reads manifest.json; what a run needs and does not have is an error that names its place.</summary>
static partial class ManifestReader
{
    const int MostFields = 1000;

    const string Format = "castalia run 1";

    /// <summary>The run in a folder; its other files are not looked at.</summary>
    /// <exception cref="InputException">The manifest is not there, is no JSON, or lacks something.</exception>
    public static StoredRun Read(string folder)
    {
        string path = Path.Combine(folder, StoredRun.ManifestName);
        byte[] bytes = Bytes(folder, path);
        var node = new ManifestNode(folder, "", Parse(folder, bytes));
        string format = node.Text("format");
        if (format != Format) throw StoreErrors.OtherFormat(folder, format, Format);
        string? digest = node.OptionalText(ManifestDigest.Key);
        if (digest is not null && !ManifestDigest.Holds(Encoding.UTF8.GetString(bytes), digest)) throw StoreErrors.ManifestChanged(folder);
        var options = node.Object("options");
        return new()
        {
            Name = Path.GetFileName(folder),
            Path = folder,
            StartedUtc = node.Time("started_utc"),
            FinishedUtc = node.Time("finished_utc"),
            Software = node.Text("software"),
            PromptSet = node.Text("prompt_set"),
            Bos = options.Text("bos"),
            Positions = options.Text("positions"),
            Activation = options.Text("activation"),
            Seed = options.Whole("seed"),
            Threads = options.Count("threads"),
            Explained = options.OptionalObject("explain") is { } explain
                ? new(explain.Text("blocks"), explain.OptionalTruth("all_parts") ?? false, explain.OptionalTruth("weights") ?? false) : null,
            DoFiles = node.Json["do_files"] is null ? [] : [.. node.Objects("do_files").Select(file => file.Text("sha256"))],
            ReferenceSha256 = node.OptionalObject("derived")?.OptionalObject("reference")?.Text("prompts_sha256"),
            HasBands = node.OptionalObject("derived")?.OptionalObject("bands") is not null,
            Models = Models(node),
            Tables = RunTables.All.Select(table => (Table: table, Sha256: node.OptionalText(table.HashKey))).Where(table => table.Table.IsInEveryRun || table.Sha256 is not null)
                .ToDictionary(table => table.Table, table => table.Sha256),
            SummarySha256 = node.OptionalText("summary_sha256"),
            ManifestSha256 = digest,
        };
    }

    static List<StoredModel> Models(ManifestNode node)
    {
        var models = node.Objects("models").Select(Model).ToList();
        if (models.Count == 0) throw node.Lacks("models[0]", "an object");
        if (models.GroupBy(model => model.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw StoreErrors.ModelTwice(node.Folder, twice.Key);
        return models;
    }

    static StoredModel Model(ManifestNode node)
    {
        var hub = node.OptionalObject("hub");
        var prompts = node.Objects("prompts").Select(prompt => new StoredPrompt(
            prompt.Text("name"), prompt.OptionalText("category"), prompt.OptionalText("text"), prompt.Ids("ids"))).ToList();
        if (prompts.Count == 0) throw node.Lacks("prompts[0]", "an object");
        string? filesSha256 = OfWeightFiles(node.Objects("files"));
        return new()
        {
            Name = node.Text("model"),
            Path = node.Text("path"),
            Format = node.Text("format"),
            Hub = hub is null ? null : (hub.Text("repository"), hub.Text("revision"), hub.Text("commit")),
            Parameters = node.Whole("parameters"),
            Sha256 = OfFiles([.. node.Objects("files").Select(file => (file.Text("path"), file.Text("sha256")))]),
            FilesSha256 = filesSha256,
            Identity = ModelIdentity.Of(node.Text("model"), node.OptionalText("weights_sha256"), filesSha256, node.Object("architecture").Json),
            Untrained = node.OptionalTruth("untrained"),
            PaddedVocabularyRows = node.Json["padded_vocabulary_rows"] is null ? 0 : node.Whole("padded_vocabulary_rows"),
            FedSha256 = OfLines(prompts.Select(prompt => $"{prompt.Category} {string.Join(' ', prompt.Ids)}").Order(StringComparer.Ordinal)),
            PromptsSha256 = node.Text("prompts_sha256"),
            Architecture = Architecture(node),
            Prompts = prompts,
        };
    }

    static string? OfFiles(IReadOnlyList<(string Path, string Sha256)> files)
    {
        if (files.Count <= 1) return files.Select(file => file.Sha256).FirstOrDefault();
        var lines = files.Select(file => (Name: Path.GetFileName(file.Path), file.Sha256)).OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => $"{file.Sha256}  {file.Name}");
        return OfLines(lines);
    }

    /// <summary>Of the files that hold weights, whatever they are called; null without any.</summary>
    static string? OfWeightFiles(IEnumerable<ManifestNode> files)
    {
        List<string> hashes = [.. files.Where(file => !file.Text("path").EndsWith(".json", StringComparison.OrdinalIgnoreCase)).Select(file => file.Text("sha256"))];
        return hashes.Count == 0 ? null : OfLines(hashes.Order(StringComparer.Ordinal));
    }

    static string OfLines(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))));

    static byte[] Bytes(string folder, string path)
    {
        if (!Path.Exists(path)) throw StoreErrors.MissingFile(folder, StoredRun.ManifestName);
        try
        {
            return InputFile.Bytes(path);
        }
        catch (InputException e)
        {
            throw StoreErrors.Unreadable(folder, StoredRun.ManifestName, e.Cause);
        }
    }

    static JsonObject Parse(string folder, byte[] bytes)
    {
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
            return JsonNode.Parse(JsonFile.Checked(bytes), documentOptions: options) as JsonObject
                ?? throw StoreErrors.NotJson(folder, StoredRun.ManifestName, "it is no JSON object");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw StoreErrors.NotJson(folder, StoredRun.ManifestName, e.Message);
        }
    }

    /// <summary>The description, with what analyses read of it there, and with names that can be columns.</summary>
    static JsonObject Architecture(ManifestNode node)
    {
        var architecture = node.Object("architecture");
        if (architecture.Count("n_layers") == 0) throw architecture.Lacks("n_layers", "a count above 0");
        architecture.Count("d_vocab");
        architecture.Text("family");
        architecture.Text("activation");
        int fields = 0;
        foreach (var (name, _) in ModelColumns.Flatten(architecture.Json))
        {
            if (!Column().IsMatch(name)) throw node.Lacks($"architecture.{name}", "a name of letters, digits, _, - and . here");
            if (++fields > MostFields) throw node.Lacks("architecture", $"a description of at most {MostFields} fields");
        }
        return architecture.Json;
    }

    [GeneratedRegex(@"^[\w.-]{1,200}\z")]
    private static partial Regex Column();
}

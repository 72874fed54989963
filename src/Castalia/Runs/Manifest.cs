using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Machine;
using Castalia.Untrained;

namespace Castalia.Runs;

/// <summary>manifest.json: everything needed to know where a run's numbers came from.</summary>
static class Manifest
{
    /// <summary>The files whose hashes the document holds: every file of every checkpoint, and the tokenizers'.</summary>
    public static IEnumerable<string> Files(Run run) => run.Models.SelectMany(
        model => TokenizerFile(model) is { } tokenizer ? model.Files.Select(file => file.Path).Append(tokenizer) : model.Files.Select(file => file.Path));

    /// <summary>The document.</summary>
    /// <param name="run">The run.</param>
    /// <param name="finishedUtc">When the measuring ended, UTC.</param>
    /// <param name="hashes">Of <see cref="Files"/> and of the weights.</param>
    public static JsonObject Of(Run run, DateTime finishedUtc, RunHashes hashes)
    {
        var manifest = OfMeasured(run, finishedUtc, hashes);
        if (run.Explained is { } explained)
            manifest["options"]!["explain"] = new JsonObject { ["blocks"] = explained.Blocks, ["all_parts"] = explained.AllParts, ["weights"] = explained.Weights };
        return manifest;
    }

    static JsonObject OfMeasured(Run run, DateTime finishedUtc, RunHashes hashes) => new()
    {
        ["format"] = "castalia run 1",
        ["software"] = Software.NameAndVersion,
        ["started_utc"] = Time(run.StartedUtc),
        ["finished_utc"] = Time(finishedUtc),
        ["machine"] = Machine(),
        ["options"] = new JsonObject
        {
            ["threads"] = run.Options.Threads,
            ["bos"] = run.Options.Bos.ToString().ToLowerInvariant(),
            ["positions"] = run.Options.AllPositions ? "all" : "last",
            ["logit_lens"] = run.Options.LogitLens,
            ["activation"] = run.Options.Activation.Word(),
            ["seed"] = run.Options.Seed,
            ["bootstrap_resamples"] = Statistics.Describe.Resamples,
        },
        ["prompt_set"] = run.PromptSet,
        ["models"] = new JsonArray([.. run.Models.Select(model => Model(model, hashes))]),
        ["columns"] = Columns(RunTables.Readings),
    };

    /// <summary>What results there are besides the readings.</summary>
    internal static JsonArray Tables(IEnumerable<RunTable> tables) => new([.. tables.Select(table => new JsonObject
    {
        ["name"] = table.Name,
        ["verb"] = table.Verb,
        ["rows"] = table.Rows,
        ["columns"] = Columns(table),
    })]);

    /// <summary>What was done beside measuring.</summary>
    internal static JsonArray DoFiles(IEnumerable<(string Name, string Sha256)> files) =>
        new([.. files.Select(file => new JsonObject { ["name"] = file.Name, ["sha256"] = file.Sha256 })]);

    static JsonArray Columns(RunTable table) => new([.. table.Columns.Select(c => new JsonObject
    {
        ["name"] = c.Name,
        ["type"] = c.Type,
        ["unit"] = c.Unit,
        ["description"] = c.Description,
    })]);

    static JsonObject Machine() => new()
    {
        ["os"] = RuntimeInformation.OSDescription,
        ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        ["cpu"] = CpuName(),
        ["cores"] = Environment.ProcessorCount,
        ["vector_bits"] = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0,
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
    };

    /// <summary>The processor's name as Linux gives it; null elsewhere.</summary>
    static string? CpuName()
    {
        const string File = "/proc/cpuinfo";
        return System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
    }

    static JsonObject Model(ModelRun model, RunHashes hashes)
    {
        var m = model.Measurement;
        return new()
        {
            ["model"] = model.Name,
            ["path"] = model.Path,
            ["hub"] = model.Hub is { } hub
                ? new JsonObject { ["repository"] = hub.Repository, ["revision"] = hub.Revision, ["commit"] = hub.Commit }
                : null,
            ["format"] = model.Format.ToString().ToLowerInvariant(),
            ["files"] = new JsonArray([.. model.Files.Select(file => Hashed(file.Path, hashes.Files[file.Path]))]),
            ["weights_sha256"] = hashes.Weights.GetValueOrDefault(model.Name),
            ["untrained"] = model.TheoreticalGain is not null || UntrainedNetworks.Knows(hashes.Weights.GetValueOrDefault(model.Name)),
            ["config"] = model.Config is { } config ? PythonJson.Strict(config) : null,
            ["architecture"] = model.Description.DeepClone(),
            ["parameters"] = m.Parameters,
            ["defaults_taken"] = new JsonArray([.. m.Architecture.Defaults.Select(d => new JsonObject
            {
                ["key"] = d.Key,
                ["value"] = d.Value,
                ["source"] = d.Source,
            })]),
            ["notes"] = Texts(m.Notes),
            ["padded_vocabulary_rows"] = m.PaddedVocabularyRows,
            ["tokenizer"] = model.Tokenizer is { } tokenizer
                ? new JsonObject
                {
                    ["source"] = tokenizer.Source,
                    ["sha256"] = TokenizerFile(model) is { } file ? hashes.Files[file].Sha256 : null,
                    ["notes"] = Texts(tokenizer.Notes),
                }
                : null,
            ["tokenizer_unread_because"] = model.TokenizerUnreadBecause,
            ["prompts_sha256"] = PromptHash.Of(m.Prompts.Select(p => p.Prompt)),
            ["prompts"] = new JsonArray([.. m.Prompts.Select(p => new JsonObject
            {
                ["name"] = p.Prompt.Name,
                ["category"] = p.Prompt.Category,
                ["place"] = p.Prompt.Place,
                ["text"] = p.Prompt.Text,
                ["ids"] = new JsonArray([.. p.Ids.Select(id => JsonValue.Create(id))]),
                ["added"] = p.Added,
                ["dropped_bytes"] = p.DroppedBytes,
            })]),
        };
    }

    /// <summary>The file a tokenizer was read from; null where it has none of its own.</summary>
    static string? TokenizerFile(ModelRun model) => model.Tokenizer is { } tokenizer && File.Exists(tokenizer.Source) ? tokenizer.Source : null;

    static JsonObject Hashed(string path, FileHash hash) => new() { ["path"] = path, ["bytes"] = hash.Bytes, ["sha256"] = hash.Sha256 };

    static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

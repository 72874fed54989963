using System.Globalization;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Runs;
using Castalia.Store;

namespace Castalia.Benchmarks;

/// <summary>Run folders of made-up models: of stored runs with other weights, fewer blocks, another width and other readings. Their figures mean nothing.</summary>
static class StoredModels
{
    const int FewestBlocks = 4;

    /// <summary>Writes whole run folders; the same numbers give the same folders.</summary>
    /// <param name="runs">A folder of runs of one model each, which are taken in turn.</param>
    /// <param name="folder">Where they are written.</param>
    /// <param name="count">How many runs.</param>
    /// <param name="models">How many models they are of.</param>
    /// <param name="cancellation">Stops between statements.</param>
    public static string Write(string runs, string folder, int count, int models, CancellationToken cancellation)
    {
        string[] originals = [.. Directory.GetDirectories(runs).Order(StringComparer.Ordinal)];
        using var database = new Database();
        for (int i = 0; i < count; i++)
        {
            string original = originals[i % originals.Length];
            int model = i / originals.Length % models;
            string copy = Directory.CreateDirectory(Path.Combine(folder, $"{i:D5}-made-up-{model}")).FullName;
            Write(database, original, copy, model, new Random(i), cancellation);
        }
        return folder;
    }

    static void Write(Database database, string original, string copy, int number, Random random, CancellationToken cancellation)
    {
        var manifest = JsonNode.Parse(File.ReadAllBytes(Path.Combine(original, "manifest.json")))!.AsObject();
        var model = manifest["models"]![0]!.AsObject();
        var architecture = model["architecture"]!.AsObject();
        int blocks = (int)architecture["n_layers"]!, kept = blocks <= FewestBlocks ? blocks : FewestBlocks + new Random(number).Next(blocks - FewestBlocks + 1);
        string name = string.Create(CultureInfo.InvariantCulture, $"made-up-{number}");
        model["model"] = name;
        model["weights_sha256"] = Sha256(name);
        foreach (var file in model["files"]!.AsArray()) file!["sha256"] = Sha256($"{name} {file["path"]}");
        model["parameters"] = 1_000_000L * kept;
        architecture["n_layers"] = kept;
        architecture["d_model"] = 64 * (1 + number);
        foreach (var table in RunTables.All)
        {
            string file = Path.Combine(original, table.FileName), written = Path.Combine(copy, table.FileName);
            if (!File.Exists(file)) continue;
            bool hasBlocks = table.Columns.Any(c => c.Name == "layer");
            string columns = string.Join(", ", table.Columns.Select(c => Value(c, name, blocks, kept, random.Next())));
            database.Execute($"COPY (SELECT {columns} FROM read_parquet({Database.Literal(file)}, file_row_number = true){(hasBlocks ? $" WHERE layer >= {blocks - kept}" : "")}) TO {Database.Literal(written)} (FORMAT parquet, COMPRESSION zstd)", cancellation);
            manifest[table.HashKey] = FileSha256(written);
        }
        File.Copy(Path.Combine(original, "summary.json"), Path.Combine(copy, "summary.json"));
        File.WriteAllText(Path.Combine(copy, "manifest.json"), ManifestDigest.Stamped(manifest));
    }

    /// <summary>A column of a made-up table: a figure within a tenth of what was read, a block counted from the first that is kept.</summary>
    static string Value(RunColumn column, string name, int blocks, int kept, int seed)
    {
        string of = Database.Identifier(column.Name);
        return (column.Name, column.Type) switch
        {
            ("model", _) => $"{Database.Literal(name)} AS {of}",
            ("n_layers", _) => $"{kept}::INTEGER AS {of}",
            ("layer", _) => $"({of} - {blocks - kept})::INTEGER AS {of}",
            (_, "DOUBLE") => $"{of} * (0.9 + 0.2 * (hash(file_row_number, {seed}) % 1000003) / 1000003) AS {of}",
            _ => of,
        };
    }

    static string Sha256(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    static string FileSha256(string path) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
}

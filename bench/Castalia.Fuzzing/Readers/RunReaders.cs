using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Castalia.Cards;
using Castalia.Fuzzing.Formats;
using Castalia.Fuzzing.Mutation;
using Castalia.Runs;
using Castalia.Store;

namespace Castalia.Fuzzing.Readers;

/// <summary>Stored runs: the manifest alone, which is quick, and whole folders, for which a database is begun.</summary>
static partial class RunReaders
{
    const string Manifest = "manifest.json", Readings = "readings.parquet", Summary = "summary.json", Run = "run";

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("manifest", 60, () => [new("manifest", "", [OfManifest(Manifest)])], path => _ = StoreTables.Models([ManifestReader.Read(path)], CardSet.Shipped)),
        new("run folder", 1, Folders, Whole),
    ];

    static SeedFile OfManifest(string name) => JsonRegions.File(name, Golden.Run(Manifest)) with { Wrap = (bytes, dice) => dice.OneIn(8) ? bytes : Restamped(bytes) };

    static List<Seed> Folders() =>
    [
        new("run folder", "",
        [
            OfManifest($"{Run}/{Manifest}") with { Wrap = (bytes, dice) => dice.OneIn(8) ? bytes : Restamped(Unhashed(bytes)) },
            new SeedFile($"{Run}/{Readings}", new(Golden.Run(Readings))) { Weight = 0 }, new SeedFile($"{Run}/{Summary}", new(Golden.Run(Summary))) { Weight = 0 },
        ]),
        // A run that states no hashes, so that its files are read however they have changed.
        new("run without hashes", "",
        [
            SeedFile.Fixed($"{Run}/{Manifest}", new(Unhashed(Golden.Run(Manifest)))), new($"{Run}/{Readings}", new(Golden.Run(Readings))) { Weight = 8 },
            JsonRegions.File($"{Run}/{Summary}", Golden.Run(Summary)),
        ]),
    ];

    /// <summary>Listed, opened and asked.</summary>
    static void Whole(string path)
    {
        _ = RunListing.Of(path);
        using var store = RunStore.Open(path);
        _ = store.Query("SELECT count(*), sum(gain) FROM gains");
        _ = store.Query("SELECT * FROM readings");
    }

    static byte[] Unhashed(byte[] manifest) => Encoding.UTF8.GetBytes(Hashes().Replace(Encoding.UTF8.GetString(manifest), ""));

    /// <summary>With the digest that a manifest states of itself, if it states one.</summary>
    static byte[] Restamped(byte[] manifest)
    {
        string text = Encoding.UTF8.GetString(manifest), empty = $"\"{ManifestDigest.Key}\": \"\"";
        if (!Digest().IsMatch(text)) return manifest;
        string without = Digest().Replace(text, empty);
        return Encoding.UTF8.GetBytes(without.Replace(empty, $"\"{ManifestDigest.Key}\": \"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(without)))}\""));
    }

    [GeneratedRegex(",\\s*\"(readings|summary|manifest)_sha256\": \"[0-9a-f]*\"")]
    private static partial Regex Hashes();

    [GeneratedRegex("\"manifest_sha256\": \"[0-9a-f]{64}\"")]
    private static partial Regex Digest();
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Prompts;

namespace Castalia.Untrained;

/// <summary>The networks that are measured when none is named: built once, seeded, genuine checkpoint folders with
/// random weights.</summary>
static class UntrainedNetworks
{
    const ulong Seed = 1;
    const int Version = 1; // raise when a seed's weights, a config or the list of files changes
    const string Manifest = "untrained.json";
    const int Chunk = 1 << 14; // elements drawn at a time

    static readonly string[] Files = ["config.json", "model.safetensors"];

    /// <summary>The networks' weights, by the hash that manifests state of them (weights_sha256), in the order of <see cref="Networks"/>.</summary>
    internal static readonly string[] WeightsSha256 =
    [
        "4b0c076d552c9ffeda14d272a8fcf09c8eb74cda8837c240807a33e967b794d9",
        "d98acb0845717ebc070e0bdbf3372e9b6c0dda8013a27e5633dda456de851ee0",
        "99a04d2742544ae6be255b1fe8d7a116099422116a0fb561cac4cb0fbc4265e4",
        "3d74679bba3196f9d01e6b654d15dab9901b81389ad65b4921015ea83fed5614",
    ];

    static readonly UntrainedNetwork[] Networks =
    [
        UntrainedNetwork.PythiaLike(nLayers: 6, dModel: 256, nHeads: 8),
        UntrainedNetwork.PythiaLike(nLayers: 12, dModel: 256, nHeads: 8),
        UntrainedNetwork.PythiaLike(nLayers: 24, dModel: 256, nHeads: 8),
        UntrainedNetwork.LlamaLike(nLayers: 8, dModel: 256, nHeads: 8, nKvHeads: 4, dFf: 688),
    ];

    /// <summary>Their names, and those of their folders, in the order of <see cref="Networks"/>.</summary>
    public static IReadOnlyList<string> Names => [.. Networks.Select(NameOf)];

    /// <summary>The folder of this program below the user's cache: $XDG_CACHE_HOME/castalia, else where the platform
    /// keeps caches.</summary>
    /// <exception cref="InputException">The platform names no home folder.</exception>
    public static string DefaultCache
    {
        get
        {
            string? xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            // the standard ignores a relative one
            if (Path.IsPathFullyQualified(xdg ?? ""))
                return Path.Combine(xdg!, "castalia");
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            string cache =
                OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : home == "" ? ""
                : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
                : Path.Combine(home, ".cache");
            if (cache == "")
                throw new InputException(
                    cause: "There is nowhere to keep the built-in untrained networks: this user has no home folder.",
                    place: "environment variable XDG_CACHE_HOME",
                    remedy: "Set XDG_CACHE_HOME to a folder that may be written to, or name a checkpoint.");
            return Path.Combine(cache, "castalia");
        }
    }

    /// <summary>Builds the networks that are not in the cache yet, or not whole there.</summary>
    /// <param name="cacheFolder">Where their folders are; made if it does not exist.</param>
    /// <param name="progress">Told which network is being built; null for silence.</param>
    /// <param name="cancellation">Stops between pieces; a network half built leaves nothing behind.</param>
    /// <returns>One checkpoint folder each, shallowest Pythia first, the Llama last; every file checked against its
    /// SHA-256.</returns>
    /// <exception cref="InputException">The cache cannot be written.</exception>
    public static IReadOnlyList<string> Ensure(
        string cacheFolder, IProgress<string>? progress, CancellationToken cancellation)
    {
        cacheFolder = Path.GetFullPath(cacheFolder);
        try
        {
            Directory.CreateDirectory(cacheFolder);
            if (Unfinished.Sweep(cacheFolder) is { Count: > 0 } left)
                progress?.Report(FormattableString.Invariant($"removed {left.Count} of these networks that an ended command left unfinished"));
            return [.. Networks.Select(network => Ensure(network, cacheFolder, progress, cancellation))];
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw new InputException(
                cause: $"The built-in untrained networks cannot be kept in the cache: {e.Message}",
                place: cacheFolder,
                remedy: "Set XDG_CACHE_HOME to a writable folder with 100 MB of room, or name a checkpoint.",
                inner: e);
        }
    }

    /// <summary>Whether these weights are one of the networks', wherever they lie and whatever they are called.</summary>
    /// <param name="weightsSha256">As a manifest states it; null where it is not known.</param>
    public static bool Knows(string? weightsSha256) => weightsSha256 is not null && WeightsSha256.Contains(weightsSha256);

    /// <summary>25 prompts of 15 token ids each, uniform over the vocabulary; seeded.</summary>
    /// <param name="vocab">Ids run from 0 to one less than this.</param>
    public static IReadOnlyList<Prompt> IdPrompts(int vocab)
    {
        const int Prompts = 25, Tokens = 15;
        ArgumentOutOfRangeException.ThrowIfLessThan(vocab, 1);
        ulong key = NormalDeviates.Key(Seed, "prompts");
        return
        [
            .. Enumerable.Range(0, Prompts).Select(p => new Prompt
            {
                Name = (p + 1).ToString(CultureInfo.InvariantCulture),
                Ids = [.. Enumerable.Range(p * Tokens, Tokens).Select(i => NormalDeviates.Below(key, i, vocab))],
                Place = string.Create(CultureInfo.InvariantCulture, $"built-in id prompts, prompt {p + 1}"),
            }),
        ];
    }

    /// <summary>Gain of the last of L blocks that add increments of equal length, orthogonal to each other, to an
    /// embedding much shorter than their sum: √(L/(L − 1)).</summary>
    /// <remarks>
    /// ‖h_ℓ‖² = ‖h₀‖² + ℓ·‖Δ‖² under these assumptions. They hold, nearly, for all the networks built here: each block
    /// reads the stream through a norm, so that depth hardly changes what it adds, and the embedding shifts the gain by
    /// less than 0.001. Over the networks of eight seeds, 25 prompts each, the mean gain was 1.101 ± 0.015 (6-block
    /// Pythia, theory 1.095), 1.049 ± 0.008 (12, 1.044), 1.024 ± 0.002 (24, 1.022) and 1.071 ± 0.003 (8-block Llama,
    /// 1.069), ± one standard deviation between networks. An interval over the prompts of one network does not hold
    /// that spread; docs/untrained-networks.md says why.
    /// </remarks>
    /// <param name="nLayers">Blocks.</param>
    /// <returns>The gain; null for one block, where the embedding is all there is to divide by.</returns>
    public static double? TheoreticalGain(int nLayers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nLayers, 1);
        return nLayers == 1 ? null : Math.Sqrt(nLayers / (nLayers - 1.0));
    }

    static string Ensure(
        UntrainedNetwork network, string cacheFolder, IProgress<string>? progress, CancellationToken cancellation)
    {
        string name = NameOf(network);
        string folder = Path.Combine(cacheFolder, name);
        if (IsWhole(folder)) return folder;
        progress?.Report($"building {name}");
        using var unfinished = Unfinished.Beside(folder);
        string partial = unfinished.Path;
        try
        {
            Directory.CreateDirectory(partial);
            Build(network, Seed, partial, cancellation);
            if (Directory.Exists(folder) && !IsWhole(folder)) Directory.Delete(folder, recursive: true);
            if (!Directory.Exists(folder)) Directory.Move(partial, folder);
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<InputException>().FirstOrDefault() is { } unwritable)
        {
            throw unwritable; // a full disk, seen by several threads at once
        }
        catch (IOException) when (IsWhole(folder))
        {
            // Another process built the same folder between our look and our move.
        }
        return folder;
    }

    static string NameOf(UntrainedNetwork network) => string.Create(CultureInfo.InvariantCulture, $"{network.Name}-seed{Seed}-v{Version}");

    internal static void Build(UntrainedNetwork network, ulong seed, string folder, CancellationToken cancellation)
    {
        File.WriteAllText(Path.Combine(folder, Files[0]), network.Config);
        using (var writer = SafetensorsWriter.Create(
            Path.Combine(folder, Files[1]),
            [.. network.Weights.Select(weight => new SafetensorsEntry(weight.Name, network.DType, weight.Shape))],
            new Dictionary<string, string> { ["format"] = "pt" }))
        {
            var pieces = network.Weights.SelectMany(weight =>
            {
                long count = weight.Shape.Aggregate(1L, (n, axis) => n * axis);
                return Enumerable.Range(0, (int)((count + Chunk - 1) / Chunk))
                    .Select(i => (long)i * Chunk)
                    .Select(from => (Weight: weight, From: from, Count: (int)Math.Min(Chunk, count - from)));
            });
            Parallel.ForEach(
                pieces,
                new ParallelOptions { CancellationToken = cancellation },
                () => new float[Chunk],
                (piece, _, values) =>
                {
                    ulong key = NormalDeviates.Key(seed, $"{network.Name}/{piece.Weight.Name}");
                    var (mean, deviation) = piece.Weight.Draw;
                    if (deviation == 0) values.AsSpan().Fill((float)mean);
                    else
                        for (int i = 0; i < piece.Count; i++)
                            values[i] = (float)(mean + deviation * NormalDeviates.At(key, piece.From + i));
                    writer.Write(piece.Weight.Name, piece.From, values.AsSpan(0, piece.Count));
                    return values;
                },
                _ => { });
            writer.Complete();
        }
        var hashes = new JsonObject(Files.Select(name => KeyValuePair.Create(name, (JsonNode?)Hash(Path.Combine(folder, name)))));
        File.WriteAllText(Path.Combine(folder, Manifest), hashes.ToJsonString());
    }

    static bool IsWhole(string folder)
    {
        try
        {
            string manifest = File.ReadAllText(Path.Combine(folder, Manifest));
            return JsonNode.Parse(manifest) is JsonObject hashes && Files.All(name =>
                hashes[name] is JsonValue hash && hash.TryGetValue(out string? stated) && stated == Hash(Path.Combine(folder, name)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }

    static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}

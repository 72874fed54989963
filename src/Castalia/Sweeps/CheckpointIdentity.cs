using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Runs;

namespace Castalia.Sweeps;

/// <summary>What of a checkpoint decides a result.</summary>
/// <param name="Hashes">SHA-256 of the tensors that the arithmetic reads, and of the files they lie in.</param>
/// <param name="Arithmetic">SHA-256 of the description as the arithmetic reads it, the activation being the config's.</param>
/// <param name="Tokenizer">SHA-256 of the tokenizer's files; "-" where there are none beside the weights.</param>
sealed record CheckpointIdentity(CheckpointHashes Hashes, string Arithmetic, string Tokenizer)
{
    /// <summary>Names and SHA-256 of its files of weights.</summary>
    public IEnumerable<string> Files => Hashes.Files.Select(file => $"{Path.GetFileName(file.Key)} {file.Value.Hash.Sha256}").Order(StringComparer.Ordinal);

    static readonly string[] s_tokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "tokenizer.model", "vocab.json", "merges.txt", "special_tokens_map.json", "added_tokens.json"];

    /// <summary>Reads every file once; the run need not read them again for its manifest.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="threads">Files hashed at a time.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static CheckpointIdentity Of(CheckpointSource source, int threads, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(source.Path);
        var architecture = ArchitectureReader.Read(checkpoint).With(GeluChoice.Config, checkpoint.Path);
        var weights = WeightMap.Bind(architecture, checkpoint);
        string arithmetic = ArithmeticHash.Of(DescriptionJson.Of(architecture, weights, checkpoint.Path));
        return new(CheckpointHashes.Of(checkpoint, WeightsLayout.Of(checkpoint, weights), threads, cancellation), arithmetic, TokenizerOf(checkpoint, cancellation));
    }

    /// <summary>The files as they lie beside the weights; a GGUF file holds its tokenizer in its metadata, and stands for it.</summary>
    static string TokenizerOf(Checkpoint checkpoint, CancellationToken cancellation)
    {
        if (checkpoint.Format == CheckpointFormat.Gguf) return Sha256.OfFile(checkpoint.Files[0].Path, cancellation);
        string[] files = [.. s_tokenizerFiles.Select(name => Path.Combine(checkpoint.Path, name)).Where(File.Exists)];
        return files.Length == 0 ? "-" : string.Join('+', files.Select(file => $"{Path.GetFileName(file)}:{Sha256.OfFile(file, cancellation)}"));
    }
}

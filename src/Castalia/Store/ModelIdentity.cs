using System.Text.Json.Nodes;
using Castalia.Runs;

namespace Castalia.Store;

/// <summary>By what a stored model's weights are known.</summary>
enum IdentityBasis
{
    /// <summary>By the tensors that the arithmetic reads.</summary>
    Tensors,
    /// <summary>By the files that hold them, in manifests that state no hash of the tensors.</summary>
    Files,
    /// <summary>By the model's name, in manifests that state neither.</summary>
    Name,
}

/// <summary>Which model it is, wherever its files lie and whatever they are called.</summary>
/// <remarks>
/// The weights are the model: names tell models apart only where a manifest states nothing better. One set of weights under two descriptions (another
/// rotary base, another GELU) gives other figures, so that the description, as far as the arithmetic reads it, stands beside them.
/// </remarks>
/// <param name="Weights">Hash of the weights; by name, the name.</param>
/// <param name="Arithmetic">Hash of the description: what is computed with the weights.</param>
/// <param name="Basis">By what the weights are known.</param>
sealed record ModelIdentity(string Weights, string Arithmetic, IdentityBasis Basis)
{
    const int ShownDigits = 8; // enough to tell models apart by eye; views and JSON have all

    /// <summary>The weights' first digits; by name, the name.</summary>
    public string ShortName => Digits(Weights);

    /// <summary>The first digits of a hash.</summary>
    public static string Digits(string hash) => hash[..Math.Min(ShownDigits, hash.Length)];

    /// <summary>The SHA-256 of the weights' tensors; null where it is not known.</summary>
    public string? WeightsSha256 => Basis == IdentityBasis.Tensors ? Weights : null;

    /// <summary>From what a manifest states of a model.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensors">Hash of its tensors; null where it states none.</param>
    /// <param name="files">Hash of the files that hold them; null where it states none.</param>
    /// <param name="description">The description.</param>
    internal static ModelIdentity Of(string name, string? tensors, string? files, JsonObject description) => new(
        tensors ?? files ?? name, ArithmeticHash.Of(description), tensors is not null ? IdentityBasis.Tensors : files is not null ? IdentityBasis.Files : IdentityBasis.Name);

    /// <summary>Models that are known by their files only, known by their tensors where another run of the same files states them.</summary>
    internal static IReadOnlyList<StoredRun> Resolved(IReadOnlyList<StoredRun> runs)
    {
        var known = runs.SelectMany(run => run.Models).Where(model => model.FilesSha256 is not null && model.Identity.Basis == IdentityBasis.Tensors)
            .GroupBy(model => model.FilesSha256!, StringComparer.Ordinal)
            .ToDictionary(files => files.Key, files => files.Select(model => model.Identity.Weights).Min(StringComparer.Ordinal)!, StringComparer.Ordinal);
        return [.. runs.Select(run => run with
        {
            Models = [.. run.Models.Select(model => model.Identity.Basis == IdentityBasis.Files && known.TryGetValue(model.FilesSha256!, out string? tensors)
                ? model with { Identity = model.Identity with { Weights = tensors, Basis = IdentityBasis.Tensors } }
                : model)],
        })];
    }
}

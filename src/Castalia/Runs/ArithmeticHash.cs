using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Castalia.Runs;

/// <summary>By what the arithmetic of a description is known.</summary>
static class ArithmeticHash
{
    // What a description says that changes no figure: what things are called, where they lie, how large they are, what was stated and not computed.
    static readonly HashSet<string> NotArithmetic =
    [
        "checkpoint", "title", "family", "config", "reference", "n_ctx", "stated_activation", "tied_unembedding", "defaults", "parameters", "bytes",
        "bytes_per_block", "dtypes", "notes", "name",
    ];

    /// <summary>SHA-256 of a description without what is not arithmetic: one line "path value" for each field, sorted, nulls left out.</summary>
    public static string Of(JsonObject description)
    {
        var lines = Lines(description, "").Order(StringComparer.Ordinal).Select(line => line + "\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    static IEnumerable<string> Lines(JsonNode? node, string path) => node switch
    {
        null => [],
        JsonObject json => json.Where(field => !NotArithmetic.Contains(field.Key)).SelectMany(field => Lines(field.Value, $"{path}.{field.Key}")),
        JsonArray list => list.SelectMany((item, i) => item is null ? [$"{path}[{i}] null"] : Lines(item, $"{path}[{i}]")),
        _ => [$"{path} {node.ToJsonString()}"],
    };
}

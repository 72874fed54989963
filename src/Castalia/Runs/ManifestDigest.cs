using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;

namespace Castalia.Runs;

/// <summary>The SHA-256 that manifest.json states of itself: of the file's bytes with "" in its place.</summary>
/// <remarks>
/// It shows that somebody edited or reformatted the file, not that nobody did: whoever wants to can compute it again.
/// To check it by hand: <c>sed 's/"manifest_sha256": "[0-9a-f]*"/"manifest_sha256": ""/' manifest.json | sha256sum</c>.
/// </remarks>
static class ManifestDigest
{
    /// <summary>Its key.</summary>
    public const string Key = "manifest_sha256";

    /// <summary>The file's text, with its digest as the last key.</summary>
    public static string Stamped(JsonObject manifest)
    {
        manifest[Key] = "";
        string text = manifest.ToJsonString(JsonFile.Readable) + "\n";
        return text.Replace(Entry(""), Entry(Of(text)), StringComparison.Ordinal);
    }

    /// <summary>Whether a file's text has the digest that it states.</summary>
    public static bool Holds(string text, string stated)
    {
        string[] parts = text.Split(Entry(stated));
        return parts.Length == 2 && Of(string.Join(Entry(""), parts)) == stated;
    }

    static string Entry(string digest) => $"\"{Key}\": \"{digest}\"";

    static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

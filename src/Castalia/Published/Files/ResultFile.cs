using System.Security.Cryptography;
using System.Text.Json;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Published.Files;

/// <summary>One result file of the study, read and hashed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="Root">What it holds.</param>
sealed record ResultFile(string Name, string Sha256, ResultField Root)
{
    /// <summary>Reads a file.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="name">Its name.</param>
    /// <param name="experiment">What its field <c>experiment</c> must say.</param>
    /// <exception cref="InputException">It is not there, not JSON, or of another experiment.</exception>
    public static ResultFile Read(string folder, string name, string experiment)
    {
        string path = Path.Combine(folder, name);
        if (!Path.Exists(path)) throw PublishedErrors.NoFile(folder, name);
        byte[] bytes = InputFile.Bytes(path);
        ResultField root;
        try
        {
            using var document = JsonFile.Parse(bytes);
            root = new(path, "", document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw PublishedErrors.NotJson(path, e);
        }
        string found = root["experiment"].Text();
        if (found != experiment) throw PublishedErrors.AnotherStudy(path, "experiment", found, experiment);
        return new(name, Convert.ToHexStringLower(SHA256.HashData(bytes)), root);
    }
}

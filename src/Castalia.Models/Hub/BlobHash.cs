using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Castalia.Hub;

/// <summary>The hash by which the hub and its cache know a file's contents: SHA-256 where it is in large file storage, else git's own SHA-1.</summary>
/// <param name="Hex">64 or 40 lower-case hexadecimal digits; the blob's name in the cache.</param>
sealed record BlobHash(string Hex)
{
    const int Sha1Digits = 40, Sha256Digits = 64;

    /// <summary>SHA-256, and not git's SHA-1.</summary>
    public bool IsSha256 => Hex.Length == Sha256Digits;

    /// <summary>"SHA-256" or "git SHA-1".</summary>
    public string Kind => IsSha256 ? "SHA-256" : "git SHA-1";

    /// <summary>Reads a hash, or an ETag that is one: quotes and a W/ before them are dropped.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out BlobHash? hash)
    {
        string hex = (text ?? "").Trim();
        if (hex.StartsWith("W/", StringComparison.Ordinal)) hex = hex[2..];
        hex = hex.Trim('"');
        hash = hex.Length is Sha1Digits or Sha256Digits && hex.All(char.IsAsciiHexDigitLower) ? new(hex) : null;
        return hash is not null;
    }

    /// <summary>Begins to hash contents of a known length, which git's hash begins with.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "git names its objects by SHA-1.")]
    public IncrementalHash Start(long bytes)
    {
        if (IsSha256) return IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var git = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        git.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {bytes}\0")));
        return git;
    }

    /// <summary>Whether everything that was hashed has this hash; ends the hashing.</summary>
    /// <param name="hashed">What <see cref="Start"/> began.</param>
    /// <param name="found">The hash it has, lower-case hexadecimal.</param>
    public bool Is(IncrementalHash hashed, out string found) => (found = Convert.ToHexStringLower(hashed.GetHashAndReset())) == Hex;
}

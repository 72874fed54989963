using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Castalia.Checkpoints;

namespace Castalia.Audit;

/// <summary>A tensor by what it is called and what it holds, wherever it is stored.</summary>
/// <param name="Name">Its name, without what a wrapper around the model added.</param>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">Lengths of its axes.</param>
/// <param name="File">Name of the file it is stored in, without the folder.</param>
/// <param name="IsWeight">The arithmetic reads it: it is no mask, table or buffer.</param>
/// <param name="Sha256">SHA-256 of its elements as stored, row-major without gaps; lower-case hexadecimal.</param>
sealed record TensorHash(string Name, DType DType, IReadOnlyList<long> Shape, string File, bool IsWeight, string Sha256)
{
    /// <summary>SHA-256 of the line "name type 3x4 sha256": equal for two tensors of one name, type, shape and content, and for no others.</summary>
    public string Identity { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{Name} {DType} {string.Join('x', Shape)} {Sha256}\n"))));

    /// <summary>It has two axes or more: training moves it at every step, where a gain or a bias may not have moved yet.</summary>
    public bool IsMatrix => Shape.Count(axis => axis > 1) >= 2;
}

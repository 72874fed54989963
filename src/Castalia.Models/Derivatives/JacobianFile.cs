using System.Runtime.InteropServices;
using Castalia.Checkpoints;

namespace Castalia.Derivatives;

/// <summary>Jacobians as a safetensors file, <c>p{prompt}.blocks.{layer}.jacobian</c>, [out × in], float64; it appears under its name when it is complete.</summary>
sealed class JacobianFile : IDisposable
{
    readonly SafetensorsWriter _file;

    /// <param name="path">Where.</param>
    /// <param name="prompts">How many prompts.</param>
    /// <param name="blocks">Of which blocks.</param>
    /// <param name="dModel">Width of the stream.</param>
    /// <exception cref="InputException">It cannot be written there.</exception>
    public JacobianFile(string path, int prompts, IReadOnlyList<int> blocks, int dModel) => _file = SafetensorsWriter.Create(
        path, [.. Enumerable.Range(0, prompts).SelectMany(p => blocks.Select(block => new SafetensorsEntry(NameOf(p, block), DType.F64, [dModel, dModel])))], null);

    static string NameOf(int prompt, int block) => FormattableString.Invariant($"p{prompt}.blocks.{block}.jacobian");

    /// <summary>Writes one.</summary>
    public void Write(int prompt, int block, double[] jacobian)
    {
        const int most = 1 << 20; // values at a time
        for (int at = 0; at < jacobian.Length; at += most)
            _file.WriteStored(NameOf(prompt, block), at, MemoryMarshal.AsBytes(jacobian.AsSpan(at, Math.Min(most, jacobian.Length - at))));
    }

    /// <summary>Gives the file its name.</summary>
    public void Complete() => _file.Complete();

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

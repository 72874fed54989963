using Castalia.Benchmarks.Synthetic;
using Castalia.Checkpoints;

namespace Castalia.Benchmarks.Models;

/// <summary>A synthetic checkpoint that is deleted after its use, also after an interruption.</summary>
sealed class TemporaryCheckpoint : IDisposable
{
    /// <summary>Writes it, float16.</summary>
    public TemporaryCheckpoint(PythiaShape shape, string parent, CancellationToken cancellation)
    {
        Folder = Path.Combine(parent, $"castalia-{shape.Name}-{Guid.NewGuid():N}");
        try
        {
            SyntheticCheckpoint.Write(shape, Folder, DType.F16, cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Its folder.</summary>
    public string Folder { get; }

    /// <summary>Its files of weights.</summary>
    public string[] Files => Directory.GetFiles(Folder, "*.safetensors");

    public void Dispose()
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }
}

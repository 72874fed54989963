using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Residual;

namespace Castalia.Runs;

/// <summary>Readings in a file of this process alone, where memory has no room for those of all prompts: set down as they come, read back one prompt at a time.</summary>
/// <remarks>As they lie in memory: the file is read by the process that wrote it, and removed at its end.</remarks>
sealed class ReadingsSpill : ReadingsStore, IDisposable
{
    readonly FileStream _file;
    readonly List<long> _starts = [];
    readonly Lock _reading = new();
    (int Index, PromptReadings? Readings) _last = (-1, null);

    /// <param name="path">Where; not there yet.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public ReadingsSpill(string path) => _file = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);

    /// <inheritdoc/>
    public override int Count => _starts.Count;

    /// <inheritdoc/>
    public override PromptReadings this[int index]
    {
        get
        {
            lock (_reading)
            {
                if (_last.Index == index) return _last.Readings!;
                var readings = Read(_starts[index]);
                _last = (index, readings);
                return readings;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">There is no room for them.</exception>
    public override void Add(IReadOnlyList<PromptReadings> portion)
    {
        lock (_reading)
        {
            try
            {
                foreach (var readings in portion)
                {
                    _starts.Add(_file.Seek(0, SeekOrigin.End));
                    Write(readings);
                }
                _file.Flush();
            }
            catch (Exception e) when (Unfinished.IsOfDisk(e))
            {
                throw new InputException(
                    $"Readings of finished prompts, for which --memory leaves no room, cannot be set down: {Unfinished.Why(e)}", Path.GetDirectoryName(_file.Name)!,
                    "Name a folder with room in it by --out, or allow more by --memory.", e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    void Write(PromptReadings readings)
    {
        Span<int> head = [readings.Tokens, readings.Blocks.Length, readings.Lens is null ? 0 : 1];
        _file.Write(MemoryMarshal.AsBytes(head));
        foreach (var block in readings.Blocks) _file.Write(MemoryMarshal.AsBytes(block.AsSpan()));
        _file.Write(MemoryMarshal.AsBytes(readings.FinalNorm.AsSpan()));
        _file.Write(Bytes(readings.Outputs));
        foreach (var layer in readings.Lens ?? []) _file.Write(Bytes(layer));
    }

    PromptReadings Read(long start)
    {
        _file.Seek(start, SeekOrigin.Begin);
        Span<int> head = stackalloc int[3];
        _file.ReadExactly(MemoryMarshal.AsBytes(head));
        var (tokens, layers, hasLens) = (head[0], head[1], head[2] != 0);
        var blocks = new BlockReading[layers][];
        for (int layer = 0; layer < layers; layer++) _file.ReadExactly(MemoryMarshal.AsBytes((blocks[layer] = new BlockReading[tokens]).AsSpan()));
        double[] finalNorm = new double[tokens];
        _file.ReadExactly(MemoryMarshal.AsBytes(finalNorm.AsSpan()));
        return new() { Tokens = tokens, Blocks = blocks, FinalNorm = finalNorm, Outputs = Outputs(), Lens = hasLens ? [.. Enumerable.Range(0, layers).Select(_ => Outputs())] : null };

        OutputReading?[] Outputs()
        {
            var outputs = new OutputReading?[tokens];
            _file.ReadExactly(Bytes(outputs));
            return outputs;
        }
    }

    static Span<byte> Bytes(OutputReading?[] outputs) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<OutputReading?, byte>(ref MemoryMarshal.GetArrayDataReference(outputs)), outputs.Length * Unsafe.SizeOf<OutputReading?>());
}

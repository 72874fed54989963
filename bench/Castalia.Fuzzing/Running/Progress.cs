using System.IO.MemoryMappedFiles;

namespace Castalia.Fuzzing.Running;

/// <summary>The case a worker is at, where it can be read when the worker has died or does not answer.</summary>
sealed class Progress : IDisposable
{
    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;

    public Progress(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, 2 * sizeof(long));
        _view = _file.CreateViewAccessor();
    }

    /// <summary>The case, and when it was begun; no case: −1.</summary>
    public (long Number, DateTime Begun) At
    {
        get => (_view.ReadInt64(0), new(_view.ReadInt64(8), DateTimeKind.Utc));
        set
        {
            _view.Write(8, value.Begun.Ticks);
            _view.Write(0, value.Number);
        }
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}

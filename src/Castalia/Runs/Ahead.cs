using System.Runtime.ExceptionServices;

namespace Castalia.Runs;

/// <summary>Work begun on a thread of its own before its result is needed.</summary>
/// <remarks>Disposal waits for its end, so that what it reads from outlives it, and passes over what it threw.</remarks>
sealed class Ahead<T> : IDisposable
{
    readonly Thread _thread;
    T? _result;
    ExceptionDispatchInfo? _failure;

    /// <summary>Begins.</summary>
    public Ahead(string name, Func<T> work)
    {
        _thread = new Thread(() =>
        {
            try
            {
                _result = work();
            }
#pragma warning disable CA1031 // handed on to whoever asks for the result
            catch (Exception e)
#pragma warning restore CA1031
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Waits, and gives the result or throws what the work threw.</summary>
    public T Result()
    {
        _thread.Join();
        _failure?.Throw();
        return _result!;
    }

    /// <inheritdoc/>
    public void Dispose() => _thread.Join();
}

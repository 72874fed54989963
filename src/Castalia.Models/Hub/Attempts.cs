using Castalia.Errors;

namespace Castalia.Hub;

/// <summary>A fault that may pass: the connection, or a server that is overloaded.</summary>
/// <param name="error">What to tell if it does not.</param>
/// <param name="asked">How long the server asked to wait; null where it did not.</param>
sealed class PassingFault(InputException error, TimeSpan? asked = null) : Exception(error.Message, error)
{
    public InputException Error { get; } = error;
    public TimeSpan? Asked { get; } = asked;
}

/// <summary>Counts failed attempts in a row, and waits between them.</summary>
/// <param name="settings">The first pause.</param>
/// <param name="say">Told before every wait.</param>
sealed class Attempts(HubSettings settings, Action<string> say)
{
    const int Most = 5;
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5); // the window of the hub's own limits

    int _failed;

    /// <summary>Something has arrived: failures are counted anew.</summary>
    public void Progressed() => _failed = 0;

    /// <inheritdoc cref="Until{T}"/>
    public Task Until(Func<Task> attempt, CancellationToken cancellation) => Until(async () =>
    {
        await attempt();
        return true;
    }, cancellation);

    /// <summary>Does something until it succeeds, fails for good, or has failed too often in a row.</summary>
    /// <exception cref="InputException">What the last fault had to tell.</exception>
    public async Task<T> Until<T>(Func<Task<T>> attempt, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (PassingFault fault)
            {
                if (++_failed > Most) throw fault.Error;
                var pause = fault.Asked ?? settings.FirstPause * Math.Pow(2, _failed - 1);
                if (pause > LongestWait) throw HubErrors.AskedToWait(fault.Error, pause);
                say(FormattableString.Invariant($"{fault.Error.Cause} Attempt {_failed + 1} of {Most + 1} in {pause.TotalSeconds:0.#} s."));
                await Task.Delay(pause, cancellation);
            }
        }
    }
}

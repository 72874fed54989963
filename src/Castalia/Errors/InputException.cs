namespace Castalia.Errors;

/// <summary>A failure the reader can act on: what is wrong, where, and what to do next.</summary>
/// <remarks>For bad input only. A broken invariant of ours is an ordinary exception with a stack trace.</remarks>
public sealed class InputException : Exception
{
    /// <summary>Builds the three-line message shown as is on standard error.</summary>
    public InputException(string cause, string place, string remedy, Exception? inner = null)
        : base($"{cause}\n  where: {place}\n  to do: {remedy}", inner)
    {
        Cause = cause;
        Place = place;
        Remedy = remedy;
    }

    /// <summary>What is wrong, with the offending value quoted.</summary>
    public string Cause { get; }

    /// <summary>The file and the line, key, tensor or byte in it.</summary>
    public string Place { get; }

    /// <summary>What the reader can do next.</summary>
    public string Remedy { get; }
}

using Castalia.Errors;

namespace Castalia;

/// <summary>A failure the reader can act on: what is wrong, where, and what to do next.</summary>
/// <remarks>
/// For bad input only. A broken invariant of ours is an ordinary exception with a stack trace.
/// Each part is one line that a terminal can show as it is, and the three together are no longer than a screen of 24 lines of 80 characters,
/// whatever they quote.
/// </remarks>
public sealed class InputException : Exception
{
    const int LongestPart = 600;

    /// <summary>Builds the three-line message shown as is on standard error.</summary>
    internal InputException(string cause, string place, string remedy, Exception? inner = null)
        : this((Printable.Of(cause, LongestPart), Printable.Of(place, LongestPart), Printable.Of(remedy, LongestPart)), inner)
    {
    }

    InputException((string Cause, string Place, string Remedy) parts, Exception? inner)
        : base($"{parts.Cause}\n  where: {parts.Place}\n  to do: {parts.Remedy}", inner)
    {
        (Cause, Place, Remedy) = parts;
    }

    /// <summary>What is wrong, with the offending value quoted.</summary>
    public string Cause { get; }

    /// <summary>The file and the line, key, tensor or byte in it.</summary>
    public string Place { get; }

    /// <summary>What the reader can do next.</summary>
    public string Remedy { get; }

    /// <summary>What a program may want of it beside the words; null for most.</summary>
    internal object? Detail { get; init; }
}

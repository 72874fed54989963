using Castalia.Errors;

namespace Castalia.Cli;

/// <summary>Results, on standard output.</summary>
static class Output
{
    /// <summary>Writes text as it is.</summary>
    /// <exception cref="InputException">Standard output takes no more: a full disk, or closed.</exception>
    public static void Write(string text)
    {
        try
        {
            Console.Out.Write(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The results cannot be written: {e.Message}", "standard output", "Send it to a file or a pipe that has room.", e);
        }
    }
}

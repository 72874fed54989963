using Castalia.Errors;
using Castalia.Reports.Pages;

namespace Castalia.Cli;

/// <summary>Results, on standard output.</summary>
static class Output
{
    /// <summary>Writes a page or JSON: what came from files cannot steer the terminal. Inside a JSON string the escapes stand for the same characters.</summary>
    /// <exception cref="InputException">Standard output takes no more: a full disk, or closed.</exception>
    public static void Write(string text) => Exactly(Printable.Lines(text));

    /// <summary>Writes a page, headings in bold where the terminal may be told so.</summary>
    /// <exception cref="InputException">Standard output takes no more: a full disk, or closed.</exception>
    public static void Page(Page page)
    {
        bool hasColour = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
        Exactly(TerminalPrinter.Of(page, Terminal.Width, hasColour));
    }

    /// <summary>Writes text as it is: for programs that read it, as CSV, which has no escapes.</summary>
    /// <exception cref="InputException">Standard output takes no more: a full disk, or closed.</exception>
    public static void Exactly(string text)
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

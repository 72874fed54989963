using Castalia.Errors;
using Castalia.Reports;
using Castalia.Wording;

namespace Castalia.Cli;

/// <summary>What is said beside the results, on standard error.</summary>
static class Messages
{
    const int Longest = 1200; // two thirds of a screen

    /// <summary>Says something in one line; names from files in it cannot steer the terminal or fill the screen.</summary>
    public static void Say(string message) => Lines($"castalia: {Printable.Of(message, Longest)}");

    /// <summary>Prints lines that are printable already; on a terminal each is broken at spaces where it is longer than the terminal is wide.</summary>
    public static void Lines(string text) => Console.Error.WriteLine(Console.IsErrorRedirected ? text : Wrapped.Lines(text, Terminal.ErrorWidth));
}

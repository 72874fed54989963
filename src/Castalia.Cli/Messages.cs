using Castalia.Errors;

namespace Castalia.Cli;

/// <summary>What is said beside the results, on standard error.</summary>
static class Messages
{
    const int Longest = 1200; // two thirds of a screen

    /// <summary>Says something in one line; names from files in it cannot steer the terminal or fill the screen.</summary>
    public static void Say(string message) => Console.Error.WriteLine($"castalia: {Printable.Of(message, Longest)}");
}

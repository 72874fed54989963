using Castalia.Reports;

namespace Castalia.Cli;

/// <summary>Where standard output goes.</summary>
static class Terminal
{
    public const int Narrow = 80;

    /// <summary>Columns that tables and charts may fill: the terminal's, at least 80; 80 in a pipe. Prose keeps to <see cref="Wrapped.Widest"/>.</summary>
    public static int Width => Console.IsOutputRedirected ? Narrow : Math.Max(Console.WindowWidth, Narrow);
}

namespace Castalia.Cli;

/// <summary>Where standard output goes.</summary>
static class Terminal
{
    public const int Narrow = 80;

    const int Wide = 120;

    /// <summary>Columns to fill: the terminal's, from 80 to 120; 80 in a pipe.</summary>
    public static int Width => Console.IsOutputRedirected ? Narrow : Math.Clamp(Console.WindowWidth, Narrow, Wide);
}

using System.Runtime.InteropServices;
using Castalia.Reports;
using Castalia.Wording;

namespace Castalia.Cli;

/// <summary>Where standard output and standard error go.</summary>
static partial class Terminal
{
    public const int Narrow = 80;

    const int Narrowest = 40; // below that nothing can be laid out

    /// <summary>Columns that tables and charts may fill: the terminal's; 80 in a pipe. Prose keeps to <see cref="Wrapped.Widest"/>.</summary>
    public static int Width => Console.IsOutputRedirected ? Narrow : Possible(Console.WindowWidth);

    /// <summary>Columns of the terminal that standard error goes to.</summary>
    public static int ErrorWidth => Possible(
        Console.IsOutputRedirected && OperatingSystem.IsLinux() && GetWindowSize(StandardError, LinuxGetWindowSize, out var size) == 0 ? size.Columns : Console.WindowWidth);

    /// <summary>Rows of that terminal; 0 where it does not know.</summary>
    public static int ErrorHeight => Console.IsOutputRedirected && OperatingSystem.IsLinux() && GetWindowSize(StandardError, LinuxGetWindowSize, out var size) == 0 ? size.Rows : Console.WindowHeight;

    /// <summary>A width to lay out for; a terminal that does not know its own says 0.</summary>
    static int Possible(int columns) => columns <= 0 ? Narrow : Math.Max(columns, Narrowest);

    const int StandardError = 2;
    const nuint LinuxGetWindowSize = 0x5413; // TIOCGWINSZ

    /// <summary>struct winsize.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct WindowSize
    {
        public ushort Rows, Columns, Width, Height;
    }

    /// <summary>The runtime asks for the size by standard output alone.</summary>
    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int GetWindowSize(int file, nuint request, out WindowSize size);
}

using System.Runtime.CompilerServices;
using System.Text;
using Castalia.Cli;
using Castalia.Cli.Verbs;

namespace Castalia.Tests.Verbs;

/// <summary>The command without a process for each: its first second is spent compiling what this process has compiled already.</summary>
static class InProcess
{
    static readonly Lock s_one = new(); // the verbs' options are built once and given to every command line that is built

    static readonly Routed s_output = new(Console.Out), s_error = new(Console.Error);

    /// <summary>Whether pages are laid out as for a pipe, which commands of their own have.</summary>
    static readonly bool s_isPiped = Console.IsOutputRedirected && Console.IsErrorRedirected;

    /// <summary>Whether it can be run here: help says what the process is called, and the version is asked of the process.</summary>
    public static bool Runs(string[] args) => s_isPiped && args.Length > 0 && !args[0].StartsWith('-') && args[0] != "help" && !args.Contains("--help");

    /// <summary>Exit code and what was written to either stream.</summary>
    public static (int Code, string Output, string Error) Run(string[] args)
    {
        lock (s_one)
        {
            var (output, error) = (new StringWriter(), new StringWriter());
            using var toOutput = s_output.To(TextWriter.Synchronized(output));
            using var toError = s_error.To(TextWriter.Synchronized(error));
            return (CommandLine.Run(args), output.ToString(), error.ToString());
        }
    }

    /// <summary>What the command line has against these words, which are not carried out; null where it takes them.</summary>
    public static string? Fault(string[] args)
    {
        lock (s_one)
        {
            string[] words = args[0] == HelpVerb.Name ? HelpVerb.AsOption(args) : args;
            var root = CommandLine.Root(words[0]);
            return Usage.Unknown(root, words) ?? (root.Parse(words).Errors is [var first, ..] ? first.Message : null);
        }
    }

    [ModuleInitializer]
    internal static void Route()
    {
        Environment.SetEnvironmentVariable("CASTALIA_THREADS", null);
        if (!s_isPiped) return;
        Console.SetOut(s_output);
        Console.SetError(s_error);
    }

    /// <summary>Writes to where the flow of control that writes was told to, and to the stream itself where it was not.</summary>
    sealed class Routed(TextWriter outer) : TextWriter
    {
        readonly AsyncLocal<TextWriter?> _own = new();

        public override Encoding Encoding => outer.Encoding;

        TextWriter Target => _own.Value ?? outer;

        public IDisposable To(TextWriter writer)
        {
            _own.Value = writer;
            return new Back(this);
        }

        public override void Write(char value) => Target.Write(value);

        public override void Write(string? value) => Target.Write(value);

        public override void Write(char[] buffer, int index, int count) => Target.Write(buffer, index, count);

        public override void Flush() => Target.Flush();

        sealed class Back(Routed routed) : IDisposable
        {
            public void Dispose() => routed._own.Value = null;
        }
    }
}

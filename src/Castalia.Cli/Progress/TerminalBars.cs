using Castalia.Conversion;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Runs;
using Spectre.Console;

namespace Castalia.Cli.Progress;

/// <summary>Progress on a terminal: a bar for each model, removed at the end.</summary>
static class TerminalBars
{
    const int LongestName = 60, LongestMessage = 1200;

    /// <summary>Runs work under the bars.</summary>
    public static void Run(Action<ProgressSink> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 }, new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new ProgressSink(
                message => console.MarkupLineInterpolated($"castalia: {Printable.Of(message, LongestMessage)}"),
                name =>
                {
                    var task = context.AddTask(Shown(name));
                    return new Immediate<MeasureProgress>(p =>
                    {
                        // One step more than blocks: the unembedding.
                        task.MaxValue = p.Blocks + 1;
                        task.Value = p.Block;
                        task.Description = $"{Shown(name)}: {Amount.Of(p)}";
                    });
                },
                name =>
                {
                    var task = context.AddTask(Shown(name));
                    return new Immediate<PullProgress>(p =>
                    {
                        task.MaxValue = Math.Max(1, p.TotalBytes);
                        task.Value = p.TotalBytes == 0 ? 1 : p.Bytes;
                        task.Description = $"{Shown(name)}: {Amount.Of(p)}";
                    });
                },
                name =>
                {
                    var task = context.AddTask(Shown(name));
                    return new Immediate<ConvertProgress>(p =>
                    {
                        task.MaxValue = Math.Max(1, 2 * p.TotalBytes); // written, then read back
                        task.Value = p.Bytes + (p.Checking ? p.TotalBytes : 0);
                        task.Description = $"{Shown(name)}: {Amount.Of(p)}";
                    });
                },
                name =>
                {
                    var task = context.AddTask(Markup.Escape(name));
                    return new Immediate<HashProgress>(p =>
                    {
                        task.MaxValue = Math.Max(1, p.TotalBytes);
                        task.Value = p.Bytes;
                        task.Description = Markup.Escape($"{name}: {Amount.Of(p)}");
                    });
                })));
    }

    static string Shown(string name) => Markup.Escape(Printable.Of(name, LongestName));
}

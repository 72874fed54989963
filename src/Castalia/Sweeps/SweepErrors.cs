using Castalia.Errors;

namespace Castalia.Sweeps;

/// <summary>What can be wrong with a sweep.</summary>
static class SweepErrors
{
    /// <summary>A name whose braces cannot be read.</summary>
    public static InputException Pattern(string place, string pattern, string why) => new(
        $"'{pattern}' {why}.", place, "Write {a,b}, {1..512}, which doubles, or {1000..143000..1000}, which goes by a step; docs/sweeps.md describes it.");

    /// <summary>More cells than can be kept in order.</summary>
    public static InputException TooMany(string place, long cells, int most) => new(
        FormattableString.Invariant($"The plan has {cells} cells or more; at most {most} are planned."), place, "Part it into several plans.");

    /// <summary>More tasks than a plan has.</summary>
    public static InputException TooManyTasks(string place, int tasks, int most) => new(
        FormattableString.Invariant($"The plan has {tasks} tasks or more for each checkpoint; at most {most} are planned."), place, "Part it into several plans.");

    /// <summary>A pattern that stands for more text than its names can have.</summary>
    public static InputException TooLong(string place, string pattern, int most) => new(
        FormattableString.Invariant($"The names of '{pattern}' have more than {most} characters, with those of the patterns before it."), place, "Part the plan into several, or write shorter names.");

    /// <summary>Revisions of what has none.</summary>
    public static InputException RevisionsOfPath(string place, string model) => new(
        $"'{model}' is a path, which has no revisions.", place, "Write {revision} where the revision stands in the path, or leave 'revisions' out.");

    /// <summary>A place for revisions, and none given.</summary>
    public static InputException NoRevisions(string place, string model) => new(
        $"'{model}' has {{revision}} in it, and no revisions are given.", place, "Add 'revisions', or write the path itself.");

    /// <summary>A revision in both places.</summary>
    public static InputException RevisionTwice(string place, string model) => new($"'{model}' names a revision, and 'revisions' is given too.", place, "Leave one of them out.");

    /// <summary>Neither a path nor a name on the hub.</summary>
    public static InputException NoModel(string place, string model) => new(
        $"'{model}' is neither a path that exists nor a name on the hub.", place, "Write a path, or owner/name.");

    /// <summary>Nothing there of what was asked for.</summary>
    public static InputException NonePresent(string place, string model, string where) => new(
        $"Of '{model}' no revision is there.", $"{place}; {where}", "Name the revisions, or fetch some by castalia pull.");

    /// <summary>An option of another verb.</summary>
    public static InputException NotOfVerb(string place, string key, string verb, IEnumerable<string> verbs) => new(
        $"'{key}' is no option of {verb}.", place, $"It is one of {string.Join(", ", verbs)}.");

    /// <summary>Checkpoints, and only twins as tasks.</summary>
    public static InputException NoTask(string place) => new("The plan has checkpoints, and no task that reads one.", place, "Leave 'checkpoints' out, or add a task: twins train their own networks.");

    /// <summary>Two studies of one folder.</summary>
    public static InputException StudyTwice(string place, string study, string folder) => new(
        $"The study '{study}' would be written to {folder}, as another of the plan.", place, "Give each study a name of its own, in its plan's 'name'.");

    /// <summary>Networks that are not there for the tables over them.</summary>
    public static InputException NoNetworks(string study, int failed, int of) => new(
        FormattableString.Invariant($"{failed} of {of} networks of '{study}' failed, so that there are no tables over all of them."), study, "See to the networks, then castalia sweep retry, without a cell's name.");

    /// <summary>Blocks that cannot be read.</summary>
    public static InputException Blocks(string place, string text) => new($"'blocks' is '{text}'.", place, "Write last, all, or indices from 0 with commas between them.");

    /// <summary>A file that the plan names is none.</summary>
    public static InputException Named(string place, InputException why) => new(why.Cause, $"{place}; {why.Place}", why.Remedy, why);

    /// <summary>No sweep in a folder.</summary>
    public static InputException NoSweep(string folder) => new("There is no sweep in this folder.", folder, "Name the folder that castalia sweep was given by --out.");

    /// <summary>A list of cells that cannot be read.</summary>
    public static InputException BadList(string file, Exception why) => new($"The list of planned cells cannot be read: {why.Message}", file, "Remove it; castalia sweep with its plan writes it again.", why);

    /// <summary>The disk refuses.</summary>
    public static InputException NotWritable(string folder, Exception why) => new(
        $"The sweep cannot be written: {why.Message}", folder, "Make room, or see that you may write there; the same command goes on from what is complete.", why);

    /// <summary>A result that was written and is not there.</summary>
    public static InputException NotKept(string cell, string path) => new(
        $"The result of a cell was written, and is not there any more: {cell}.", path, "See that nobody removes results while a sweep is at work, and that the folder shows what was written to it; the same command goes on.");

    /// <summary>No failed cell of a name.</summary>
    public static InputException NoSuchFailure(string cell, string folder) => new($"No failed cell is called '{cell}'.", folder, "castalia sweep status lists them.");

    /// <summary>A checkpoint beyond what may be kept.</summary>
    public static InputException BeyondDisk(string checkpoint, long bytes, long most) => new(
        FormattableString.Invariant($"It takes {bytes} bytes on disk; --disk allows {most}."), checkpoint, "Allow more by --disk, or leave it out of the plan.");

    /// <summary>Checkpoints that are needed at once, beyond what may be kept.</summary>
    public static InputException BeyondDiskTogether(string checkpoint, long bytes, long most) => new(
        FormattableString.Invariant($"With those that it is compared with it takes {bytes} bytes on disk; --disk allows {most}."), checkpoint, "Allow more by --disk, or name fewer revisions: an audit needs all of them at once.");

    /// <summary>Workers that end in the middle of a cell, again and again.</summary>
    public static InputException Deadly(string cell, int deaths) => new(
        FormattableString.Invariant($"{deaths} workers died while they computed it, perhaps for want of memory."), cell,
        "Give a machine with more memory, then castalia sweep retry.");
}

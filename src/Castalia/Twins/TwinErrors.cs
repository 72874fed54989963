using Castalia.Errors;

namespace Castalia.Twins;

/// <summary>What can be wrong with a plan.</summary>
static class TwinErrors
{
    /// <summary>A factor in base and among those crossed.</summary>
    public static InputException Twice(string place, string factor) => new($"'{factor}' is crossed, and set in 'base' too.", place, "Leave one of them out.");

    /// <summary>A level given twice.</summary>
    public static InputException LevelTwice(string place, string factor, string value) => new($"'{factor}' has the level '{value}' twice.", place, "Write each level once.");

    /// <summary>More networks than anyone waits for.</summary>
    public static InputException TooMany(string place, long twins, int most) => new(
        FormattableString.Invariant($"The plan has {twins} networks or more; at most {most} are trained."), place, "Cross fewer factors, or fewer levels.");

    /// <summary>A warm-up that does not end.</summary>
    public static InputException WarmUp(string place, int warmUp, int steps) => new(
        FormattableString.Invariant($"A warm-up of {warmUp} steps does not end within {steps}."), place, "Write a warm_up of at most steps.");

    /// <summary>Seeds where both are set.</summary>
    public static InputException SeedsTwice(string place) => new("'seeds' has nothing to set: weight_seed and data_seed are set by themselves.", place, "Leave one of the three out.");

    /// <summary>A factor of the language where there is none.</summary>
    public static InputException NoLanguage(string place, string factor) => new(
        $"'{factor}' is of the language, and the plan trains on a corpus.", place, "Leave it out, or the corpus.");

    /// <summary>A vocabulary that the tokenizer does not fit in.</summary>
    public static InputException VocabularyTooSmall(string place, int vocabulary, string tokenizer, int ids) => new(
        FormattableString.Invariant($"A vocabulary of {vocabulary} has no row for the token ids up to {ids - 1} of {tokenizer}."), place,
        FormattableString.Invariant($"Leave 'vocabulary' out: it is {ids} then."));

    /// <summary>Networks too large for the machine.</summary>
    public static InputException TooLittleMemory(string plan, string needs, string available) => new(
        $"The largest network of the plan needs about {needs} of memory while it is trained; {available} are available.", plan,
        "Write a smaller batch, fewer tokens, or smaller networks; or use a machine with more memory.");

    /// <summary>Some networks of several.</summary>
    public static InputException SomeFailed(IReadOnlyList<(Twin Twin, InputException Why)> failed, int of, string folder)
    {
        const int named = 3;
        string some = string.Join(" ", failed.Take(named).Select(one => $"{one.Twin.Name}: {one.Why.Cause}")), more = failed.Count > named ? FormattableString.Invariant($" And {failed.Count - named} more.") : "";
        return new(
            FormattableString.Invariant($"{failed.Count} of {of} networks could not be trained and measured. {some}{more}"), failed.Count == 1 ? failed[0].Why.Place : folder,
            $"{failed[0].Why.Remedy} The other networks are complete.", failed[0].Why);
    }

    /// <summary>A name that no plan has.</summary>
    public static InputException NoSuchPlan(string name, string? nearest, IEnumerable<string> known) => new(
        $"There is no plan '{name}'.", "castalia twins", nearest is null ? $"Name a file PLAN.yaml, or one that ships: {string.Join(", ", known)}." : $"Did you mean '{nearest}'? 'castalia twins --results' lists those that ship.");

    /// <summary>A study without its table.</summary>
    public static InputException NoTable(string path, Exception why) => new(
        "There are no networks of a study.", path, "Name the folder that 'castalia twins PLAN --out DIR' filled; networks.csv is written when its last network is measured.", why);

    /// <summary>Another header.</summary>
    public static InputException OtherColumns(string file) => new(
        "The first line does not name the columns of a study's networks.", file, "Take the file as 'castalia twins' of this version wrote it; docs/twins.md has the columns.");

    /// <summary>A row of another length.</summary>
    public static InputException OtherFields(string place, int there, int expected) => new(
        FormattableString.Invariant($"There are {there} fields in place of {expected}."), place, "Take the file as 'castalia twins' wrote it.");

    /// <summary>A field of another type, or empty.</summary>
    public static InputException NotOfType(string place, string column, string field, string type) => new(
        $"'{column}' is '{field}', no {type}.", place, "Take the file as 'castalia twins' wrote it.");

    /// <summary>Quotes that do not pair.</summary>
    public static InputException Quotes(string place) => new("The quotation marks of a field do not pair.", place, "Take the file as 'castalia twins' wrote it.");

    /// <summary>A table of nothing.</summary>
    public static InputException NoNetworks(string file) => new("The study has no networks.", file, "Take the file as 'castalia twins' wrote it.");

    /// <summary>Networks of two plans.</summary>
    public static InputException TwoPlans(string file, string one, string other) => new($"Networks of two plans stand together: '{one}' and '{other}'.", file, "Keep a file for each.");

    /// <summary>The disk refuses a small file.</summary>
    public static InputException NotWritable(string folder, Exception why) => new(
        $"The study cannot be written: {why.Message}", folder, "Make room, or name another folder by --out; the same command goes on from what is complete.", why);

    /// <summary>A line between seeds where there is one.</summary>
    public static InputException NoPair(string place) => new("'interpolate' needs two seeds at least.", place, "Write seeds: 2 or more, or leave interpolate out.");

    /// <summary>The cache refuses the shipped networks.</summary>
    public static InputException NoCache(string folder, Exception why) => new(
        $"The built-in twins cannot be kept in the cache: {why.Message}", folder, "Set XDG_CACHE_HOME to a writable folder with 100 MB of room, or name a checkpoint.", why);

    /// <summary>No place to train them again.</summary>
    public static InputException NoScratch(string folder, Exception why) => new($"The built-in twins cannot be trained again: {why.Message}", folder, "Set TMPDIR to a writable folder.", why);

    /// <summary>Networks that come out otherwise than shipped.</summary>
    public static InputException NotTheSame(IReadOnlyList<VerifiedTwin> different, int of) => new(
        FormattableString.Invariant($"{different.Count} of {of} shipped networks came out otherwise when trained again: {string.Join(", ", different.Select(twin => twin.Shipped.Name))}."),
        "weights.sha256 of the shipped twins", "Training gives the same bits on every machine, so the package or the machine is not as it should be: install it anew, and report it where that does not help.");
}

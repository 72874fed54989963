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
}

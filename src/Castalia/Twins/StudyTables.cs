using Castalia.Checkpoints;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>The tables in the folder of a study, which are of the plan that <c>study.txt</c> there names by its hash, and of no other.</summary>
static class StudyTables
{
    const string Marker = "study.txt";

    static readonly string[] s_tables = [TwinTable.FileName, TwinCurves.FileName, TwinInterpolation.FileName];

    /// <summary>Before a study is carried out: removes tables of another plan, of another corpus, or with intervals of another seed. Networks and runs stay.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="corpus">What it trains on; null for the language.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="folder">The study's folder.</param>
    /// <param name="say">Told what is removed.</param>
    /// <exception cref="InputException">The disk refuses it.</exception>
    public static void Begin(TwinPlan plan, Corpus? corpus, long seed, string folder, Action<string> say)
    {
        string marker = Path.Combine(folder, Marker), key = Key(plan, corpus, seed);
        try
        {
            if (File.Exists(marker) && File.ReadAllText(marker).Trim() == key) return;
            string[] stale = [.. s_tables.Where(table => File.Exists(Path.Combine(folder, table)))];
            foreach (string table in stale) File.Delete(Path.Combine(folder, table));
            if (stale.Length > 0) say($"removed {string.Join(", ", stale)} of another plan or seed from {folder}");
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw TwinErrors.NotWritable(folder, e);
        }
        WholeFile.Write(marker, key + "\n");
    }

    /// <summary>SHA-256 of all that decides the tables.</summary>
    static string Key(TwinPlan plan, Corpus? corpus, long seed) => Recipes.Hash(string.Join('\n',
    [
        plan.Name, FormattableString.Invariant($"{plan.Interpolate} {seed}"), .. plan.Twins.Select(twin => $"{twin.Name} {Recipes.Hash(twin, corpus)}"),
    ]));
}

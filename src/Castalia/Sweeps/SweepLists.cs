using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Castalia.Runs;

namespace Castalia.Sweeps;

/// <summary>The lists of planned cells in a sweep's folder, one for each plan, a line for each cell.</summary>
static class SweepLists
{
    /// <summary>Writes a plan's list, where it is not there.</summary>
    public static void Write(SweepFolder folder, SweepPlan plan)
    {
        string path = Path.Combine(folder.Plans, $"{ModelNames.ForFolder(plan.Name)}-{KeyOf(plan)}.jsonl");
        if (File.Exists(path)) return;
        var text = new StringBuilder();
        foreach (var cell in plan.Cells)
            text.Append(JsonSerializer.Serialize(new PlannedCell(cell.Key, cell.Named, cell.Doing, cell.Place), SweepFilesJson.Default.PlannedCell)).Append('\n');
        folder.Write(path, text.ToString());
    }

    /// <summary>What plans of the same cells share: digits of a hash of their names.</summary>
    public static string KeyOf(SweepPlan plan) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', plan.Cells.Select(cell => cell.Key)))))[..CellKey.Digits];

    /// <summary>Every cell of every plan, once.</summary>
    /// <exception cref="InputException">There is no sweep; a list cannot be read.</exception>
    public static IReadOnlyList<PlannedCell> Read(SweepFolder folder)
    {
        if (!folder.Exists) throw SweepErrors.NoSweep(folder.Path);
        var cells = new Dictionary<string, PlannedCell>(StringComparer.Ordinal);
        foreach (string name in SweepFolder.Names(folder.Plans).Order(StringComparer.Ordinal))
        {
            string path = Path.Combine(folder.Plans, name);
            try
            {
                foreach (string line in File.ReadLines(path))
                    if (JsonSerializer.Deserialize(line, SweepFilesJson.Default.PlannedCell) is { Key: not null, Checkpoint: not null, Task: not null } cell) cells.TryAdd(cell.Key, cell);
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                throw SweepErrors.BadList(path, e);
            }
        }
        return [.. cells.Values];
    }
}

using System.Globalization;

namespace Castalia.Twins;

/// <summary>The curves of all networks of a study in one table: <c>curves.csv</c>.</summary>
static class TwinCurves
{
    /// <summary>Its name in the study's folder.</summary>
    public const string FileName = "curves.csv";

    /// <summary>Gathers them: networks in the plan's order, steps ascending, as many gain columns as the deepest network has blocks.</summary>
    /// <exception cref="InputException">The disk refuses it.</exception>
    public static void Write(TwinPlan plan, string folder)
    {
        int deepest = plan.Cells.Max(cell => cell.Form.Architecture.NLayers);
        WholeFile.Write(Path.Combine(folder, FileName),
        [
            ["plan", "cell", "seed", .. GainCurve.Columns(deepest)],
            .. from twin in plan.Twins
               from row in new GainCurve(Path.Combine(folder, twin.Folder), twin.Cell.Form.Architecture.NLayers).Rows()
               select (IEnumerable<string>)[plan.Name, twin.Cell.Name, twin.Seed.ToString(CultureInfo.InvariantCulture), .. GainCurve.Fields(row, deepest)],
        ]);
    }
}

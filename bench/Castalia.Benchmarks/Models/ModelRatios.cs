namespace Castalia.Benchmarks.Models;

/// <summary>Every table that was asked for.</summary>
static class ModelRatios
{
    public static void Print(ModelOptions options, CancellationToken cancellation)
    {
        var report = new Report(options.Threads);
        foreach (string part in ModelOptions.AllParts.Where(options.Parts.Contains))
        {
            Action<ModelOptions, Report, CancellationToken> write = part switch
            {
                "linear" => LinearTable.Write,
                "shapes" => ShapeTable.Write,
                "long" => LongTable.Write,
                "disk" => DiskTable.Write,
                _ => StartTable.Write,
            };
            write(options, report, cancellation);
        }
        if (options.Out is not { } place) return;
        string results = report.Save(place);
        if (options.Document is { } document) report.ShowIn(document, results);
    }
}

using System.Globalization;
using Castalia.Reports.Pages;
using Castalia.Store;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia query</c> prints for people: a table, whose rows stand below each other where it is too wide.</summary>
static class QueryReport
{
    const int Digits = 6; // significant

    /// <summary>The page.</summary>
    /// <param name="result">The result.</param>
    public static Page Of(QueryResult result)
    {
        bool isRounded = result.Rows.SelectMany(row => row).OfType<double>().Any(value => double.Parse(Rounded(value), CultureInfo.InvariantCulture) != value);
        return new(
        [
            new Table(
                [.. result.Columns.Select(column => new Column(column.Name) { Kind = column.IsNumber ? ColumnKind.Figures : ColumnKind.Words })],
                [.. result.Rows.Select(IReadOnlyList<Cell> (row) => [.. row.Select(value => new Cell(Words(value), value as double? ?? value as long?))])])
            {
                FallsIntoRows = true,
            },
            new Gap(),
            new Paragraph(Figures.Of(result.Rows.Count, "row") + (isRounded ? $". Numbers to {Digits} digits; --format csv and json give all." : ".")),
        ]);
    }

    static string Words(object? value) => value switch
    {
        null => Figures.Missing,
        bool flag => flag ? "true" : "false",
        double real => Rounded(real),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture),
        object?[] list => $"[{string.Join(", ", list.Select(Words))}]",
        string text => text,
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

    static string Rounded(double value) => value.ToString($"G{Digits}", CultureInfo.InvariantCulture);
}

using System.Globalization;
using CsvHelper;

namespace Castalia.PromptFiles;

/// <summary>Prompts as comma-separated values (RFC 4180) with a header; ids are separated by spaces. An empty cell is a cell left out.</summary>
static class CsvPrompts
{
    static readonly CsvReaderOptions Strict = new()
    {
        Separator = ',',
        HasHeader = false, // read as a record, so that it is checked like one
        DetectSeparatorHint = false,
        SkipEmptyLines = false,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    public static IEnumerable<PromptFields> Parse(string file, string text)
    {
        using var reader = CsvReader.FromText(text, Strict);
        string[] header = Record(reader, file)?.Cells ?? throw PromptErrors.NoPrompts(file);
        CheckHeader(header, PromptFile.Place(file, 1));
        while (Record(reader, file) is var (line, cells))
        {
            string place = PromptFile.Place(file, line);
            if (cells.All(string.IsNullOrWhiteSpace)) throw PromptErrors.BlankLine(place);
            if (cells.Length != header.Length) throw PromptErrors.CsvFields(place, cells.Length, header.Length);
            yield return new(place)
            {
                Text = Cell("text"),
                Ids = Cell("ids") is { } ids ? Ids(ids, place) : null,
                Name = Cell("name"),
                Category = Cell("category"),
                TrueEntropy = Cell("true_entropy") is { } nats ? Entropy(nats, place) : null,
            };

            string? Cell(string column) => Array.IndexOf(header, column) is >= 0 and var i && cells[i] != "" ? cells[i] : null;
        }
    }

    /// <summary>The next record and the line it starts on; null at the end.</summary>
    static (int Line, string[] Cells)? Record(CsvReader reader, string file)
    {
        try
        {
            if (!reader.Read()) return null;
        }
        catch (CsvFormatException e)
        {
            throw PromptErrors.CsvQuotes(PromptFile.Place(file, (int)e.LineNumber));
        }
        return ((int)reader.LineNumber, [.. Enumerable.Range(0, reader.Current.FieldCount).Select(reader.GetString)]);
    }

    static void CheckHeader(string[] header, string place)
    {
        foreach (string column in header)
        {
            if (column is not ("text" or "ids" or "name" or "category" or "true_entropy"))
                throw PromptErrors.CsvHeader(place, $"The column '{column}' is not one of a prompt.");
        }
        if (header.GroupBy(column => column).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw PromptErrors.CsvHeader(place, $"The column '{twice.Key}' is there twice.");
        if (!header.Contains("text") && !header.Contains("ids"))
            throw PromptErrors.CsvHeader(place, "The header names neither a text column nor an ids column.");
    }

    static double Entropy(string cell, string place) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double nats) && nats >= 0 && double.IsFinite(nats)
        ? nats
        : throw PromptErrors.NotAnEntropy(place, cell);

    static List<int> Ids(string cell, string place)
    {
        var ids = new List<int>();
        foreach (string word in cell.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                throw PromptErrors.NotAnId(place, word);
            ids.Add(id);
        }
        return ids;
    }
}

using Castalia.Checkpoints;
using Castalia.Errors;
using CsvHelper;

namespace Castalia.Twins;

/// <summary>The networks of a study: networks.csv, which is there whole or not at all.</summary>
/// <param name="Networks">At least one, of one plan.</param>
sealed record TwinTable(IReadOnlyList<TwinNetwork> Networks)
{
    /// <summary>Its name in the folder of a study.</summary>
    public const string FileName = "networks.csv";

    static readonly CsvReaderOptions s_strict = new()
    {
        Separator = ',',
        HasHeader = false,
        DetectSeparatorHint = false,
        SkipEmptyLines = false,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    /// <summary>Name of the plan.</summary>
    public string Plan => Networks[0].Plan;

    /// <summary>Networks by cell, in order.</summary>
    public IReadOnlyList<IGrouping<string, TwinNetwork>> Cells => [.. Networks.GroupBy(network => network.Cell, StringComparer.Ordinal)];

    /// <summary>Of networks that were measured.</summary>
    public static TwinTable Of(IEnumerable<MeasuredTwin> measured) => new([.. measured.Select(TwinNetwork.Of)]);

    /// <summary>The file: RFC 4180 with LF, a header, an empty field for what is undefined.</summary>
    public string Text() => WholeFile.Text(Lines);

    IEnumerable<IEnumerable<string?>> Lines => Networks.Select(network => (IEnumerable<string?>)network.Fields).Prepend(TwinColumn.All.Select(column => column.Name));

    /// <summary>Writes the file into the folder of a study, in place of one that is there.</summary>
    /// <exception cref="InputException">The disk refuses it.</exception>
    public void Write(string folder) => WholeFile.Write(Path.Combine(folder, FileName), Lines);

    /// <summary>Of the folder of a study.</summary>
    /// <exception cref="InputException">There is none, or it is no such file.</exception>
    public static TwinTable Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw TwinErrors.NoTable(path, e);
        }
    }

    /// <summary>Of a text.</summary>
    /// <param name="text">The file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="InputException">It is no such file: with its line.</exception>
    public static TwinTable Parse(string text, string file)
    {
        using var reader = CsvReader.FromText(text, s_strict);
        string[] names = [.. TwinColumn.All.Select(column => column.Name)];
        if (Record(reader, file) is not { } header || !header.Fields.SequenceEqual(names)) throw TwinErrors.OtherColumns(file);
        List<TwinNetwork> networks = [];
        while (Record(reader, file) is var (line, fields)) networks.Add(Network(fields, Place(file, line)));
        if (networks.Count == 0) throw TwinErrors.NoNetworks(file);
        if (networks.Find(network => network.Plan != networks[0].Plan) is { } other) throw TwinErrors.TwoPlans(file, networks[0].Plan, other.Plan);
        return new(networks);
    }

    static TwinNetwork Network(string[] fields, string place)
    {
        if (fields.Length != TwinColumn.All.Count) throw TwinErrors.OtherFields(place, fields.Length, TwinColumn.All.Count);
        foreach (var (column, field) in TwinColumn.All.Zip(fields))
            if (field.Length > 0 ? !column.Fits(field) : column.Type != "DOUBLE") throw TwinErrors.NotOfType(place, column.Name, field, column.Type);
        return new([.. fields.Select(field => field.Length == 0 ? null : field)]);
    }

    static (int Line, string[] Fields)? Record(CsvReader reader, string file)
    {
        try
        {
            if (!reader.Read()) return null;
        }
        catch (CsvFormatException e)
        {
            throw TwinErrors.Quotes(Place(file, (int)e.LineNumber));
        }
        return ((int)reader.LineNumber, [.. Enumerable.Range(0, reader.Current.FieldCount).Select(reader.GetString)]);
    }

    static string Place(string file, int line) => FormattableString.Invariant($"{file}, line {line}");
}

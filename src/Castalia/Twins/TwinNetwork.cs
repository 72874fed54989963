using System.Globalization;

namespace Castalia.Twins;

/// <summary>A network that was trained and measured, as a row of networks.csv: what pages, documents and hypotheses read of it.</summary>
/// <param name="Fields">A field for each of <see cref="TwinColumn.All"/>; null where it is empty.</param>
sealed record TwinNetwork(IReadOnlyList<string?> Fields)
{
    static readonly Dictionary<string, int> s_index = TwinColumn.All.Index().ToDictionary(column => column.Item.Name, column => column.Index, StringComparer.Ordinal);

    /// <summary>The row of a network.</summary>
    public static TwinNetwork Of(MeasuredTwin measured) => new([.. TwinColumn.All.Select(column => TwinColumn.Field(column.Of(measured)))]);

    /// <summary>Name of the plan.</summary>
    public string Plan => Text("plan");

    /// <summary>Name of its cell.</summary>
    public string Cell => Text("cell");

    /// <summary>Its seed.</summary>
    public string Seed => Text("seed");

    /// <summary>Weights.</summary>
    public long Parameters => Whole("parameters");

    /// <summary>Tokens it was trained on.</summary>
    public long TrainedTokens => Whole("trained_tokens");

    /// <summary>A column that every row has.</summary>
    public string Text(string column) => Fields[s_index[column]]!;

    /// <summary>A column of whole numbers that every row has.</summary>
    public long Whole(string column) => long.Parse(Text(column), CultureInfo.InvariantCulture);

    /// <summary>A column of real numbers; null where it is empty.</summary>
    public double? Real(string column) => Fields[s_index[column]] is { } field ? double.Parse(field, CultureInfo.InvariantCulture) : null;

    /// <summary>Every column by its name: text, truth, number or null.</summary>
    public OrderedDictionary<string, object?> Values => new(TwinColumn.All.Zip(Fields, (column, text) => KeyValuePair.Create(column.Name, text is null ? null : column.Value(text))));
}

using System.Globalization;
using System.Text.Json;
using Castalia.Errors;

namespace Castalia.Published.Files;

/// <summary>A value in a result file that knows where it stands, so that what is wrong with it can be said with file and field.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Path">Where in it: <c>all_results[3].Last_Gain</c>; empty for the whole.</param>
/// <param name="Value">The value.</param>
readonly record struct ResultField(string File, string Path, JsonElement Value)
{
    string Place => Path == "" ? "the outermost object" : Path;

    /// <summary>A field that must be there.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public ResultField this[string name]
    {
        get
        {
            if (Value.ValueKind != JsonValueKind.Object) throw PublishedErrors.WrongKind(File, Place, Kind, "an object");
            return Value.TryGetProperty(name, out var value)
                ? new(File, Path == "" ? name : $"{Path}.{name}", value)
                : throw PublishedErrors.Missing(File, Place, name);
        }
    }

    /// <summary>The fields of an object, in the file's order.</summary>
    public IReadOnlyList<(string Name, ResultField Field)> Members()
    {
        if (Value.ValueKind != JsonValueKind.Object) throw PublishedErrors.WrongKind(File, Place, Kind, "an object");
        var self = this;
        return [.. Value.EnumerateObject().Select(p => (p.Name, self[p.Name]))];
    }

    /// <summary>The items of an array.</summary>
    public IReadOnlyList<ResultField> Items()
    {
        if (Value.ValueKind != JsonValueKind.Array) throw PublishedErrors.WrongKind(File, Place, Kind, "an array");
        var (file, path) = (File, Path);
        return [.. Value.EnumerateArray().Select((item, i) => new ResultField(file, FormattableString.Invariant($"{path}[{i}]"), item))];
    }

    /// <summary>The numbers of an array.</summary>
    public IReadOnlyList<double> Numbers() => [.. Items().Select(item => item.Number())];

    /// <summary>A text.</summary>
    public string Text() => Value.ValueKind == JsonValueKind.String
        ? Value.GetString()!
        : throw PublishedErrors.WrongKind(File, Place, Kind, "a text");

    /// <summary>A truth value.</summary>
    public bool Flag() => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw PublishedErrors.WrongKind(File, Place, Kind, "true or false"),
    };

    /// <summary>A finite number; half-precision runs wrote theirs in quotes.</summary>
    public double Number()
    {
        string text = Value.ValueKind switch
        {
            JsonValueKind.Number => Value.GetRawText(),
            JsonValueKind.String => Value.GetString()!,
            _ => throw PublishedErrors.WrongKind(File, Place, Kind, "a number"),
        };
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw PublishedErrors.NotFinite(File, Place, text);
    }

    /// <summary>A number above 0, as norms and their ratios are.</summary>
    public double Positive() => Number() is > 0 and var number
        ? number
        : throw PublishedErrors.WrongKind(File, Place, Kind, "a number above 0");

    /// <summary>A number from 0 on.</summary>
    public double NotNegative() => Number() is >= 0 and var number
        ? number
        : throw PublishedErrors.WrongKind(File, Place, Kind, "a number from 0 on");

    /// <summary>A whole number of at least 1.</summary>
    public int Count() => Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out int n) && n >= 1
        ? n
        : throw PublishedErrors.WrongKind(File, Place, Kind, "a whole number of at least 1");

    /// <summary>The same, beyond 2³¹.</summary>
    public long BigCount() => Value.ValueKind == JsonValueKind.Number && Value.TryGetInt64(out long n) && n >= 1
        ? n
        : throw PublishedErrors.WrongKind(File, Place, Kind, "a whole number of at least 1");

    string Kind => Value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"the text '{Value.GetString()}'",
        _ => Value.GetRawText(),
    };
}

using System.Globalization;
using Castalia.Errors;
using Castalia.Wording;

namespace Castalia.Cards;

/// <summary>Puts a card together from its file and those it builds on.</summary>
/// <remarks>
/// A field that a file states takes the place of its base's whole: value, source, certainty and note. What follows from others is then computed, in place of what a base
/// states of it; what the file itself states of it must agree.
/// </remarks>
static class CardAssembly
{
    /// <summary>The card.</summary>
    /// <param name="file">Its file, a model's.</param>
    /// <param name="bases">The files it may build on, by name.</param>
    /// <exception cref="InputException">A base that is not there, or a stated value that others contradict.</exception>
    public static Card Of(CardFile file, IReadOnlyDictionary<string, CardFile> bases)
    {
        var values = new Dictionary<string, CardValue>(StringComparer.Ordinal);
        string? series = null;
        var path = new List<string> { file.Name };
        for (var layer = file; ;)
        {
            foreach (var (key, value) in layer.Values) values.TryAdd(key, value);
            series ??= layer.Series;
            if (layer.Base is not { } name) break;
            if (!bases.TryGetValue(name.Value, out var next)) throw CardErrors.NoSuchBase(name.Place, name.Value, Nearest.Of(name.Value, bases.Keys));
            path.Add(next.Name);
            if (path.Count != path.Distinct(StringComparer.Ordinal).Count()) throw CardErrors.BaseCircle(name.Place, path);
            layer = next;
        }
        var schedule = ComputedFields.Schedule(values);
        foreach (var (key, number, from, note) in ComputedFields.Of(values).ToList()) Add(values, file, key, number, from, note);
        return new()
        {
            Model = file.Model!,
            Title = file.Title,
            Series = series,
            Hub = file.Hub,
            Values = [.. CardFields.All.Where(field => values.ContainsKey(field.Key)).Select(field => values[field.Key])],
            Schedule = schedule,
            Place = file.Place,
        };
    }

    static void Add(Dictionary<string, CardValue> values, CardFile file, string key, double number, string[] from, string note)
    {
        if (file.Values.TryGetValue(key, out var stated))
        {
            bool agrees = stated.Value is CardDatum.Number { Value: var said } && Math.Abs(said - number) <= ComputedFields.Tolerance * Math.Abs(number);
            if (!agrees) throw CardErrors.Contradicts(stated.Place, key, stated.Value?.ToString() ?? "unknown", number.ToString("G6", CultureInfo.InvariantCulture), from.Where(values.ContainsKey));
        }
        var sources = from.Where(values.ContainsKey).SelectMany(name => values[name].Sources).Distinct().ToList();
        values[key] = new(CardFields.Of(key), new CardDatum.Number(number), Certainty.Computed, sources, note, file.Place);
    }
}

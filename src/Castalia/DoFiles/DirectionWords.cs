using System.Globalization;
using Castalia.Attribution;
using Castalia.Interventions;
using Castalia.Residual;
using Castalia.YamlFiles;

namespace Castalia.DoFiles;

/// <summary>Words of a do-file for directions of the stream.</summary>
static class DirectionWords
{
    /// <summary>The darkest tenth of the bands.</summary>
    static readonly Direction.Bands s_dark = new(UnembeddingBands.Count - 2, UnembeddingBands.Count - 1);

    /// <summary>Whether the direction of an entry is taken over a set.</summary>
    public static bool TakesSet(YamlMap map) => map.Has("direction") && (map.Text("direction").Value is "mean" || map.Text("direction").Value.StartsWith("principal ", StringComparison.Ordinal));

    /// <summary>The direction of an entry.</summary>
    /// <param name="map">The entry.</param>
    /// <param name="sites">Sites whose clean value may be meant.</param>
    public static Direction Read(YamlMap map, IReadOnlyList<ResidualSite> sites)
    {
        var text = map.Text("direction");
        if (text.Value == "mean") return new Direction.Mean(map.Text("over").Value);
        if (text.Value == "dark") return s_dark;
        if (text.Value.Split(' ') is [var word, var number] && word is "principal" or "band")
        {
            int least = word == "band" ? 0 : 1, most = word == "band" ? UnembeddingBands.Count - 1 : PrincipalComponents.Most;
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value < least || value > most)
                throw DoFileErrors.NoSuchNumber(text.Place, word == "band" ? "band of the unembedding" : "number of principal components", number, least, most);
            return word == "band" ? new Direction.Bands(value, value) : new Direction.Components(value, map.Text("over").Value);
        }
        return ResidualSites.Find(text.Value) is { } site && sites.Contains(site) ? new Direction.Clean(site)
            : throw DoFileErrors.NoSuchDirection(text.Place, text.Value, [.. sites.Select(site => site.Name()), "mean", "principal N", "band N", "dark"]);
    }
}

using System.Globalization;
using Castalia.Interventions;
using Castalia.Residual;
using Castalia.YamlFiles;

namespace Castalia.DoFiles;

/// <summary>Reads which units the pattern of an entry stands for.</summary>
/// <param name="map">The entry.</param>
sealed class UnitReader(YamlMap map)
{
    /// <summary>Keys that say so.</summary>
    public static readonly string[] Keys = ["each", "top", "share", "outliers", "sign", "near", "random", "together", "renormalise"];

    /// <summary>Those that make an entry a pattern, in words.</summary>
    public const string Choosing = "'each', 'top', 'share', 'outliers' or 'random'";

    const int MostSets = 10_000;

    static readonly string[] s_choosing = ["each", "top", "share", "outliers", "random"], s_amounts = ["top", "share", "outliers", "random"];

    /// <summary>The units; null where the entry is an intervention of its own.</summary>
    public UnitChoice? Read()
    {
        string[] choosing = [.. s_choosing.Where(map.Has)];
        if (choosing.Length == 0)
        {
            string? stray = Keys.FirstOrDefault(map.Has);
            return stray is null ? null : throw DoFileErrors.Needs(map.PlaceOf(stray), $"'{stray}'", "each', 'top', 'share', 'outliers' or 'random");
        }
        if (s_amounts.Where(map.Has).ToArray() is [var one, var other, ..]) throw DoFileErrors.NotWith(map.PlaceOf(other), other, $"'{one}'");
        var kinds = Kinds(choosing[0]);
        bool isTogether = YesNo("together"), renormalises = YesNo("renormalise");
        if (kinds.Count > 1 && !isTogether) throw DoFileErrors.Needs(map.PlaceOf("each"), "'each: unit'", "together: true");
        if (renormalises && (!isTogether || kinds is not [UnitKind.Head])) throw DoFileErrors.Needs(map.PlaceOf("renormalise"), "'renormalise'", "each: head' and 'together: true");
        return new(kinds, Ranking(kinds), map.Has("random") ? Random(isTogether) : null, isTogether, renormalises);
    }

    IReadOnlyList<UnitKind> Kinds(string choosing)
    {
        if (map.Has("each"))
            return map.Word("each", ["head", "neuron", "unit", "dimension"]) switch { "head" => [UnitKind.Head], "neuron" => [UnitKind.Neuron], "dimension" => [UnitKind.Dimension], _ => [UnitKind.Head, UnitKind.Neuron] };
        if (map.Has("outliers")) return [UnitKind.Dimension];
        return SiteWords.Read(map)?.Site switch
        {
            ResidualSite.Z or ResidualSite.AttnOut => [UnitKind.Head],
            ResidualSite.MlpPost or ResidualSite.MlpOut => [UnitKind.Neuron],
            _ => throw DoFileErrors.Needs(map.PlaceOf(choosing), $"'{choosing}'", "each: head', 'each: neuron' or 'each: unit"),
        };
    }

    UnitRanking? Ranking(IReadOnlyList<UnitKind> kinds)
    {
        bool isDimension = kinds is [UnitKind.Dimension];
        string? amount = s_amounts.FirstOrDefault(key => key != "random" && map.Has(key));
        foreach (string key in new[] { "sign", "near" })
            if (map.Has(key) && amount is not ("top" or "share")) throw DoFileErrors.Needs(map.PlaceOf(key), $"'{key}'", "top' or 'share");
        if (amount is null) return null;
        if (isDimension != (amount == "outliers")) throw DoFileErrors.NotWith(map.PlaceOf(amount), amount, isDimension ? "dimensions, which 'outliers' ranks" : "heads or neurons");
        if (isDimension) return new(new(map.OptionalCount("outliers"), null), UnitOrder.Outlying, map.Text("over").Value, Near: false);
        bool isNegative = map.Has("sign") && map.Word("sign", ["negative", "either"]) == "negative";
        if (map.Has("near")) map.Word("near", ["length"]);
        return new(amount == "top" ? new(map.OptionalCount("top"), null) : new(null, Share(map, "share")), isNegative ? UnitOrder.Negative : UnitOrder.Size, null, map.Has("near"));
    }

    UnitDraw Random(bool isTogether)
    {
        var random = map.Map("random", ["count", "share", "seed", "sets"]);
        if (random.Has("count") && random.Has("share")) throw DoFileErrors.NotWith(random.PlaceOf("share"), "share", "'count'");
        var amount = random.Has("share") ? new UnitAmount(null, Share(random, "share")) : new(random.OptionalCount("count") ?? throw random.Missing("count"), null);
        var seed = random.Text("seed");
        if (!long.TryParse(seed.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) throw YamlErrors.NotANumber(seed.Place, "seed", seed.Value, "a whole number from 0");
        int sets = random.OptionalCount("sets") ?? 1;
        if (sets > MostSets) throw DoFileErrors.NoSuchNumber(random.PlaceOf("sets"), "number of sets", random.Text("sets").Value, 1, MostSets);
        if (random.Has("sets") && !isTogether) throw DoFileErrors.Needs(random.PlaceOf("sets"), "'sets'", "together: true");
        return new(amount, number, sets);
    }

    static double Share(YamlMap map, string key)
    {
        double share = map.Number(key);
        return share is > 0 and <= 1 ? share : throw YamlErrors.NotANumber(map.PlaceOf(key), key, map.Text(key).Value, "a share above 0 and up to 1");
    }

    bool YesNo(string key) => map.Has(key) && map.Word(key, ["true", "yes", "false", "no"]) is "true" or "yes";
}

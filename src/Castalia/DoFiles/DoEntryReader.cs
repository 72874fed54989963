using System.Globalization;
using Castalia.Attribution;
using Castalia.Interventions;
using Castalia.Residual;
using Castalia.YamlFiles;

namespace Castalia.DoFiles;

/// <summary>Reads one entry of a do-file.</summary>
/// <param name="map">The entry.</param>
/// <param name="folder">Where files that it names are looked for first; may be null.</param>
sealed class DoEntryReader(YamlMap map, string? folder)
{
    /// <summary>Keys of an entry.</summary>
    public static readonly string[] Keys =
    [
        "do", "site", "blocks", "positions", "head", "neuron", "dimension", "direction", "bias", "factor", "over", "first", "vector", "type", "from", "settled", "open", "sources", "held", "name", "also",
        .. UnitReader.Keys,
    ];

    /// <summary>Those of an entry under 'also', which is part of another.</summary>
    static readonly string[] FurtherKeys = [.. Keys.Except(["name", "also", .. UnitReader.Keys])];

    static readonly string[] UnitKeys = ["head", "neuron", "dimension", "bias"];

    static readonly string[] Deeds = ["zero", "scale", "mean", "remove", "keep", "add", "round", "patch", "mask"];

    static readonly ResidualSite[] OfStream = [.. Interventions.Change.Places.Where(place => place is not (ResidualSite.Z or ResidualSite.MlpPost))];

    /// <summary>The intervention, or the pattern.</summary>
    /// <exception cref="InputException">Anything that is not plainly one.</exception>
    public InterventionEntry Read()
    {
        var units = new UnitReader(map).Read();
        Change[] changes = units is null ? [Change(null)] : [.. units.Kinds.Select(kind => Change(kind))];
        Change[] also = map.Has("also") ? [.. map.Maps("also", FurtherKeys).Select(further => new DoEntryReader(further, folder).Change(null))] : [];
        if (units is not null && also.Length > 0) throw DoFileErrors.NotWith(map.PlaceOf("also"), "also", UnitReader.Choosing);
        string name = map.OptionalText("name")?.Value ?? (changes.Length > 1 ? map.Text("do").Value : ChangeWords.Of([.. changes, .. also], ofPattern: units is not null));
        return new(new() { Name = name, Changes = [.. changes, .. also], Place = map.Place }, units);
    }

    Change Change(UnitKind? each)
    {
        string deed = map.Word("do", Deeds);
        var (site, unit) = SiteAndUnit(deed, each);
        return new()
        {
            Site = site,
            Blocks = Blocks(deed),
            Positions = Positions(),
            Unit = unit,
            Deed = Deed(deed, unit),
            Held = map.Has("held") ? HeldWords.Read(map.Word("held", HeldWords.All)) : Held.None,
            Place = map.Place,
        };
    }

    BlockChoice Blocks(string deed)
    {
        if (!IsEverywhere(deed) && SiteWords.Read(map) is { Block: { } block })
        {
            if (map.Has("blocks")) throw DoFileErrors.NotWith(map.PlaceOf("blocks"), "blocks", "a site whose name has the block");
            return BlockChoice.Named([block]);
        }
        if (!map.Has("blocks")) return deed == "round" ? BlockChoice.All : throw map.Missing("blocks");
        return Indices("blocks") switch { { Word: "last" } => BlockChoice.Last, { Word: "all" } => BlockChoice.All, var indices => BlockChoice.Named(indices.Some) };
    }

    PositionChoice Positions()
    {
        if (!map.Has("positions")) return PositionChoice.All;
        return Indices("positions") switch { { Word: "last" } => PositionChoice.Last, { Word: "all" } => PositionChoice.All, var indices => PositionChoice.Named(indices.Some) };
    }

    (string? Word, int[] Some) Indices(string key)
    {
        var texts = map.Texts(key);
        if (texts is [{ Value: "last" or "all" } word]) return (word.Value, []);
        return (null, [.. texts.Select(text => int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : throw DoFileErrors.NotIndices(text.Place, key, text.Value))]);
    }

    (ResidualSite? Site, Unit Unit) SiteAndUnit(string deed, UnitKind? each)
    {
        ResidualSite? site = null;
        bool everywhere = IsEverywhere(deed);
        if (!everywhere) site = SiteWords.Read(map)?.Site;
        string[] named = [.. UnitKeys.Where(map.Has)];
        if (named.Length > 1) throw DoFileErrors.NotWith(map.PlaceOf(named[1]), named[1], $"'{named[0]}'");
        if (each is not null && named.Length > 0) throw DoFileErrors.NotWith(map.PlaceOf(named[0]), named[0], UnitReader.Choosing);
        var kind = each ?? (map.Has("head") ? UnitKind.Head : map.Has("neuron") ? UnitKind.Neuron : map.Has("dimension") ? UnitKind.Dimension : null);
        if (kind is { } of) return (SiteOf(of, site), new Unit.Some(of, each is not null ? [] : Named(of)));
        if (site is null && !everywhere) throw map.Missing("site");
        if (map.Has("bias"))
        {
            map.Word("bias", ["true"]);
            if (site is not (ResidualSite.AttnOut or ResidualSite.MlpOut)) throw DoFileErrors.NoUnitThere(map.PlaceOf("bias"), "bias", site?.Name() ?? "every site", "attn_out or mlp_out");
            return (site, new Unit.Bias());
        }
        bool isDirected = deed is "remove" or "keep" || map.Has("direction") || (deed != "add" && map.Has("vector"));
        return (site, isDirected ? new Unit.Along(Direction(deed)) : new Unit.Whole());
    }

    bool IsEverywhere(string deed) => deed == "round" && (!map.Has("site") || map.Text("site").Value == "all");

    /// <summary>Where a unit of a kind is changed.</summary>
    ResidualSite SiteOf(UnitKind kind, ResidualSite? site)
    {
        if (kind == UnitKind.Dimension)
        {
            if (site is null) throw map.Missing("site");
            return OfStream.Contains(site.Value) ? site.Value : throw DoFileErrors.NoUnitThere(map.PlaceOf("site"), "dimension", site.Value.Name(), string.Join(", ", OfStream.Select(place => place.Name())));
        }
        var (inner, outer) = kind == UnitKind.Head ? (ResidualSite.Z, ResidualSite.AttnOut) : (ResidualSite.MlpPost, ResidualSite.MlpOut);
        if (site is not null && site != inner && site != outer) throw DoFileErrors.NoUnitThere(map.PlaceOf("site"), WordOf(kind), site.Value.Name(), $"{inner.Name()} or {outer.Name()}");
        return inner;
    }

    int[] Named(UnitKind kind)
    {
        string word = WordOf(kind);
        return [.. Indices(word) is { Word: null } some ? some.Some.Distinct().Order() : throw DoFileErrors.NotIndices(map.PlaceOf(word), word, "all")];
    }

    static string WordOf(UnitKind kind) => kind switch { UnitKind.Head => "head", UnitKind.Neuron => "neuron", _ => "dimension" };

    Direction Direction(string deed)
    {
        if (map.Has("direction") && map.Has("vector")) throw DoFileErrors.NotWith(map.PlaceOf("vector"), "vector", "'direction'");
        if (map.Has("vector")) return new Direction.Fixed(Vectors.Read(map.Text("vector"), folder));
        if (!map.Has("direction")) throw DoFileErrors.Needs(map.Place, $"'do: {deed}'", "direction' or 'vector");
        return DirectionWords.Read(map, OfStream);
    }

    Deed Deed(string deed, Unit unit)
    {
        Only("factor", deed is "scale" or "add");
        Only("over", deed == "mean" || DirectionWords.TakesSet(map) || map.Has("outliers"));
        Only("sources", deed == "mask");
        Only("renormalise", deed == "zero");
        Only("first", deed == "mean");
        Only("type", deed == "round");
        Only("from", deed == "patch");
        Only("settled", deed == "patch");
        Only("open", deed == "patch");
        Only("direction", deed is not ("add" or "round" or "mask"));
        Only("vector", deed is not ("round" or "mask"));
        Only("bias", deed is "zero" or "scale");
        if (deed == "add" && unit is Unit.Some { Indices.Count: not 1 }) throw DoFileErrors.NotWith(map.Place, "do: add", "several units");
        if (deed is "remove" or "keep" && unit is not Unit.Along) throw DoFileErrors.NotWith(map.Place, $"do: {deed}", "a head, a neuron or a bias");
        if (deed == "mean" && (DirectionWords.TakesSet(map) || map.Has("outliers"))) throw DoFileErrors.NotWith(map.Place, "do: mean", "a direction or dimensions that 'over' is read for");
        return deed switch
        {
            "mask" => new Deed.Mask(Sources(unit)),
            "zero" or "remove" => new Deed.Zero(),
            "keep" => new Deed.Keep(),
            "scale" => new Deed.Scale(map.Number("factor")),
            "mean" => new Deed.Mean(Over()),
            "add" => new Deed.Add(Vectors.Read(map.Text("vector"), folder), map.Has("factor") ? map.Number("factor") : 1),
            "round" => new Deed.Round(map.Word("type", ["float16", "bfloat16"]) == "float16" ? HalfType.Float16 : HalfType.BFloat16),
            _ => Patch(),
        };

        void Only(string key, bool takes)
        {
            if (!takes && map.Has(key)) throw DoFileErrors.NotWith(map.PlaceOf(key), key, $"'do: {deed}'");
        }
    }

    Deed Patch()
    {
        if (!map.Has("settled") && !map.Has("open")) return new Deed.Patch(map.Text("from").Value);
        bool isAlike = map.Word("from", ["opposite", "alike"]) == "alike";
        double settled = map.Number("settled"), open = map.Number("open");
        return settled > 0 && settled <= open ? new Deed.PatchMatched(new(settled, open, isAlike))
            : throw YamlErrors.NotANumber(map.PlaceOf("settled"), "settled", map.Text("settled").Value, "nats above 0 and up to those of 'open'");
    }

    MeanOver Over()
    {
        string over = map.Text("over").Value;
        if (over != "prompt") return new(over, map.Has("first") && map.Word("first", ["included"]) == "included");
        if (map.Has("first")) throw DoFileErrors.NotWith(map.PlaceOf("first"), "first", "'over: prompt', which includes it");
        return new(null, IncludesFirst: true);
    }

    int[] Sources(Unit unit)
    {
        if (unit is not Unit.Some { Kind: UnitKind.Head } && SiteWords.Read(map)?.Site != ResidualSite.Z)
            throw DoFileErrors.NoUnitThere(map.PlaceOf("site"), "pattern of attention", map.Text("site").Value, ResidualSite.Z.Name());
        if (!map.Has("sources")) throw map.Missing("sources");
        return [.. Indices("sources") is { Word: null } some ? some.Some.Distinct().Order() : throw DoFileErrors.NotIndices(map.PlaceOf("sources"), "sources", map.Text("sources").Value)];
    }
}

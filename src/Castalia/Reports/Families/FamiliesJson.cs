using System.Text.Json.Nodes;
using Castalia.Architectures;

namespace Castalia.Reports;

/// <summary>The same for a program.</summary>
public static class FamiliesJson
{
    /// <summary>Every family with all its traits, and what distinguishes it from its relative.</summary>
    public static JsonObject Listing() => new()
    {
        ["families"] = new JsonArray([.. Architectures.Families.All.Select(One)]),
    };

    /// <summary>One family.</summary>
    public static JsonObject One(Family family)
    {
        JsonObject page = Name(family);
        page["reference"] = family.Reference;
        page["traits"] = new JsonObject(FamilyTraits.All.Select(trait => KeyValuePair.Create(trait.Label, (JsonNode?)trait.Of(family))));
        page["relative"] = FamilyRelatives.Of(family) is { } relative ? Name(relative) : null;
        page["differences"] = FamilyRelatives.Of(family) is { } other ? Differences(family, other) : new JsonArray();
        return page;
    }

    /// <summary>Two families.</summary>
    public static JsonObject Comparison(Family one, Family other) => new()
    {
        ["families"] = new JsonArray(Name(one), Name(other)),
        ["differences"] = Differences(one, other),
    };

    static JsonObject Name(Family family) => new()
    {
        ["title"] = family.Title,
        ["model_type"] = family.ModelType,
        ["config"] = $"{family.Config}",
    };

    static JsonArray Differences(Family one, Family other) => [.. FamilyTraits.Differences(one, other).Select(row => (JsonNode)new JsonObject
    {
        ["trait"] = row.Trait.Label,
        ["values"] = new JsonArray(row.One, row.Other),
    })];
}

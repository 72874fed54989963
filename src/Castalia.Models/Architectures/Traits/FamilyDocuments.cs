namespace Castalia.Architectures;

/// <summary>Families for programs.</summary>
/// <param name="Families">All, in the order of the list.</param>
sealed record FamiliesDocument(IReadOnlyList<FamilyDocument> Families)
{
    /// <summary>Every family.</summary>
    public static FamiliesDocument All() => new([.. Architectures.Families.All.Select(FamilyDocument.Of)]);
}

/// <summary>A family with all its traits, and what distinguishes it from its relative.</summary>
sealed record FamilyDocument(
    string Title, string ModelType, string Config, string Reference, IReadOnlyDictionary<string, string> Traits, FamilyNameDocument? Relative,
    IReadOnlyList<TraitDifference> Differences)
{
    public static FamilyDocument Of(Family family)
    {
        var relative = FamilyRelatives.Of(family);
        return new(
            family.Title, family.ModelType, $"{family.Config}", family.Reference, FamilyTraits.All.ToDictionary(trait => trait.Label, trait => trait.Of(family)),
            relative is null ? null : FamilyNameDocument.Of(relative), relative is null ? [] : TraitDifference.Of(family, relative));
    }
}

/// <summary>Two families.</summary>
sealed record FamilyComparisonDocument(IReadOnlyList<FamilyNameDocument> Families, IReadOnlyList<TraitDifference> Differences)
{
    public static FamilyComparisonDocument Of(Family one, Family other) => new([FamilyNameDocument.Of(one), FamilyNameDocument.Of(other)], TraitDifference.Of(one, other));
}

/// <summary>Which family.</summary>
sealed record FamilyNameDocument(string Title, string ModelType, string Config)
{
    public static FamilyNameDocument Of(Family family) => new(family.Title, family.ModelType, $"{family.Config}");
}

/// <summary>A trait in which two families differ.</summary>
sealed record TraitDifference(string Trait, IReadOnlyList<string> Values)
{
    public static IReadOnlyList<TraitDifference> Of(Family one, Family other) =>
        [.. FamilyTraits.Differences(one, other).Select(row => new TraitDifference(row.Trait.Label, [row.One, row.Other]))];
}

namespace Castalia.Architectures;

/// <summary>Which family a family is most like.</summary>
static class FamilyRelatives
{
    /// <summary>In how many traits two families differ that decide what is computed, and in how many that decide how it is stored; the former weigh more.</summary>
    public static (int Arithmetic, int Storage) Distance(Family one, Family other)
    {
        var rows = FamilyTraits.Differences(one, other);
        int storage = rows.Count(row => row.Trait.IsStorage);
        return (rows.Count - storage, storage);
    }

    /// <summary>Of the families listed before it the nearest, the earliest on a tie; null for the first.</summary>
    /// <remarks>So every family is told by one that a reader of the list has met, and following relatives ends at the first.</remarks>
    public static Family? Of(Family family)
    {
        var before = Families.All.TakeWhile(other => other != family).ToList();
        return before.Count == 0 ? null : before.MinBy(other => Distance(family, other));
    }
}

using static Castalia.Architectures.FamilyWords;

namespace Castalia.Architectures;

/// <summary>How positions enter a family's models, in words.</summary>
static class FamilyPositions
{
    /// <summary>How much of a head turns.</summary>
    public static string Share(RotaryRule rule)
    {
        if (rule.WholeHead) return "whole head";
        if (rule.Dims is { } dims)
            return dims.Default is { } n ? $"{n} dimensions unless stated" : "whole head unless stated";
        string share = rule.Fraction.Default is { } fraction && fraction < 1 ? $"{Number(fraction * 100)} % of a head" : "whole head";
        return rule.Fraction.Names.Count == 0 ? share : $"{share} unless stated";
    }

    /// <summary>Which changed frequencies can be stated.</summary>
    public static string Scaling(RotaryRule rule)
    {
        IEnumerable<string> types = rule.Scaling?.Types.Where(type => type is not ("default" or "none")) ?? [];
        string[] all = [.. types, .. rule.StoredDivisors is null ? Array.Empty<string>() : ["stored divisors"]];
        return all.Length == 0 ? Absent : string.Join(", ", all);
    }

    /// <summary>Where blocks with a window turn otherwise than the rest.</summary>
    public static string InWindows(RotaryRule? rule) => rule is null
        ? Absent
        : $"base {Number(rule.Base)}" + (Scaling(rule) is var scaling && scaling != Absent ? $"; {scaling}" : "");

    /// <summary>Penalty on distance.</summary>
    public static string Alibi(AlibiRule? rule) => rule is null ? Absent : string.Join(", ", ((string[])
    [
        Answer(rule.When),
        $"last slope 2^−{Number(rule.MaxBias)}",
        rule.Scaled ? "scaled as scores" : "",
        rule.Times == 1 ? "" : $"{rule.Times} times over",
    ]).Where(part => part.Length > 0));

    /// <summary>Learned vectors.</summary>
    public static string Learned(LearnedPositions? positions) => positions switch
    {
        null => Absent,
        { Offset: 0 } => "yes",
        { Offset: var offset } => $"yes, from row {offset}",
    };

    /// <summary>Which blocks see only the last so many positions.</summary>
    public static string Windows(WindowRule? rule)
    {
        if (rule is null) return Absent;
        string size = rule.Size.Default is { } n ? $"{Number(n)} unless stated" : "if stated";
        return rule switch
        {
            WindowRule.EveryBlock => $"every block, {size}",
            WindowRule.FromBlock from => $"from block {Number(from.First)}, if {Condition(from.When)}, {size}",
            WindowRule.AllButLastOf all => $"all but each {Nth(all.Period)}, {size}",
            WindowRule.ByKinds by => $"blocks 'local' in {by.Key}, {size}",
            _ => throw new InvalidOperationException($"No words for {rule}."),
        };
    }

    static string Nth(NumberKey period) => period.Default is { } n
        ? (n == 2 ? "2nd" : n == 3 ? "3rd" : $"{Number(n)}th") + (period.Names.Count == 0 ? " block" : " block unless stated")
        : "so-manieth block, as stated";
}

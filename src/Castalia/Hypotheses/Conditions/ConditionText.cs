using System.Globalization;

namespace Castalia.Hypotheses.Conditions;

/// <summary>A condition as text, with the fewest parentheses: reading it gives the same condition.</summary>
static class ConditionText
{
    /// <summary>The text.</summary>
    public static string Of(Condition condition) => Of(condition, 0);

    /// <param name="condition">The condition.</param>
    /// <param name="outer">How tightly its place binds: 0 alone or under or, 1 under and, 2 right of and or under not; one more right of the same word.</param>
    static string Of(Condition condition, int outer)
    {
        (string text, int binding) = condition switch
        {
            Condition.Or or => ($"{Of(or.Left, 0)} or {Of(or.Right, 1)}", 0),
            Condition.And and => ($"{Of(and.Left, 1)} and {Of(and.Right, 2)}", 1),
            Condition.Not not => ($"not {Of(not.Of, 2)}", 2),
            Condition.Truth truth => (truth.Name.Text, 3),
            Condition.Comparison c => ($"{Of(c.Left)} {Sign(c.Comparator)} {Of(c.Right)}", 3),
            _ => throw new InvalidOperationException($"No text of {condition}."),
        };
        return binding < outer ? $"({text})" : text;
    }

    static string Of(Operand operand) => operand switch
    {
        Operand.Name name => name.Text,
        Operand.Number number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"No text of {operand}."),
    };

    static string Sign(Comparator comparator) => comparator switch
    {
        Comparator.Less => "<",
        Comparator.LessOrEqual => "<=",
        Comparator.Greater => ">",
        Comparator.GreaterOrEqual => ">=",
        Comparator.Equal => "=",
        _ => throw new InvalidOperationException($"No sign of {comparator}."),
    };
}

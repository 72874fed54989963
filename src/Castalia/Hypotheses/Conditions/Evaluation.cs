namespace Castalia.Hypotheses.Conditions;

/// <summary>What a name stands for when a condition is evaluated: a number, true or false, or nothing with a reason.</summary>
/// <param name="Number">The number; null where there is none.</param>
/// <param name="Truth">True or false; null where there is neither.</param>
/// <param name="UndefinedBecause">Why there is neither; null where there is one.</param>
readonly record struct Meaning(double? Number, bool? Truth, string? UndefinedBecause)
{
    public static Meaning Of(double number) => new(number, null, null);

    public static Meaning Of(bool truth) => new(null, truth, null);

    public static Meaning Undefined(string because) => new(null, null, because);
}

/// <summary>Evaluates conditions in the three-valued logic of Kleene: what is undefined makes the whole undefined only where it matters.</summary>
static class Evaluation
{
    /// <summary>True, false, or null where the answer turns on something undefined.</summary>
    /// <param name="condition">The condition; its names checked before.</param>
    /// <param name="meaning">What a name stands for.</param>
    public static bool? Of(Condition condition, Func<string, Meaning> meaning) => condition switch
    {
        Condition.Truth truth => meaning(truth.Name.Text).Truth,
        Condition.Comparison c => Compare(Number(c.Left, meaning), c.Comparator, Number(c.Right, meaning)),
        Condition.Not not => !Of(not.Of, meaning),
        Condition.And and => Of(and.Left, meaning) & Of(and.Right, meaning), // of bool?, & and | are Kleene's
        Condition.Or or => Of(or.Left, meaning) | Of(or.Right, meaning),
        _ => throw new InvalidOperationException($"No value of {condition}."),
    };

    static double? Number(Operand operand, Func<string, Meaning> meaning) => operand switch
    {
        Operand.Number number => number.Value,
        Operand.Name name => meaning(name.Text).Number,
        _ => throw new InvalidOperationException($"No number of {operand}."),
    };

    static bool? Compare(double? left, Comparator comparator, double? right) => (left, right) is not ({ } a, { } b) ? null : comparator switch
    {
        Comparator.Less => a < b,
        Comparator.LessOrEqual => a <= b,
        Comparator.Greater => a > b,
        Comparator.GreaterOrEqual => a >= b,
        Comparator.Equal => a == b,
        _ => throw new InvalidOperationException($"No comparison {comparator}."),
    };
}

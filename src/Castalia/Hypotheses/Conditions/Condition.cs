namespace Castalia.Hypotheses.Conditions;

/// <summary>How two numbers are compared.</summary>
enum Comparator
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

/// <summary>A side of a comparison, or a name that is true or false.</summary>
/// <param name="At">Index of its first character in the condition's text, from 0.</param>
abstract record Operand(int At)
{
    /// <summary>A number as written.</summary>
    public sealed record Number(double Value, int At) : Operand(At);

    /// <summary>The name of a result, such as <c>slope.high</c>.</summary>
    public sealed record Name(string Text, int At) : Operand(At);
}

/// <summary>A condition over named results: one of these few.</summary>
abstract record Condition
{
    /// <summary>A name that is true or false.</summary>
    public sealed record Truth(Operand.Name Name) : Condition;

    /// <summary>Two sides compared.</summary>
    public sealed record Comparison(Operand Left, Comparator Comparator, Operand Right) : Condition;

    /// <summary>The opposite.</summary>
    public sealed record Not(Condition Of) : Condition;

    /// <summary>Both.</summary>
    public sealed record And(Condition Left, Condition Right) : Condition;

    /// <summary>Either or both.</summary>
    public sealed record Or(Condition Left, Condition Right) : Condition;

    /// <summary>Every name in it, in the order of the text, with whether it stands for a number or for true and false.</summary>
    public IEnumerable<(Operand.Name Name, bool IsNumber)> Names() => this switch
    {
        Truth truth => [(truth.Name, false)],
        Comparison c => new[] { c.Left, c.Right }.OfType<Operand.Name>().Select(name => (name, true)),
        Not not => not.Of.Names(),
        And and => and.Left.Names().Concat(and.Right.Names()),
        Or or => or.Left.Names().Concat(or.Right.Names()),
        _ => throw new InvalidOperationException($"No names of {this}."),
    };
}

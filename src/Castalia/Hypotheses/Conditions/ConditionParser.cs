namespace Castalia.Hypotheses.Conditions;

/// <summary>Reads a condition: or below and, and below not, not below comparisons; parentheses group.</summary>
/// <remarks>
/// <code>
/// either     = both { "or" both }
/// both       = single { "and" single }
/// single     = "not" single | "(" either ")" | name | operand comparator operand
/// operand    = name | number
/// comparator = "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "="
/// </code>
/// </remarks>
sealed class ConditionParser
{
    const int Deepest = 100; // an input of parentheses alone must not end the process

    const int MostWords = 1000; // nor one of 'and' alone: each lies a level below the next

    readonly IReadOnlyList<Token> _tokens;
    int _next, _depth;

    ConditionParser(string text) => _tokens = Token.All(text, MostWords);

    /// <summary>The condition.</summary>
    /// <exception cref="ConditionException">It is none: what was found, what was expected, and where.</exception>
    public static Condition Parse(string text)
    {
        var parser = new ConditionParser(text);
        var condition = parser.Either();
        if (parser.Next.Kind != TokenKind.End) throw parser.Unexpected("'and', 'or' or the end");
        return condition;
    }

    Token Next => _tokens[_next];

    Condition Either()
    {
        var left = Both();
        while (Take(TokenKind.Or)) left = new Condition.Or(left, Both());
        return left;
    }

    Condition Both()
    {
        var left = Single();
        while (Take(TokenKind.And)) left = new Condition.And(left, Single());
        return left;
    }

    Condition Single()
    {
        if (++_depth > Deepest) throw new ConditionException($"more than {Deepest} levels of parentheses and 'not'", Next.At);
        var condition = Take(TokenKind.Not) ? new Condition.Not(Single()) : Take(TokenKind.Open) ? Group() : Comparison();
        _depth--;
        return condition;
    }

    Condition Group()
    {
        var inner = Either();
        return Take(TokenKind.Close) ? inner : throw Unexpected("'and', 'or' or ')'");
    }

    Condition Comparison()
    {
        var left = Operand("a name, a number, 'not' or '('");
        if (Next.Kind == TokenKind.Comparator)
        {
            var comparator = Comparator(Next.Text);
            _next++;
            return new Condition.Comparison(left, comparator, Operand("a name or a number"));
        }
        return left is Operand.Name name ? new Condition.Truth(name) : throw Unexpected("<, <=, >, >= or = after a number");
    }

    Operand Operand(string expected)
    {
        var token = Next;
        Operand operand = token.Kind switch
        {
            TokenKind.Name => new Operand.Name(token.Text, token.At),
            TokenKind.Number => new Operand.Number(token.Number, token.At),
            _ => throw Unexpected(expected),
        };
        if (operand is Operand.Number { Value: var value } && !double.IsFinite(value))
            throw new ConditionException($"{token.Text} is beyond float64", token.At);
        _next++;
        return operand;
    }

    bool Take(TokenKind kind)
    {
        if (Next.Kind != kind) return false;
        _next++;
        return true;
    }

    ConditionException Unexpected(string expected) =>
        new($"{(Next.Kind == TokenKind.End ? "the condition ends" : $"'{Next.Text}' stands")} where {expected} was expected", Next.At);

    static Comparator Comparator(string text) => text switch
    {
        "<" => Conditions.Comparator.Less,
        "<=" => Conditions.Comparator.LessOrEqual,
        ">" => Conditions.Comparator.Greater,
        ">=" => Conditions.Comparator.GreaterOrEqual,
        _ => Conditions.Comparator.Equal,
    };
}

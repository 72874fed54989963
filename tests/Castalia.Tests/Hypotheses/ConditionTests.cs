using Castalia.Hypotheses.Conditions;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Hypotheses;

public sealed class ConditionTests
{
    static readonly Gen<Operand> AnyOperand = Gen.OneOf(
        Gen.Double[-1e6, 1e6].Select(d => (Operand)new Operand.Number(d, 0)),
        Gen.Int[-20, 20].Select(i => (Operand)new Operand.Number(i, 0)),
        Gen.OneOf("a", "b.low", "models", "note", "android.x_1").Select(name => (Operand)new Operand.Name(name, 0)));

    static readonly Gen<Condition> AnyCondition = Gen.Recursive<Condition>((depth, inner) => depth > 4 ? Leaf : Gen.Frequency(
        (2, Leaf),
        (1, inner.Select(c => (Condition)new Condition.Not(c))),
        (2, Gen.Select(inner, inner, (a, b) => (Condition)new Condition.And(a, b))),
        (2, Gen.Select(inner, inner, (a, b) => (Condition)new Condition.Or(a, b)))));

    static Gen<Condition> Leaf => Gen.OneOf(
        Gen.OneOf("t", "f.flag", "order").Select(name => (Condition)new Condition.Truth(new(name, 0))),
        Gen.Select(AnyOperand, Gen.Enum<Comparator>(), AnyOperand, (l, c, r) => (Condition)new Condition.Comparison(l, c, r)));

    [Fact]
    public void What_is_written_is_read_back_as_the_same_condition() =>
        AnyCondition.Sample(condition => Assert.Equal(condition, Placeless(ConditionParser.Parse(ConditionText.Of(condition)))));

    [Fact]
    public void White_space_between_words_does_not_matter() => AnyCondition.Sample(condition =>
    {
        string text = ConditionText.Of(condition);
        Assert.Equal(condition, Placeless(ConditionParser.Parse($"\n {text.Replace(" ", "\t\n  ")} ")));
    });

    [Theory]
    [InlineData("a < 1 or b < 1 and c < 1", "a < 1 or (b < 1 and c < 1)")]
    [InlineData("not a and b", "(not a) and b")]
    [InlineData("not a < 1 and b", "(not (a < 1)) and b")]
    [InlineData("a or b or c", "(a or b) or c")]
    [InlineData("((a))", "a")]
    public void And_binds_tighter_than_or_and_not_tighter_than_both(string text, string same) =>
        Assert.Equal(Placeless(ConditionParser.Parse(same)), Placeless(ConditionParser.Parse(text)));

    [Theory]
    [InlineData("", 0, "the condition ends where a name, a number, 'not' or '(' was expected")]
    [InlineData("a <", 3, "the condition ends where a name or a number was expected")]
    [InlineData("a < 1 b", 6, "'b' stands where 'and', 'or' or the end was expected")]
    [InlineData("a < 1 < 2", 6, "'<' stands where 'and', 'or' or the end was expected")]
    [InlineData("(a or b", 7, "the condition ends where 'and', 'or' or ')' was expected")]
    [InlineData("1", 1, "the condition ends where <, <=, >, >= or = after a number was expected")]
    [InlineData("a and or b", 6, "'or' stands where a name, a number, 'not' or '(' was expected")]
    [InlineData("a == 1", 3, "'=' stands where a name or a number was expected")]
    [InlineData("a ! b", 2, "'!' begins no word of a condition")]
    [InlineData("a < 3x", 4, "'3' begins no word of a condition")]
    [InlineData("a.b.c < 1", 0, "'a' begins no word of a condition")]
    [InlineData("A < 1", 0, "'A' begins no word of a condition")]
    [InlineData("a < 1e999", 4, "1e999 is beyond float64")]
    [InlineData("a < .5", 4, "'.' begins no word of a condition")]
    public void What_is_no_condition_is_refused_with_what_was_expected_and_where(string text, int at, string cause)
    {
        var e = Assert.Throws<ConditionException>(() => ConditionParser.Parse(text));
        Assert.Equal((cause, at), (e.Message, e.At));
    }

    [Fact]
    public void Any_text_is_a_condition_or_refused_at_a_place_in_it() => Gen.String[Gen.OneOf("and or not ()<>=.az_09-eE \n!é".ToCharArray()), 0, 40].Sample(text =>
    {
        try
        {
            ConditionParser.Parse(text);
        }
        catch (ConditionException e)
        {
            Assert.InRange(e.At, 0, text.Length);
        }
    });

    [Fact]
    public void A_hundred_thousand_parentheses_are_refused_and_do_not_end_the_process() =>
        Assert.StartsWith("more than", Assert.Throws<ConditionException>(() => ConditionParser.Parse(new string('(', 100_000))).Message);

    [Theory]
    [InlineData("one < 1", false)]
    [InlineData("one <= 1", true)]
    [InlineData("one > 1", false)]
    [InlineData("one >= 1", true)]
    [InlineData("one = 1", true)]
    [InlineData("-1 < one", true)]
    [InlineData("yes", true)]
    [InlineData("not yes", false)]
    [InlineData("gone < 1", null)]
    [InlineData("not gone < 1", null)]
    [InlineData("gone < 1 and no", false)]
    [InlineData("no and gone < 1", false)]
    [InlineData("gone < 1 and yes", null)]
    [InlineData("gone < 1 or yes", true)]
    [InlineData("gone < 1 or no", null)]
    [InlineData("missing or yes", true)]
    [InlineData("gone = gone", null)]
    public void The_undefined_decides_only_where_it_matters(string text, bool? value) => Assert.Equal(value, Evaluation.Of(ConditionParser.Parse(text), name => name switch
    {
        "one" => Meaning.Of(1.0),
        "yes" => Meaning.Of(true),
        "no" => Meaning.Of(false),
        _ => Meaning.Undefined("it is not there"),
    }));

    /// <summary>The condition with every place 0, to compare by content.</summary>
    static Condition Placeless(Condition condition) => condition switch
    {
        Condition.Truth t => new Condition.Truth(t.Name with { At = 0 }),
        Condition.Comparison c => new Condition.Comparison(c.Left with { At = 0 }, c.Comparator, c.Right with { At = 0 }),
        Condition.Not n => new Condition.Not(Placeless(n.Of)),
        Condition.And a => new Condition.And(Placeless(a.Left), Placeless(a.Right)),
        Condition.Or o => new Condition.Or(Placeless(o.Left), Placeless(o.Right)),
        _ => throw new InvalidOperationException(),
    };
}

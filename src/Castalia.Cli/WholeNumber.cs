using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Castalia.Cli;

/// <summary>An option that takes a whole number.</summary>
/// <remarks>To the parser it is a text, whose generic classes, unlike those of numbers, need not be compiled at every start.</remarks>
sealed class WholeNumber : Option<string>
{
    readonly long _least, _most;

    /// <summary>From one number to another; the default is a text, with what a message calls it, so that it is checked alike.</summary>
    public WholeNumber(string name, string description, long least, long most, Func<(string Text, string Source)> byDefault) : base(name)
    {
        (_least, _most) = (least, most);
        Description = description;
        HelpName = "N";
        Arity = ArgumentArity.ExactlyOne;
        DefaultValueFactory = result =>
        {
            var (text, source) = byDefault();
            return Checked(text, source, result);
        };
        CustomParser = result => Checked(result.Tokens[0].Value, name, result);
    }

    /// <summary>The number given, or the default.</summary>
    public long In(ParseResult parse) => long.Parse(parse.GetValue(this)!, NumberStyles.None, CultureInfo.InvariantCulture);

    string Checked(string text, string source, ArgumentResult result)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number < _least || number > _most)
            result.AddError(FormattableString.Invariant($"{source} takes a whole number from {_least} to {_most}, not '{text}'."));
        return text;
    }
}

using System.CommandLine;
using System.Globalization;

namespace Castalia.Cli;

/// <summary>Options that take a whole number.</summary>
static class WholeNumber
{
    /// <summary>An option from one number to another; its default is a text, with what a message calls it, so that it is checked alike.</summary>
    public static Option<long> Option(string name, string description, long least, long most, Func<(string Text, string Source)> byDefault) => new(name)
    {
        Description = description,
        HelpName = "N",
        Arity = ArgumentArity.ExactlyOne,
        DefaultValueFactory = result =>
        {
            var (text, source) = byDefault();
            return Read(text, source, least, most, result.AddError);
        },
        CustomParser = result => Read(result.Tokens[0].Value, name, least, most, result.AddError),
    };

    static long Read(string text, string source, long least, long most, Action<string> error)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most)
            return number;
        error(FormattableString.Invariant($"{source} takes a whole number from {least} to {most}, not '{text}'."));
        return least;
    }
}

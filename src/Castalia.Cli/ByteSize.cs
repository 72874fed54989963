using System.CommandLine;
using System.Globalization;

namespace Castalia.Cli;

/// <summary>Options that take a number of bytes.</summary>
static class ByteSize
{
    static readonly (string Unit, long Bytes)[] Units = [("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("", 1)];

    /// <summary>An option of at least one byte, units being powers of 1000; null without the option.</summary>
    public static Option<long?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Read(name, result.Tokens[0].Value, result.AddError),
    };

    static long? Read(string name, string text, Action<string> error)
    {
        var (unit, bytes) = Units.First(u => text.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase));
        if (long.TryParse(text.AsSpan()[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out long number) &&
            number >= 1 && number <= long.MaxValue / bytes)
            return number * bytes;
        error($"{name} takes a whole number with KB, MB or GB after it, not '{text}'.");
        return null;
    }
}

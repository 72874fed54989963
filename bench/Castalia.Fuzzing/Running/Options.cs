using System.Globalization;
using Castalia.Fuzzing.Readers;

namespace Castalia.Fuzzing.Running;

/// <summary>What the command line says.</summary>
sealed record Options
{
    public long Cases { get; init; } = 10_000_000;

    public long From { get; init; }

    public ulong Seed { get; init; } = 1;

    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>The one reader; null for all.</summary>
    public Reader? Reader { get; init; }

    public string? Out { get; init; }

    public string? Keep { get; init; }

    /// <exception cref="FormatException">It says something else.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments)
    {
        var options = new Options();
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            string value = arguments[i + 1];
            options = arguments[i] switch
            {
                "--cases" => options with { Cases = long.Parse(value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) },
                "--from" => options with { From = long.Parse(value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) },
                "--seed" => options with { Seed = ulong.Parse(value, CultureInfo.InvariantCulture) },
                "--workers" => options with { Workers = int.Parse(value, CultureInfo.InvariantCulture) },
                "--reader" => options with { Reader = AllReaders.Named(value) ?? throw new FormatException($"There is no reader '{value}'; there are {string.Join(", ", AllReaders.List.Select(reader => reader.Name))}.") },
                "--out" => options with { Out = value },
                "--keep" => options with { Keep = value },
                _ => throw new FormatException($"'{arguments[i]}' is no option."),
            };
        }
        return arguments.Length % 2 == 0 ? options : throw new FormatException($"'{arguments[^1]}' has no value.");
    }
}

using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>The key/value section of a GGUF file.</summary>
sealed class GgufMetadata
{
    /// <summary>Values by key: bool, byte…ulong, float, double, string, or an array of one of those (string[], int[], float[] …).</summary>
    public required IReadOnlyDictionary<string, object> Values { get; init; }

    /// <summary>Path of the file, for messages.</summary>
    public string Path { get; init; } = "GGUF metadata";

    /// <summary>A string; null where the key is absent.</summary>
    /// <exception cref="InputException">The key holds something else.</exception>
    public string? FindString(string key) => Find<string>(key, "a string");

    /// <summary>A list of strings; null where the key is absent.</summary>
    /// <exception cref="InputException">The key holds something else.</exception>
    public string[]? FindStrings(string key) => Find<string[]>(key, "a list of strings");

    /// <summary>A yes or no; null where the key is absent.</summary>
    /// <exception cref="InputException">The key holds something else.</exception>
    public bool? FindBool(string key) => Values.TryGetValue(key, out object? value)
        ? value as bool? ?? throw CheckpointErrors.MetadataType(Path, key, "true or false", Describe(value))
        : null;

    /// <summary>A whole number; null where the key is absent.</summary>
    /// <exception cref="InputException">The key holds something else.</exception>
    public long? FindInteger(string key) => Values.TryGetValue(key, out object? value)
        ? value switch
        {
            byte n => n,
            sbyte n => n,
            ushort n => n,
            short n => n,
            uint n => n,
            int n => n,
            long n => n,
            ulong n and <= long.MaxValue => (long)n,
            _ => throw CheckpointErrors.MetadataType(Path, key, "a whole number", Describe(value)),
        }
        : null;

    T? Find<T>(string key, string expected) where T : class => Values.TryGetValue(key, out object? value)
        ? value as T ?? throw CheckpointErrors.MetadataType(Path, key, expected, Describe(value))
        : null;

    static string Describe(object value) => value switch
    {
        Array array => $"a list of {array.Length}",
        string text => $"the text '{text}'",
        _ => FormattableString.Invariant($"{value}"),
    };
}

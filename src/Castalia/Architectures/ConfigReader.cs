using System.Globalization;
using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>A config whose every key must be asked for, known to be harmless, or refused.</summary>
/// <param name="values">The top-level keys.</param>
/// <param name="file">Path, for messages.</param>
/// <param name="family">The family it is read as.</param>
sealed class ConfigReader(IReadOnlyDictionary<string, ConfigValue> values, string file, Family family)
{
    readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    readonly List<ConfigDefault> _defaults = [];

    /// <summary>Path, for messages.</summary>
    public string File => file;

    /// <summary>What was absent, in the order it was asked for.</summary>
    public IReadOnlyList<ConfigDefault> Defaults => _defaults;

    /// <summary>The whole number under a key; null where it is absent, or null where <paramref name="nullIsAbsent"/>.</summary>
    public int? Size(IReadOnlyList<string> names, bool nullIsAbsent = false) => Agreed(names, (name, value) => value.Value switch
    {
        null when nullIsAbsent && !value.IsArray => null,
        long n when n is >= 1 and <= int.MaxValue => (int?)n,
        long => throw ArchitectureErrors.OutOfRange(name, value.Text, file, "a whole number from 1 to 2147483647"),
        _ => throw ArchitectureErrors.WrongType(name, value, file, "a whole number"),
    });

    /// <summary>The number under a key; null where it is absent.</summary>
    /// <param name="names">The key's spellings.</param>
    /// <param name="isAllowed">What it may be, besides finite.</param>
    /// <param name="allowed">The same in words.</param>
    public double? Number(IReadOnlyList<string> names, Func<double, bool> isAllowed, string allowed) => Agreed(names, (name, value) =>
    {
        double? number = value.Value switch
        {
            long n => n,
            double d => d,
            _ => throw ArchitectureErrors.WrongType(name, value, file, "a number"),
        };
        return double.IsFinite(number.Value) && isAllowed(number.Value)
            ? number
            : throw ArchitectureErrors.OutOfRange(name, value.Text, file, allowed);
    });

    /// <summary>The true or false under a key; the default, recorded, where it is absent.</summary>
    public bool Bool(string name, bool otherwise) => Agreed<bool>([name], (_, value) =>
        value.Value as bool? ?? throw ArchitectureErrors.WrongType(name, value, file, "true or false")) ?? Default(name, otherwise);

    /// <summary>The string under a key, with the spelling it was found in; null where it is absent.</summary>
    public (string Name, string Value)? Text(IReadOnlyList<string> names) => Agreed<(string Name, string Value)>(
        names,
        (name, value) => (name, value.Value as string ?? throw ArchitectureErrors.WrongType(name, value, file, "a string")),
        (a, b) => a.Value == b.Value);

    /// <summary>Takes the reference's default and records it.</summary>
    /// <param name="name">The key that was absent.</param>
    /// <param name="value">What is taken instead.</param>
    /// <param name="because">What it follows from; null where the reference simply says so.</param>
    public T Default<T>(string name, T value, string? because = null)
    {
        string text = value is bool b ? (b ? "true" : "false") : string.Create(CultureInfo.InvariantCulture, $"{value}");
        // Two properties may hang on one key; it is absent once.
        var taken = new ConfigDefault(Shown(name), because is null ? text : $"{text} ({because})", family.Reference);
        if (!_defaults.Contains(taken)) _defaults.Add(taken);
        return value;
    }

    /// <summary>Refuses keys at values that would ask for what Castalia does not compute.</summary>
    public void RefuseBeyondLimits()
    {
        foreach (LimitedKey limited in family.Limited)
        {
            _asked.Add(limited.Name);
            if (values.TryGetValue(limited.Name, out ConfigValue? value) && !limited.Allowed.Any(allowed => Same(value, allowed)))
                throw ArchitectureErrors.Limited(limited, value.Text, file);
        }
    }

    /// <summary>Refuses every key that nobody asked for and that is not known to be harmless.</summary>
    public void RefuseUnknown()
    {
        foreach ((string key, ConfigValue value) in values.Where(pair => !family.Harmless.Any(pattern => Matches(pattern, pair.Key))))
        {
            if (_asked.Contains(key)) continue;
            bool isGroup = _asked.Any(asked => asked.StartsWith(key + "/", StringComparison.Ordinal));
            if (!isGroup) throw ArchitectureErrors.UnknownKey(key, value.Text, file, family);
            foreach ((string child, ConfigValue inner) in value.Children ?? new Dictionary<string, ConfigValue>())
                if (!_asked.Contains($"{key}/{child}"))
                    throw ArchitectureErrors.UnknownKey(Shown($"{key}/{child}"), inner.Text, file, family);
        }
    }

    /// <summary>A key as messages show it.</summary>
    public static string Shown(string name) => name.Replace('/', '.');

    T? Agreed<T>(IReadOnlyList<string> names, Func<string, ConfigValue, T?> read, Func<T, T, bool>? same = null) where T : struct
    {
        (string Name, ConfigValue Raw, T Value)? first = null;
        foreach (string name in names)
        {
            _asked.Add(name);
            if (Find(name) is not { } raw || read(Shown(name), raw) is not { } value) continue;
            if (first is not { } before) first = (name, raw, value);
            else if (!(same?.Invoke(before.Value, value) ?? EqualityComparer<T>.Default.Equals(before.Value, value)))
                throw ArchitectureErrors.Conflict(Shown(before.Name), before.Raw.Text, Shown(name), raw.Text, file);
        }
        return first?.Value;
    }

    ConfigValue? Find(string name)
    {
        string[] path = name.Split('/');
        if (!values.TryGetValue(path[0], out ConfigValue? value)) return null;
        if (path.Length == 1) return value;
        if (value is { Value: null, IsArray: false }) return null; // "rope_scaling": null says there is none
        var children = value.Children ?? throw ArchitectureErrors.WrongType(path[0], value, file, "an object");
        return children.GetValueOrDefault(path[1]);
    }

    static bool Same(ConfigValue value, string allowed) => value.Value switch
    {
        long or double => double.TryParse(allowed, CultureInfo.InvariantCulture, out double number) &&
                          Convert.ToDouble(value.Value, CultureInfo.InvariantCulture) == number,
        _ => value.Text == allowed,
    };

    static bool Matches(string pattern, string key)
    {
        int star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0
            ? key == pattern
            : key.Length >= pattern.Length - 1 && key.StartsWith(pattern[..star], StringComparison.Ordinal) &&
              key.EndsWith(pattern[(star + 1)..], StringComparison.Ordinal);
    }
}

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
    readonly List<string> _passedOver = [];

    /// <summary>Path, for messages.</summary>
    public string File => file;

    /// <summary>What was absent, in the order it was asked for.</summary>
    public IReadOnlyList<ConfigDefault> Defaults => _defaults;

    /// <summary>What was passed over, each with its value: keys that nobody reads and that ask for nothing.</summary>
    public IReadOnlyList<string> PassedOver => _passedOver;

    /// <summary>The one whole number that a list states for every block, or that stands alone; null where the key is absent.</summary>
    public int? PerBlock(IReadOnlyList<string> names, int nLayers) => Agreed(names, (name, value) =>
    {
        if (value.Items is not { } items) return Whole(name, value);
        if (items.Count != nLayers) throw ArchitectureErrors.BlocksCounted(name, items.Count, nLayers, file);
        int?[] each = [.. items.Select(item => Whole(name, item)).Distinct()];
        return each.Length == 1 ? each[0] : throw ArchitectureErrors.BlocksDiffer(name, each.Select(n => $"{n}"), file);

        int? Whole(string stated, ConfigValue one) => one.Value switch
        {
            long n when n is >= 1 and <= int.MaxValue => (int?)n,
            long => throw ArchitectureErrors.OutOfRange(stated, one.Text, file, "a whole number from 1 to 2147483647"),
            _ => throw ArchitectureErrors.WrongType(stated, value, file, "a whole number"),
        };
    });

    /// <summary>The whole number under a key; null where it is absent, or null where <paramref name="nullIsAbsent"/>.</summary>
    public int? Size(IReadOnlyList<string> names, bool nullIsAbsent = false, int most = int.MaxValue) => Agreed(names, (name, value) => value.Value switch
    {
        null when nullIsAbsent && value.IsNull => null,
        long n when n >= 1 && n <= most => (int?)n,
        long => throw ArchitectureErrors.OutOfRange(name, value.Text, file, $"a whole number from 1 to {most}"),
        double d when Math.Abs(d) > long.MaxValue => throw ArchitectureErrors.OutOfRange(name, value.Text, file, $"a whole number from 1 to {most}"),
        _ => throw ArchitectureErrors.WrongType(name, value, file, "a whole number"),
    });

    /// <summary>Whether one of the spellings is there and says null.</summary>
    public bool IsNull(IEnumerable<string> names) => names.Any(name => Find(name) is { IsNull: true });

    /// <summary>The number under a key; null where it is absent, or null where <paramref name="nullIsAbsent"/>.</summary>
    /// <param name="names">The key's spellings.</param>
    /// <param name="isAllowed">What it may be, besides finite.</param>
    /// <param name="allowed">The same in words.</param>
    /// <param name="nullIsAbsent">Whether null is as good as nothing.</param>
    public double? Number(
        IReadOnlyList<string> names, Func<double, bool> isAllowed, string allowed, bool nullIsAbsent = false) => Agreed(names, (name, value) =>
    {
        if (nullIsAbsent && value.IsNull) return null;
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

    /// <summary>A number that must be there or have a default, which is recorded.</summary>
    public double Number(NumberKey key, Func<double, bool> isAllowed, string allowed, bool nullIsAbsent = false) => Number(key.Names, isAllowed, allowed, nullIsAbsent) ??
        (key.Default is { } value ? DefaultOf(key.Names, value) : throw ArchitectureErrors.Missing(key.Names[0], file, family));

    /// <summary>A number above 0 that a model may lack: by saying null, or by not stating what has no default.</summary>
    public double? Optional(NumberKey? key, double most = float.MaxValue)
    {
        if (key is null) return null;
        if (key.None is { } none && key.Names.Any(name => Find(name) is { } value && Same(value, none.ToString(CultureInfo.InvariantCulture))))
        {
            Ignore(key.Names);
            return null;
        }
        string allowed = string.Create(CultureInfo.InvariantCulture, $"a number above 0, at most {most:G6}, or null");
        if (Number(key.Names, v => v > 0 && v <= most, allowed, nullIsAbsent: true) is { } stated) return stated;
        return key.Names.Any(name => Find(name) is not null) || key.Default is not { } value ? null : DefaultOf(key.Names, value);
    }

    /// <summary>Takes keys, with all that stands under them, for known: what they would say does not come to pass.</summary>
    public void Ignore(IEnumerable<string> names) => _asked.UnionWith(names);

    /// <summary>The strings of an array; null where the key is absent or null.</summary>
    public IReadOnlyList<string>? Words(string name)
    {
        _asked.Add(name);
        if (Find(name) is not { IsNull: false } value) return null;
        return [.. (value.Items ?? throw ArchitectureErrors.WrongType(Shown(name), value, file, "an array of strings"))
            .Select(item => item.Value as string ?? throw ArchitectureErrors.WrongType(Shown(name), value, file, "an array of strings"))];
    }

    /// <summary>A value as it stands, asked for; null where it is absent or null.</summary>
    public ConfigValue? Raw(string name)
    {
        _asked.Add(name);
        return Find(name) is { IsNull: false } value ? value : null;
    }

    T DefaultOf<T>(IReadOnlyList<string> names, T value) => names.Count == 0 ? value : Default(names[0], value);

    /// <summary>The true or false under a key; the default, recorded, where it is absent.</summary>
    /// <remarks>Null is false, and recorded, whatever the default: the reference asks whether the value holds.</remarks>
    public bool Bool(string name, bool otherwise) => Agreed<bool>([name], (_, value) => value.IsNull
        ? Default(name, false, "null")
        : value.Value as bool? ?? throw ArchitectureErrors.WrongType(name, value, file, "true or false")) ?? Default(name, otherwise);

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
            if (Find(limited.Name) is not { } value) continue;
            bool isRefused = limited.Refused.Count > 0 ? limited.Refused.Any(refused => Same(value, refused)) : !limited.Allowed.Any(allowed => Same(value, allowed));
            // To the reference null is as good as false or nothing.
            if (isRefused && !(value.IsNull && limited.Allowed.Any(allowed => allowed is "false" or "{}")))
                throw ArchitectureErrors.Limited(limited, value.Text, file);
            if (limited.IsNoted) _passedOver.Add($"'{Shown(limited.Name)}' ({value.Text})");
        }
    }

    /// <summary>Refuses every key that nobody asked for, that is not known to be harmless and that asks for something.</summary>
    public void RefuseUnknown()
    {
        string[] records = [.. values.Keys.Where(key => !_asked.Contains(key) && family.Records.Any(pattern => Matches(pattern, key)))];
        Ignore(records);
        if (records.Length > 0)
        {
            string first = Printable.Of(records.Order(StringComparer.Ordinal).First(), 60);
            _passedOver.Add($"{records.Length} {(records.Length == 1 ? "key" : "keys")} of a tool's record of how the file was made ({first}{(records.Length == 1 ? "" : ", …")})");
        }
        RefuseUnknown("", values);
    }

    void RefuseUnknown(string under, IReadOnlyDictionary<string, ConfigValue> keys)
    {
        foreach ((string key, ConfigValue value) in keys)
        {
            string path = under + key;
            if (_asked.Contains(path)) continue;
            if (family.Harmless.Any(pattern => Matches(pattern, path)))
            {
                if (value.Value is double number && !double.IsFinite(number)) _passedOver.Add($"'{Shown(path)}' ({value.Text})");
                continue;
            }
            if (_asked.Any(asked => asked.StartsWith(path + "/", StringComparison.Ordinal)))
            {
                if (value.Children is { } children) RefuseUnknown(path + "/", children);
                continue;
            }
            if (!AsksForNothing(path, value))
                throw family.Config == ConfigKind.Gguf
                    ? ArchitectureErrors.UnknownMetadata(Shown(path), value.Text, file, family)
                    : ArchitectureErrors.UnknownKey(Shown(path), value.Text, file, family);
            _passedOver.Add($"'{Shown(path)}' ({(value.Text.Length == 0 ? "empty" : value.Text)})");
        }
    }

    /// <summary>Null, false, nothing at all, or the version of something: of a key that nobody reads, no request.</summary>
    static bool AsksForNothing(string name, ConfigValue value) =>
        value.IsNull || value.Value is false or "" || value.Items is { Count: 0 } || value.Children is { Count: 0 } ||
        (value.Value is string && name.Split('_', '.', '/', '-')[^1] == "version");

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
        IReadOnlyDictionary<string, ConfigValue>? keys = values;
        string[] path = name.Split('/');
        for (int i = 0; ; i++)
        {
            if (!keys.TryGetValue(path[i], out ConfigValue? value) || i == path.Length - 1) return value;
            if (value.IsNull) return null; // "rope_scaling": null says there is none
            keys = value.Children ?? throw ArchitectureErrors.WrongType(Shown(string.Join('/', path[..(i + 1)])), value, file, "an object");
        }
    }

    /// <summary>Whether a value is what a text stands for: the string "false" is not false.</summary>
    static bool Same(ConfigValue value, string allowed) => value.Value switch
    {
        long or double => double.TryParse(allowed, CultureInfo.InvariantCulture, out double number) &&
                          Convert.ToDouble(value.Value, CultureInfo.InvariantCulture) == number,
        string text => text == allowed && allowed is not ("null" or "true" or "false" or "{}") && !double.TryParse(allowed, CultureInfo.InvariantCulture, out _),
        bool flag => allowed == (flag ? "true" : "false"),
        IReadOnlyDictionary<string, ConfigValue> { Count: var count } => allowed == "{}" && count == 0,
        _ => value.IsNull && allowed == "null",
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

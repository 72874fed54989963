namespace Castalia.YamlFiles;

/// <summary>The YAML files inside the assembly, named ROOM/FILE without an extension.</summary>
static class Embedded
{
    /// <summary>Names that begin so, sorted.</summary>
    public static IEnumerable<string> Names(string prefix) => typeof(Embedded).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>One of them; places in it are named as the file is: FILE.yaml.</summary>
    public static SourceText Source(string name, YamlFormat format)
    {
        using var stream = typeof(Embedded).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return new($"{name[(name.LastIndexOf('/') + 1)..]}.yaml", reader.ReadToEnd(), format);
    }
}

using System.Security.Cryptography;
using System.Text;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Interventions;
using Castalia.Wording;
using Castalia.YamlFiles;

namespace Castalia.DoFiles;

/// <summary>Interventions as somebody wrote them down.</summary>
/// <param name="Name">Path of the file, or the name of one that ships.</param>
/// <param name="Sha256">Hash of its text as UTF-8, lower-case hexadecimal.</param>
/// <param name="Entries">What it says, in its order.</param>
sealed record DoFile(string Name, string Sha256, IReadOnlyList<InterventionEntry> Entries)
{
    const string Prefix = "DoFiles/";

    /// <summary>What such a file holds.</summary>
    internal static readonly YamlFormat Format = new("list of interventions", "a", "docs/interventions.md");

    /// <summary>Names of those that ship.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Embedded.Names(Prefix).Select(name => name[Prefix.Length..])];

    /// <summary>Sets of texts that its means, directions and rankings of coordinates are taken over.</summary>
    public IEnumerable<string> Sets => Entries.SelectMany(SetsOf).Distinct();

    static IEnumerable<string> SetsOf(InterventionEntry entry) =>
        [.. entry.Pattern.Changes.Select(change => change.Deed).OfType<Deed.Mean>().Select(mean => mean.Over.Set).OfType<string>(), .. StreamDirections.Sets(entry)];

    /// <summary>A file on disk; or, by a name without an extension of which there is no file, one that ships.</summary>
    /// <exception cref="InputException">Anything that is not plainly a list of interventions, with file, line and column.</exception>
    public static DoFile Read(string named)
    {
        bool isFile = File.Exists(named) || Path.HasExtension(named) || named.Contains('/', StringComparison.Ordinal);
        if (!isFile && !Names.Contains(named)) throw DoFileErrors.NoSuchName(named, Nearest.Of(named, Names), Names);
        var source = isFile ? SourceText.Read(named, Format) : Embedded.Source(Prefix + named, Format);
        return Of(source, named, isFile ? Path.GetDirectoryName(Path.GetFullPath(named)) : null);
    }

    /// <summary>A text.</summary>
    /// <param name="source">The text.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="folder">Where the files that it names are looked for first; null for nowhere but the current folder.</param>
    internal static DoFile Of(SourceText source, string name, string? folder) => new(
        name, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.Text))),
        [.. YamlMap.List(source, "an intervention", DoEntryReader.Keys).Select(map => new DoEntryReader(map, folder).Read())]);
}

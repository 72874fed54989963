using System.Text;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.YamlFiles;

namespace Castalia.Twins;

/// <summary>The networks that come trained with the package, and the plan that trains them; tools/ship-twins.py puts others in their place.</summary>
static class ShippedTwins
{
    const string Room = "ShippedTwins/", Sums = "weights";

    static readonly Lazy<TwinPlan> s_plan = new(() => TwinPlanReader.Of(Embedded.Source($"{Room}default", TwinPlanReader.Format)));

    static readonly Lazy<IReadOnlyList<ShippedTwin>> s_all = new(Listed);

    /// <summary>The plan, which <c>castalia twins</c> carries out where none is named.</summary>
    public static TwinPlan Plan => s_plan.Value;

    /// <summary>Its networks, in its order.</summary>
    public static IReadOnlyList<ShippedTwin> All => s_all.Value;

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names => [.. All.Select(twin => twin.Name)];

    /// <summary>Makes sure that the networks lie in a folder, as checkpoints that every verb reads.</summary>
    /// <param name="cacheFolder">The folder; made if it does not exist.</param>
    /// <param name="say">Told of each that is written; may be null.</param>
    /// <param name="cancellation">Stops between networks; leaves nothing behind.</param>
    /// <returns>One checkpoint folder each, in the plan's order; a file that is not as shipped is written again.</returns>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> Ensure(string cacheFolder, Action<string>? say, CancellationToken cancellation) =>
        [.. All.Select(twin => Ensure(twin, cacheFolder, say, cancellation))];

    /// <summary>The same of one of them.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static string Ensure(ShippedTwin twin, string cacheFolder, Action<string>? say, CancellationToken cancellation)
    {
        string folder = Path.Combine(Path.GetFullPath(cacheFolder), twin.Name);
        var texts = twin.Texts;
        try
        {
            if (IsWhole(folder, twin, texts, cancellation)) return folder;
            say?.Invoke($"unpacking {twin.Name}");
            using var unfinished = Unfinished.Beside(folder);
            Directory.CreateDirectory(unfinished.Path);
            foreach (var (name, text) in texts) File.WriteAllText(Path.Combine(unfinished.Path, name), text);
            using (var stored = Weights(twin))
            using (var file = File.Create(Path.Combine(unfinished.Path, ShippedTwin.Weights))) stored.CopyTo(file);
            cancellation.ThrowIfCancellationRequested();
            if (Directory.Exists(folder) && !IsWhole(folder, twin, texts, cancellation)) Directory.Delete(folder, recursive: true);
            if (!Directory.Exists(folder)) Directory.Move(unfinished.Path, folder);
            return folder;
        }
        catch (IOException) when (IsWhole(folder, twin, texts, cancellation))
        {
            return folder; // another process was quicker
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw TwinErrors.NoCache(cacheFolder, e);
        }
    }

    /// <summary>The bytes of a network's model.safetensors.</summary>
    internal static Stream Weights(ShippedTwin twin) => Resource(twin.Name);

    static IReadOnlyList<ShippedTwin> Listed()
    {
        using var reader = new StreamReader(Resource(Sums));
        var sums = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  ")).ToDictionary(line => line[1], line => line[0], StringComparer.Ordinal);
        return [.. Plan.Twins.Select(twin => new ShippedTwin(twin, sums[$"{ShippedTwin.NameOf(twin)}.safetensors"]))];
    }

    static Stream Resource(string name) =>
        typeof(ShippedTwins).Assembly.GetManifestResourceStream(Room + name) ?? throw new InvalidOperationException($"The resource {Room}{name} is missing from the assembly.");

    static bool IsWhole(string folder, ShippedTwin twin, IReadOnlyDictionary<string, string> texts, CancellationToken cancellation)
    {
        try
        {
            return texts.All(text => File.ReadAllBytes(Path.Combine(folder, text.Key)).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text.Value))) &&
                Sha256.OfFile(Path.Combine(folder, ShippedTwin.Weights), cancellation) == twin.Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

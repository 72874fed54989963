using System.Globalization;
using Castalia.Twins;

namespace Castalia.Tests.Twins;

/// <summary>Networks of a plan that nobody trained: the factors are the plan's, the readings made up.</summary>
static class MadeUpStudy
{
    /// <summary>A table of every network of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="readings">Readings that are otherwise than usual, by column.</param>
    public static TwinTable Of(TwinPlan plan, Func<Twin, IReadOnlyDictionary<string, double>> readings) => new([.. plan.Twins.Select(twin => Network(plan, twin, readings(twin)))]);

    /// <summary>Noise that goes with nothing: within ±0.01.</summary>
    public static double Noise(Twin twin, int salt = 37)
    {
        int cell = twin.Cell.Name.Aggregate(salt, (hash, c) => (hash * 31 + c) % 1009), mixed = (cell + (int)twin.Seed * 397) % 1009;
        return 0.02 * (mixed * mixed % 1009 / 1008.0 - 0.5);
    }

    /// <summary>A factor of a network as a number; text is 0.</summary>
    public static double Number(Twin twin, string factor) => Factors.Of(factor).Of(twin) switch
    {
        double real => real,
        long whole => whole,
        bool truth => truth ? 1 : 0,
        _ => 0,
    };

    static TwinNetwork Network(TwinPlan plan, Twin twin, IReadOnlyDictionary<string, double> readings) => new([.. TwinColumn.All.Select(column => column.Name switch
    {
        "plan" => plan.Name,
        "cell" => twin.Cell.Name,
        "seed" => twin.Seed.ToString(CultureInfo.InvariantCulture),
        "weights_sha256" => new string('0', 64),
        "recipe_version" => "1",
        "parameters" => "9664",
        "trained_tokens" => "1920",
        "prompts" => "120",
        var name when Factors.Names.Contains(name) => TwinColumn.Field(Factors.Of(name).Of(twin)),
        var name => TwinColumn.Field(readings.TryGetValue(name, out double reading) ? reading : 0.5),
    })]);
}

using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Castalia.Checkpoints;
using Castalia.Cli;
using Castalia.Runs;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.House;

/// <summary>The rooms of the house stand on floors, and what a room uses lies in it or below it.</summary>
public sealed class FloorsTests
{
    /// <summary>From the ground up; rooms of one floor do not know each other.</summary>
    static readonly string[][] s_floors =
    [
        ["Errors", "Kernels", "Machine", "Residual", "Statistics"],
        ["Checkpoints", "Wording"],
        ["Architectures", "Hub", "Tokens", "YamlFiles"],
        ["Cards", "Prompts"],
        ["Forward", "PromptFiles", "Published", "Untrained"],
        ["Attribution", "Conversion"],
        ["Derivatives", "Interventions"],
        ["DoFiles", "Training"],
        ["Runs"],
        ["Store", "Twins"],
        ["Analyses", "Sweeps"],
        ["Hypotheses", "Slurm"],
        ["Anatomy", "Literature"],
        ["Audit"],
        ["Curves", "Dossier"],
        ["Reports"],
        ["Cli"],
    ];

    /// <summary>What each assembly holds, from the ground up.</summary>
    static readonly (System.Type Of, string[] Rooms)[] s_assemblies =
    [
        (typeof(Checkpoint), ["Architectures", "Attribution", "Checkpoints", "Conversion", "Derivatives", "Errors", "Forward", "Hub", "Interventions", "Kernels", "Machine", "Prompts", "Residual", "Tokens", "Training", "Untrained"]),
        (typeof(Interval), ["Statistics"]),
        (typeof(Run), ["Analyses", "Anatomy", "Audit", "Cards", "Curves", "DoFiles", "Dossier", "Hypotheses", "Literature", "PromptFiles", "Published", "Reports", "Runs", "Slurm", "Store", "Sweeps", "Twins", "Wording", "YamlFiles"]),
        (typeof(CommandLine), ["Cli"]),
    ];

    static readonly Architecture s_house = new ArchLoader().LoadAssemblies([.. s_assemblies.Select(assembly => assembly.Of.Assembly)]).Build();

    [Fact]
    public void What_a_room_uses_lies_in_it_or_on_a_floor_below()
    {
        var floor = s_floors.SelectMany((rooms, height) => rooms.Select(room => (room, height))).ToDictionary(pair => pair.room, pair => pair.height);
        var upwards = from type in s_house.Types
                      let room = RoomOf(type)
                      where room is not null
                      from dependency in type.Dependencies
                      where dependency.Target is not GenericParameter // two of one name are taken for one
                      let other = RoomOf(dependency.Target)
                      where other is not null && other != room && floor[other] >= floor[room]
                      select $"{room}.{type.Name} uses {other}.{dependency.Target.Name}";
        Assert.Equal("", string.Join('\n', upwards.Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_room_stands_on_one_floor_and_lies_in_one_assembly()
    {
        foreach (var (of, rooms) in s_assemblies)
        {
            string assembly = of.Assembly.GetName().Name!;
            var found = s_house.Types.Where(type => type.Assembly.Name.Split(',')[0] == assembly).Select(RoomOf).OfType<string>().Distinct().Order(StringComparer.Ordinal);
            Assert.Equal(rooms, found);
        }
        Assert.Equal(s_assemblies.SelectMany(assembly => assembly.Rooms).Order(StringComparer.Ordinal), s_floors.SelectMany(rooms => rooms).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Models_can_be_built_on_without_the_laboratory_and_statistics_without_either()
    {
        string[] Outside(System.Type of) => [.. of.Assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => !name.StartsWith("System", StringComparison.Ordinal) && !name.StartsWith("Microsoft.Win32", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(["Google.Protobuf"], Outside(typeof(Checkpoint)));
        Assert.Equal(["MathNet.Numerics"], Outside(typeof(Interval)));
    }

    /// <summary>The room of a type; null for what is not ours.</summary>
    static string? RoomOf(IType type)
    {
        string[] parts = (type.Namespace?.FullName ?? "").Split('.');
        return parts is ["Castalia", var room, ..] ? room : null;
    }
}

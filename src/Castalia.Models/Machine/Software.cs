using System.Reflection;

namespace Castalia.Machine;

/// <summary>What made a run.</summary>
static class Software
{
    /// <summary>The version with the commit it was built from, where the build knows it.</summary>
    public static string Version { get; } =
        typeof(Software).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>"castalia" and the version.</summary>
    public static string NameAndVersion => $"castalia {Version}";
}

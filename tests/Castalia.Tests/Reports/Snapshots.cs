using Xunit;

namespace Castalia.Tests.Reports;

/// <summary>Texts as they were last looked at.</summary>
static class Snapshots
{
    /// <summary>Compares with the committed text; UPDATE_SNAPSHOTS=1 writes it instead and fails, so that it is looked at.</summary>
    public static void Snapshot(string name, string actual)
    {
        string path = Path.Combine(Shared.Repository, "tests", "Castalia.Tests", "Reports", "snapshots", name);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            Assert.Fail($"wrote {name}");
        }
        Assert.Equal(File.ReadAllText(path), actual);
    }
}

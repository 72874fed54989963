using Castalia.Machine;
using Xunit;

namespace Castalia.Tests.Machine;

public sealed class MachineFilesTests
{
    [Fact]
    public void Available_memory_is_the_least_of_the_machine_and_its_control_groups_which_get_their_file_pages_back()
    {
        using var folder = new TemporaryFolder();
        string meminfo = folder.Write("meminfo", "MemTotal:       4000 kB\nMemFree:  1 kB\nMemAvailable:   3000 kB\n");
        string none = folder.Write("none", "0::/\n");
        Assert.Equal(3000L * 1024, AvailableMemory.Of(meminfo, none, folder.Path));

        Directory.CreateDirectory(Path.Combine(folder.Path, "two"));
        folder.Write("two/memory.max", "1000000\n");
        folder.Write("two/memory.current", "700000\n");
        folder.Write("two/memory.stat", "anon 5\ninactive_file 200000\nfile 1\n");
        Assert.Equal(500_000, AvailableMemory.Of(meminfo, folder.Write("second", "0::/two\n"), folder.Path));
        folder.Write("two/memory.max", "max\n");
        Assert.Equal(3000L * 1024, AvailableMemory.Of(meminfo, Path.Combine(folder.Path, "second"), folder.Path));

        Directory.CreateDirectory(Path.Combine(folder.Path, "memory", "one"));
        folder.Write("memory/one/memory.limit_in_bytes", "90000\n");
        folder.Write("memory/one/memory.usage_in_bytes", "100000\n");
        Assert.Equal(0, AvailableMemory.Of(meminfo, folder.Write("first", "3:cpu:/x\n2:pids,memory:/one\n"), folder.Path));
        Assert.Null(AvailableMemory.Of(Path.Combine(folder.Path, "absent"), none, folder.Path));
        Assert.True(AvailableMemory.Bytes() > 0);
    }

    [Fact]
    public void Two_hardware_threads_of_a_core_count_once_and_only_those_that_the_process_may_use()
    {
        using var folder = new TemporaryFolder();
        (int Package, int Core)[] topology = [(0, 0), (0, 1), (0, 0), (0, 1), (1, 0)];
        for (int cpu = 0; cpu < topology.Length; cpu++)
        {
            Directory.CreateDirectory(Path.Combine(folder.Path, $"cpu{cpu}", "topology"));
            folder.Write($"cpu{cpu}/topology/physical_package_id", $"{topology[cpu].Package}\n");
            folder.Write($"cpu{cpu}/topology/core_id", $"{topology[cpu].Core}\n");
        }
        Assert.Equal(3, Of("0-4"));
        Assert.Equal(2, Of("0-3"));
        Assert.Equal(1, Of("0,2"));
        Assert.Null(Of("0-5"));
        Assert.Null(PhysicalCores.Of(Path.Combine(folder.Path, "absent"), folder.Path));
        Assert.InRange(PhysicalCores.Count, 1, Environment.ProcessorCount);

        int? Of(string cpus) => PhysicalCores.Of(folder.Write("status", $"Name:\tx\nCpus_allowed_list:\t{cpus}\n"), folder.Path);
    }
}

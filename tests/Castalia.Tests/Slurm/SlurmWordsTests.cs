using Castalia.Slurm;
using Castalia.Sweeps;
using Xunit;

namespace Castalia.Tests.Slurm;

/// <summary>What Slurm 22.05 printed, read.</summary>
public sealed class SlurmWordsTests
{
    const string Ours = "4edddef622a80001";

    [Theory]
    [InlineData("5:00", 300)]
    [InlineData("1:02:03\n", 3723)]
    [InlineData("2-00:00:01", 172_801)]
    [InlineData("UNLIMITED", null)]
    [InlineData("INVALID", null)]
    [InlineData("", null)]
    [InlineData("1-5", null)]
    [InlineData("99999999-00:00:00", null)]
    [InlineData("-1:00", null)]
    public void Times_are_read(string text, int? seconds) => Assert.Equal(seconds, SlurmTime.Of(text)?.TotalSeconds);

    [Fact]
    public void Tasks_are_known_by_the_submissions_name_and_stand_as_their_state_and_reason_say()
    {
        string[] lines =
        [
            $"5_0|castalia-{Ours}|RUNNING|n0|4:50|main|None", $"5_1|castalia-{Ours}|SPECIAL_EXIT||UNLIMITED|main|JobHeldUser", $"5_2|castalia-{Ours}|PENDING||5:00|main|JobHeldAdmin",
            $"5_3|castalia-{Ours}|PENDING||5:00|main|JobArrayTaskLimit", $"5_4|castalia-{Ours}|PENDING||5:00|main|launch failed requeued held", $"5_5|castalia-{Ours}|COMPLETING|n0|4:50|main|None",
            "6|castalia-ffffffff00000000|RUNNING|n1|5:00|main|None", "7|vim|RUNNING|n1|5:00|main|None",
        ];
        var tasks = SlurmTask.Of(string.Join('\n', lines) + "\n", [Ours]);
        Assert.Equal([("5_0", TaskStanding.Running), ("5_1", TaskStanding.Held), ("5_2", TaskStanding.Held), ("5_3", TaskStanding.Pending), ("5_4", TaskStanding.Held)], tasks.Select(task => (task.Id, task.Standing)));
        Assert.Equal("n0", tasks[0].Node);
    }

    [Fact]
    public void Nodes_out_of_use_are_found()
    {
        var nodes = SlurmNode.Of("n0|drained|main*|Duplicate jobid\nn1|down*|main*|Not responding\nn2|idle|main*|none\nn2|idle|long|none\nn3|allocated|main*|none\nn4|mixed*|main*|none\nn0|drained|long|Duplicate jobid\n");
        Assert.Equal([new("n0", "drained", "main", "Duplicate jobid"), new("n1", "down*", "main", "Not responding"), new("n4", "mixed*", "main", "none")], nodes);
    }

    [Theory]
    [InlineData("JobRequeue              = 1\nRequeueExit             = 75\nRequeueExitHold         = 76\n", true)]
    [InlineData("RequeueExit             = 1-10,70-80\n", true)]
    [InlineData("RequeueExit             = (null)\nRequeueExitHold         = 75\n", false)]
    [InlineData("", false)]
    public void Whether_a_cluster_requeues_is_read(string config, bool does) => Assert.Equal(does, SlurmSettings.Of(config).Requeues.Contains(75));

    [Fact]
    public void A_partitions_limit_is_its_default_or_else_its_most()
    {
        var partitions = SlurmPartition.Of("PartitionName=main AllowGroups=ALL Default=YES DefaultTime=NONE MaxTime=UNLIMITED State=UP\nPartitionName=long Default=NO DefaultTime=01:00:00 MaxTime=7-00:00:00\nPartitionName=short Default=NO DefaultTime=NONE MaxTime=00:30:00\n");
        Assert.Equal([new("main", true, "UNLIMITED"), new("long", false, "01:00:00"), new("short", false, "00:30:00")], partitions);
    }

    [Fact]
    public void Every_trouble_has_its_remedy()
    {
        SlurmTask[] tasks =
        [
            new("5_1", Ours, "PENDING", "PartitionTimeLimit", "", "5:00", "main"), new("5_2", Ours, "PENDING", "Resources", "", "5:00", "main"), new("5_3", Ours, "PENDING", "launch failed requeued held", "", "5:00", "main"),
        ];
        var status = SlurmStatus.Of(new("sweep"), 3, tasks, [new("n1", "down*", "main", "Not responding")], new(new HashSet<int>()));
        Assert.Equal((2, 0, 1), (status.Pending, status.Running, status.Held));
        Assert.Equal(
            [
                new("Task 5_3 is held (launch failed requeued held).", "It could not be started. scontrol release 5_3; where it is held again, scancel 5_3, and the same castalia sweep … --on slurm"),
                new("Task 5_1 asks for more time than partition main gives.", "scancel 5_1, then a shorter --time or another --partition"),
                new("Node n1 of partition main is down and does not answer: Not responding.", "Once that is mended, an administrator: scontrol update NodeName=n1 State=RESUME"),
                new("This cluster does not start tasks again that end with 75 (its RequeueExit lacks it): at its time limit a task leaves the rest, and is listed as failed.",
                    "Give the same command again then; or --tasks N with N above --nodes, so that later tasks go on."),
            ], status.Troubles);
        Assert.Empty(SlurmStatus.Of(new("sweep"), 0, tasks, [], null).Troubles);
        Assert.Single(SlurmStatus.Of(new("sweep"), 1, [], [], null).Troubles);
    }

    [Theory]
    [InlineData("a-b/c.d=e:f,g%h", "a-b/c.d=e:f,g%h")]
    [InlineData("", "''")]
    [InlineData("it's $HOME", "'it'\\''s $HOME'")]
    public void Words_are_quoted_for_shells(string word, string quoted) => Assert.Equal(quoted, ShellWord.Of(word));
}

using Castalia.Errors;
using Castalia.Fuzzing.Readers;
using Castalia.Fuzzing.Running;
using Xunit;

namespace Castalia.Tests.Fuzzing;

/// <summary>Whatever is in a file, reading it ends in a result or in one error that a person can act on: quickly, and in little memory.</summary>
public sealed class FuzzingTests
{
    const long Cases = 200_000;

    [Fact]
    public void No_case_of_two_hundred_thousand_escapes_its_reader()
    {
        var campaign = new Campaign(seed: 1, only: null);
        var time = campaign.Run(0, Cases, Environment.ProcessorCount, null, TestContext.Current.CancellationToken);
        string report = Report.Of(campaign, time);
        TestContext.Current.SendDiagnosticMessage(report);
        Assert.True(campaign.Failures.Count == 0, $"{report}\nOne by itself: dotnet run --project bench/Castalia.Fuzzing -- case NUMBER");
        Assert.Equal(Cases, campaign.Tallies.Values.Sum(tally => tally.Cases));
        Assert.All(AllReaders.List, reader => Assert.True(campaign.Tallies[reader.Name].Cases > Cases / 2000, reader.Name));
    }

    [Fact]
    public void Every_seed_is_read_as_it_is() => Assert.Empty(SeedCheck.Run());

    [Fact]
    public void A_case_follows_from_its_number()
    {
        for (long number = 0; number < 300; number++)
        {
            Case one = Case.Of(7, number, null), again = Case.Of(7, number, null);
            Assert.Equal(one.Content?.Bytes, again.Content?.Bytes);
            Assert.Equal((one.Reader, one.Seed, one.File, one.How), (again.Reader, again.Seed, again.File, again.How));
        }
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "throws", "escaped: InvalidDataException: No. at " },
        { "takes memory", "memory: 65 MiB were allocated for 5 bytes" },
        { "takes time", "time: 2." },
        { "names nothing", "message: names no file" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_reader_with_a_fault_is_found_out(string what, string fault)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.txt", "hello");
        var reader = new Reader(what, 1, () => [], file => Faulty(what, file));
        Assert.StartsWith(fault, Outcome.Of(reader, path, 5, [path, "a.txt"]).Fault);
    }

    [Fact]
    public void A_refusal_as_it_should_be_is_no_fault()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.txt", "hello");
        var outcome = Outcome.Of(new("refuses", 1, () => [], file => throw new InputException("No.", file, "Yes.")), path, 5, [path]);
        Assert.Null(outcome.Fault);
        Assert.Equal($"No.\n  where: {path}\n  to do: Yes.", outcome.Refusal);
    }

    static void Faulty(string what, string path)
    {
        switch (what)
        {
            case "throws":
                throw new InvalidDataException("No.");
            case "takes memory":
                for (int i = 0; i < 65; i++) GC.KeepAlive(new byte[1 << 20]);
                break;
            case "takes time":
                // Time that others on the machine took is not counted.
                var clock = System.Diagnostics.Stopwatch.StartNew();
                for (double waited = Usage.Waited(); clock.Elapsed.TotalSeconds - (Usage.Waited() - waited) < 2.1;) Thread.SpinWait(1_000_000);
                break;
            default:
                throw new InputException("No.", "somewhere", "Yes.");
        }
    }
}

using System.Diagnostics;
using Castalia.Checkpoints;
using Xunit;

namespace Castalia.Tests.Checkpoints;

/// <summary>What is not finished does not stay: removed by whoever began it, or by the next command where that was killed.</summary>
public sealed class UnfinishedTests
{
    [Fact]
    public void What_was_not_moved_is_removed_with_the_folders_made_for_it()
    {
        using var folder = new TemporaryFolder();
        string target = Path.Combine(folder.Path, "a", "b", "file");
        using (var unfinished = Unfinished.Beside(target))
        {
            File.WriteAllText(unfinished.Path, "half");
            Assert.Equal(Path.GetDirectoryName(target), Path.GetDirectoryName(unfinished.Path));
        }
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        using (var unfinished = Unfinished.Beside(target))
        {
            Directory.CreateDirectory(unfinished.Path);
            Directory.Move(unfinished.Path, target);
        }
        Assert.True(Directory.Exists(target));
    }

    [Fact]
    public void A_living_process_keeps_what_it_writes_and_a_dead_one_does_not()
    {
        using var folder = new TemporaryFolder();
        using var own = Unfinished.Beside(Path.Combine(folder.Path, "run"));
        Directory.CreateDirectory(own.Path);
        File.WriteAllText(Path.Combine(own.Path, "readings.parquet"), "half");
        // The same place as of another process that has ended, as a folder and as a file; of a number that is taken by a younger one; of another machine.
        string owner = Path.GetFileName(own.Path).Split(".partial-")[1];
        string[] parts = owner.Split('-');
        string ended = Ended().ToString(System.Globalization.CultureInfo.InvariantCulture);
        Directory.CreateDirectory(Path.Combine(folder.Path, $".run.partial-{parts[0]}-{ended}-1-00000000", "deep"));
        folder.Write($".out.csv.partial-{parts[0]}-{ended}-1-00000001", "half");
        folder.Write($".out.csv.partial-{parts[0]}-{parts[1]}-1-00000002", "half");
        string elsewhere = folder.Write($".out.csv.partial-ffffffff-{ended}-1-00000003", "half");
        string[] others = [folder.Write(".mine.partial-1", "x"), folder.Write("mine.partial-00000000-1-1-00000000", "x"), folder.Write(".bashrc", "x")];
        Assert.Equal(3, Unfinished.Sweep(folder.Path).Count);
        Assert.Equal(new[] { own.Path, elsewhere }.Concat(others).Order(), Directory.GetFileSystemEntries(folder.Path).Order());
        File.SetLastWriteTimeUtc(elsewhere, DateTime.UtcNow - TimeSpan.FromDays(8));
        Assert.Equal([Path.GetFileName(elsewhere)], Unfinished.Sweep(folder.Path));
        Assert.Empty(Unfinished.Sweep(Path.Combine(folder.Path, "none")));
    }

    [Fact]
    public void Its_name_fits_whatever_the_file_is_called()
    {
        using var folder = new TemporaryFolder();
        using var unfinished = Unfinished.Beside(Path.Combine(folder.Path, new string('ö', 125) + "\n"));
        File.WriteAllText(unfinished.Path, "half");
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(Path.GetFileName(unfinished.Path)) < 255);
    }

    [Fact]
    public void A_link_is_removed_and_not_what_it_leads_to()
    {
        using var folder = new TemporaryFolder();
        using var kept = new TemporaryFolder();
        string file = kept.Write("kept", "kept");
        using (var unfinished = Unfinished.Beside(Path.Combine(folder.Path, "x"))) Directory.CreateSymbolicLink(unfinished.Path, kept.Path);
        Assert.True(File.Exists(file));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    static int Ended()
    {
        using var process = Process.Start("true");
        process.WaitForExit();
        return process.Id;
    }
}

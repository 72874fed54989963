using Castalia.Errors;
using Castalia.Sweeps;
using Xunit;

namespace Castalia.Tests.Sweeps;

public sealed class SweepFolderTests : IDisposable
{
    readonly TemporaryFolder _temporary = new();
    readonly SweepFolder _folder;

    public SweepFolderTests()
    {
        _folder = new(_temporary.Path);
        _folder.Make();
    }

    [Fact]
    public void A_small_file_appears_in_place_of_the_one_before_and_leaves_nothing_beside_it()
    {
        string path = Path.Combine(_folder.Failed, "a");
        _folder.Write(path, "one");
        _folder.Write(path, "two");
        Assert.Equal("two", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Failed));
    }

    /// <summary>A process that was halted and taken for dead finds what it was writing removed, and writes it again.</summary>
    [Fact]
    public void What_is_removed_before_it_has_its_name_is_written_again_but_not_for_ever()
    {
        string path = Path.Combine(_folder.Failed, "a"), removed = Path.Combine(_folder.Failed, ".a.partial");
        Assert.False(SweepFolder.Appear(removed, path, isLast: false));
        Assert.Throws<FileNotFoundException>(() => SweepFolder.Appear(removed, path, isLast: true));
        Assert.False(File.Exists(path));
        File.WriteAllText(removed, "one");
        Assert.True(SweepFolder.Appear(removed, path, isLast: false));
        Assert.Equal("one", File.ReadAllText(path));
    }

    [Fact]
    public void A_folder_in_the_way_is_said_in_words()
    {
        string path = Path.Combine(_folder.Failed, "a");
        Directory.CreateDirectory(Path.Combine(path, "inside"));
        Assert.Contains(_temporary.Path, Assert.Throws<InputException>(() => _folder.Write(path, "one")).Message);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Failed));
    }

    public void Dispose() => _temporary.Dispose();
}
